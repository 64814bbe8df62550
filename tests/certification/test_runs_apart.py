"""Runs in processes of their own: killed outright, or two at once; what counts is always one whole run."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection

SCRIPT = Path(__file__).with_name("running_apart.py")
# On a server the processes work in the suite's own database; embedded, each test has a file of its own.
ON_SERVER = bool(os.environ.get("GNOMON_DATABASE_URL"))
pytestmark = [pytest.mark.clause("9.1"), *([pytest.mark.django_db(transaction=True)] if ON_SERVER else [])]

Start = Callable[..., subprocess.Popen[str]]


def environment(home: Path) -> dict[str, str]:
    url = ""
    if ON_SERVER:
        url = urlsplit(os.environ["GNOMON_DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    ours = {"GNOMON_HOME": str(home), "GNOMON_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "gnomon.project.settings"}
    return {**os.environ, **ours, "PYTHONPATH": str(SCRIPT.parents[2] / "src"), "GNOMON_LOG_LEVEL": "ERROR"}


@pytest.fixture(scope="module")
def begun_home(tmp_path_factory: pytest.TempPathFactory, migrated_home: Path) -> Path:
    """An installation with three incidents, one run and one incident since, copied by each test; on a server, empty."""
    home = tmp_path_factory.mktemp("begun")
    if not ON_SERVER:
        shutil.copytree(migrated_home, home, dirs_exist_ok=True)
        begin(home)
    return home


@pytest.fixture
def start(begun_home: Path, tmp_path: Path) -> Start:
    """Start the script in the installation of this test."""
    home = tmp_path / "home"
    shutil.copytree(begun_home, home)
    if ON_SERVER:
        begin(home)
    return partial(begun, home)


def begun(home: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(SCRIPT), *words], env=environment(home), stdout=subprocess.PIPE, text=True
    )


def begin(home: Path) -> None:
    told = ended(begun(home, "begin"))
    assert (told["newest"], told["seen"]) == ("RUN-000001", 3)


def ended(process: subprocess.Popen[str]) -> Any:
    """What a process told when it ended well."""
    said, _nothing = process.communicate(timeout=300)
    assert process.returncode == 0
    return json.loads(said)


def test_a_run_that_is_killed_leaves_the_last_whole_one_and_the_next_completes(start: Start) -> None:
    modes = ("told", "dies-asking", "told", "dies-keeping", "told", "compare")
    endings, told = zip(*ended(start("each", *modes)), strict=True)
    assert endings == (0, -signal.SIGKILL, 0, -signal.SIGKILL, 0, 0)
    # Nothing of those is there: no run, no result, and nothing that the next one would go on from.
    assert told[0] == told[2] == told[4]
    after, full = told[5]
    assert [(number, whole) for number, whole, _count in after["runs"]] == [("RUN-000001", True), ("RUN-000002", True)]
    assert (after["newest"], after["seen"]) == ("RUN-000002", 4)
    assert full["verdicts"] == after["verdicts"]


@pytest.mark.parametrize("way", ["run", "ask"])
def test_two_runs_at_once_are_two_whole_ones_and_never_mixed(start: Start, tmp_path: Path, way: str) -> None:
    both = tmp_path / "both"
    both.mkdir()
    one, other = start(way, "--beside", "one", str(both)), start(way, "--beside", "other", str(both))
    ended(one)
    ended(other)
    (_ended, told), (_ended, (amended, full)) = ended(start("each", "told", "compare"))
    numbers = [number for number, _whole, _count in told["runs"]]
    assert numbers == ["RUN-000001", "RUN-000002", "RUN-000003"]
    assert [whole for _number, whole, _count in told["runs"]] == [True] * 3
    assert len({count for _number, _whole, count in told["runs"]}) == 1, "each judges every requirement once"
    assert told["seen"] == 4
    # What the next goes on from is one of the two, whole; and it comes to what asking about all comes to.
    assert len(told["goes_on_from"]) == 1
    assert amended["verdicts"] == full["verdicts"]
