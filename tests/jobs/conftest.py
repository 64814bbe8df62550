"""What tests of jobs share: a clock that stands still, jobs declared for one test, and a rig of processes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connections
from django.db.models import QuerySet

from gnomon.jobs import actions, declared, schedules
from gnomon.jobs.models import QueuedJob
from gnomon.jobs.worker import Worker
from gnomon.standard.plugs import Job

HERE = Path(__file__).parent


@dataclass
class Clock:
    """Stands at Monday 2026-01-05 09:00 Shanghai until it is moved."""

    moment: datetime = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **length: float) -> datetime:
        self.moment += timedelta(**length)
        return self.moment


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def without_jitter() -> Any:
    return SimpleNamespace(random=lambda: 0.0)


@pytest.fixture
def bob_worker(clock: Clock, without_jitter: Any) -> Worker:
    """A worker on the still clock whose back-off has no chance in it."""
    return Worker(now=clock, chance=without_jitter, name="bob")


@pytest.fixture
def olga() -> SimpleNamespace:
    """Administers the installation; jobs need no more of a person than this."""
    return SimpleNamespace(number="PER-000006", roles=["administrator"])


@pytest.fixture
def declare(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let exactly these jobs be the declared ones."""

    def declare(*jobs: Job) -> None:
        found = {job.name: job for job in jobs}
        for module in (declared, schedules):
            monkeypatch.setattr(module, "declared_jobs", lambda: found)

    return declare


@pytest.fixture
def asked(clock: Clock) -> Callable[..., QueuedJob]:
    """Store a job that is due on the still clock."""

    def asked(job: Job, **words: Any) -> QueuedJob:
        return actions.enqueue(job, **{"run_after": clock(), **words})

    return asked


@dataclass
class Rig:
    """Processes of their own on one database: a file beside the test, or the server that the suite runs on."""

    alias: str
    environment: dict[str, str]
    folder: Path
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def jobs(self) -> QuerySet[QueuedJob]:
        return QueuedJob.objects.using(self.alias)

    def store(self, name: str, key: str | None = None, **facts: Any) -> QueuedJob:
        now = datetime.now(UTC)
        return self.jobs.create(name=name, key=key, facts=facts, created_at=now, run_after=now)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, str(HERE / "rig.py"), *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.started.append(process)
        return process

    def run(self, *arguments: str) -> str:
        output, _ = self.start(*arguments).communicate(timeout=60)
        return output

    def wait_for(self, holds: Callable[[], bool], seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, f"waited {seconds} s in vain"
            time.sleep(0.02)


def _environment(home: Path) -> dict[str, str]:
    found = {**os.environ, "DJANGO_SETTINGS_MODULE": "small_house", "GNOMON_HOME": str(home), "PYTHONPATH": str(HERE)}
    found.pop("GNOMON_DATABASE_URL", None)
    return found


@pytest.fixture(scope="session")
def empty_queue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the tables of jobs and nothing in them, made once and copied."""
    home = tmp_path_factory.mktemp("empty")
    subprocess.run([sys.executable, str(HERE / "rig.py"), "migrate"], env=_environment(home), check=True)
    return home / "gnomon.sqlite3"


@pytest.fixture
def rig(tmp_path: Path, request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[Rig]:
    environment = _environment(tmp_path)
    server = connections.settings["default"]
    on_server = server["ENGINE"].endswith("postgresql")
    alias = "default" if on_server else "rig"
    if on_server:
        name = connections["default"].settings_dict["NAME"]
        environment["GNOMON_DATABASE_URL"] = _renamed(os.environ["GNOMON_DATABASE_URL"], name)
    else:
        shutil.copy(request.getfixturevalue("empty_queue"), tmp_path)
        connections.settings[alias] = {**server, "NAME": tmp_path / "gnomon.sqlite3"}
    built = Rig(alias, environment, tmp_path)
    with django_db_blocker.unblock():
        yield built
        for process in built.started:
            process.kill()
            process.wait()
        if not on_server:
            connections["rig"].close()
            del connections["rig"], connections.settings["rig"]


def _renamed(url: str, name: str) -> str:
    from urllib.parse import urlsplit

    return urlsplit(url)._replace(path=f"/{name}").geturl()
