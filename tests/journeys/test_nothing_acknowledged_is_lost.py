"""What a client was told is saved, is saved: through kill -9 of web, worker and supervisor amid writes."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

CLIENTS, KILLS = 4, 5
COMMAND = (sys.executable, "-m", "gnomon.project.command")


@dataclass
class Told:
    """What the clients were told: numbers made, moves taken, words said."""

    made: dict[str, str] = field(default_factory=dict)
    moved: set[str] = field(default_factory=set)
    said: dict[str, str] = field(default_factory=dict)
    broken: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


class Installation:
    """A served installation in a folder of its own, with the embedded database."""

    def __init__(self, home: Path) -> None:
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("GNOMON_", "DJANGO_"))},
            "GNOMON_HOME": str(home), "GNOMON_LOG_LEVEL": "CRITICAL",
        }  # fmt: skip
        self.home = home
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    def run(self, *words: str) -> str:
        done = subprocess.run(
            [*COMMAND, *words], env=self.environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, "serve", "--port", str(self.port)], env=self.environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        until = time.monotonic() + 40
        while time.monotonic() < until:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
                connection.request("GET", "/sign-in")
                if connection.getresponse().status == 200:
                    return
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)
        pytest.fail("The server did not come up within 40 seconds.")

    def children(self) -> list[int]:
        """Process numbers of web servers and workers, at any depth."""
        assert self.process is not None
        found, waiting = [], [self.process.pid]
        while waiting:
            parent = waiting.pop()
            for task in Path(f"/proc/{parent}/task").glob("*/children"):
                below = [int(pid) for pid in task.read_text().split()]
                found += below
                waiting += below
        return found

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(40)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait(10)


def write_until(stop: threading.Event, installation: Installation, token: str, name: int, told: Told) -> None:
    """One client: report, say something, start work; what fails is tried no further."""
    head = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    turn = 0
    while not stop.is_set():
        turn += 1
        title = f"Client {name} report {turn}"
        try:
            connection = http.client.HTTPConnection("127.0.0.1", installation.port, timeout=10)
            made = ask(connection, head, "/api/v1/incidents", {"title": title, "impact": 2, "urgency": 2})
            with told.lock:
                told.made[made["number"]] = title
            where = f"/api/v1/incidents/{made['number']}"
            ask(connection, head, f"{where}/comments", {"text": f"About {title}"})
            with told.lock:
                told.said[made["number"]] = f"About {title}"
            ask(connection, head, f"{where}/moves/start", {})
            with told.lock:
                told.moved.add(made["number"])
        except (OSError, http.client.HTTPException, ValueError):
            with told.lock:
                told.broken += 1
            time.sleep(0.05)


def ask(connection: http.client.HTTPConnection, head: dict[str, str], path: str, body: dict[str, Any]) -> Any:
    """The answer's body when it was acknowledged; ValueError otherwise."""
    connection.request("POST", path, json.dumps(body), head)
    answer = connection.getresponse()
    content = answer.read()
    if answer.status not in (200, 201):
        raise ValueError(answer.status)
    return json.loads(content)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="Finding the processes to kill needs /proc.")
@pytest.mark.clause("8.6.1")
def test_kill_9_of_any_process_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    installation = Installation(tmp_path)
    installation.run("init")
    installation.run("person", "create", "--username", "bob", "--role", "agent", "--no-password")
    token = installation.run("token", "create", "--person", "bob")
    told, stop, chance = Told(), threading.Event(), random.Random(498)
    installation.start()
    clients = [
        threading.Thread(target=write_until, args=(stop, installation, token, name, told)) for name in range(CLIENTS)
    ]
    try:
        for client in clients:
            client.start()
        for turn in range(KILLS):
            before = len(told.made)
            wait_for(lambda before=before: len(told.made) > before + 5)  # writes are under way
            if turn == KILLS // 2:
                installation.kill()  # the supervisor itself: everything goes down with it
                installation.start()
            else:
                os.kill(chance.choice(installation.children()), signal.SIGKILL)
        before = len(told.made)
        wait_for(lambda: len(told.made) > before + 5)
    finally:
        stop.set()
        for client in clients:
            client.join(30)
        installation.stop()
    look_into(tmp_path / "gnomon.sqlite3", told)
    installation.run("ledger", "seal")
    verified = json.loads(installation.run("ledger", "verify", "--json"))
    assert verified["whole"], verified
    assert verified["unsealed"] == 0


def wait_for(holds: Any) -> None:
    until = time.monotonic() + 60
    while not holds():
        if time.monotonic() > until:
            pytest.fail("The clients got no further within a minute.")
        time.sleep(0.05)


def look_into(path: Path, told: Told) -> None:
    """Records, entries and effects, counted in the database itself."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        titles = dict(database.execute("SELECT number, title FROM resolution_incident"))
        status = dict(database.execute("SELECT number, status FROM resolution_incident"))
        versions = dict(database.execute("SELECT number, version FROM resolution_incident"))
        said = dict(database.execute("SELECT number, text FROM records_comment"))
        entries = dict(
            database.execute("SELECT number, count(*) FROM records_ledgerentry WHERE kind = 'incident' GROUP BY number")
        )
        clocks = dict(database.execute("SELECT number, count(*) FROM agreements_clockprojection GROUP BY number"))
        searched = {number for (number,) in database.execute("SELECT number FROM records_search_keys")}
    finally:
        database.close()
    assert len(told.made) > 30
    assert {number: titles.get(number) for number in told.made} == told.made
    assert {number: said.get(number) for number in told.said} == told.said
    assert {status[number] for number in told.moved} == {"in_progress"}
    # every record, acknowledged or not, is whole: an entry for each version, two clocks, found by search
    assert entries == versions
    assert clocks == dict.fromkeys(versions, 2)
    assert set(versions) <= searched
    assert len(set(titles.values())) == len(titles)  # nothing was done twice
