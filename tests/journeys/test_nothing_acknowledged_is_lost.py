"""What a client was told is saved, is saved: kill -9 of any process, at any moment, takes nothing of it away."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest
from tests.journeys.installation import Installation, family_of, wait_until_gone

SEED = 20000
CLIENTS = 4
KILLS = ("worker", "web", "supervisor", "worker")
AHEAD = timedelta(seconds=3)
pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="Finding the processes needs /proc.")


@dataclass
class Promise:
    """What one client was told about one incident."""

    title: str
    number: str = ""
    status: str = "new"
    comments: list[str] = field(default_factory=list)
    moves: list[str] = field(default_factory=list)
    watched: bool = False  # nobody touches it, so that its response clock must reach its half
    unsure: bool = False  # something was sent and nobody answered: it may have happened


@dataclass(eq=False)
class Client(threading.Thread):
    """Records, comments and moves as fast as it can, and notes every promise it was given."""

    house: Installation
    token: str
    label: str
    stopped: threading.Event
    promises: list[Promise] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    unanswered: int = 0

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self.chance = random.Random(f"{SEED} {self.label}")

    def run(self) -> None:
        count = 0
        while not self.stopped.is_set():
            count += 1
            self._one(Promise(f"{self.label}x{count}x{self.chance.randrange(10**6)}", watched=count % 3 == 0))

    def _one(self, promise: Promise) -> None:
        # Half of the fifteen minutes to respond is over in three seconds.
        opened = datetime.now(UTC) - timedelta(minutes=7.5) + AHEAD
        facts = {"title": promise.title, "impact": 1, "urgency": 1, "opened_at": opened.isoformat()}
        told = self._send(promise, "/api/v1/incidents", facts)
        if told is None:
            return
        promise.number = told["number"]
        self.promises.append(promise)
        here = f"/api/v1/incidents/{promise.number}"
        steps: list[tuple[str, dict[str, str]]] = [("start", {}), ("wait", {"waiting_reason": "user"}), ("resume", {})]
        for name, more in [] if promise.watched else steps:
            text = f"about {promise.title} {name}"
            if self.chance.random() < 0.3 or self._send(promise, f"{here}/comments", {"text": text}) is None:
                return
            promise.comments.append(text)
            moved = self._send(promise, f"{here}/moves/{name}", more)
            if moved is None:
                return
            promise.moves.append(name)
            promise.status = moved["status"]

    def _send(self, promise: Promise, path: str, body: dict[str, Any]) -> Any:
        """The answer, when there is a good one; only then is anything promised."""
        try:
            status, told = self.house.call("POST", path, body, self.token, timeout=10)
        except (OSError, HTTPException, json.JSONDecodeError):
            promise.unsure = True
            self.unanswered += 1
            time.sleep(0.2)
            return None
        if status in (200, 201):
            return told
        self.refusals.append(f"{status} {told}")
        promise.unsure = True
        return None


@pytest.mark.clause("7.5.3")
def test_nothing_acknowledged_is_lost(tmp_path: Path, migrated_home: Path) -> None:
    shutil.copytree(migrated_home, tmp_path, dirs_exist_ok=True)
    house = Installation(tmp_path, settings="tests.journeys.house")
    token = house.run("preparing.py")["token"]
    stopped = threading.Event()
    clients = [Client(house, token, f"client{n}", stopped) for n in range(CLIENTS)]
    try:
        house.serve()
        for client in clients:
            client.start()
        kill_one_after_another(house, clients, random.Random(SEED))
        stopped.set()
        for client in clients:
            client.join(20)
        settle(house.home / "gnomon.sqlite3")
    finally:
        stopped.set()
        house.stop()

    house.gnomon("ledger", "seal")  # what schedules of the house added since it was settled
    told = house.run("counting.py")
    verified = json.loads(house.gnomon("ledger", "verify", "--json"))
    promises = [promise for client in clients for promise in client.promises]

    assert len(promises) > 30
    assert sum(client.unanswered for client in clients) > 0  # the kills fell amid writes
    assert [refusal for client in clients for refusal in client.refusals] == []  # nobody was refused for our trouble
    assert len({promise.number for promise in promises}) == len(promises)  # no number was given twice
    for promise in promises:
        kept(promise, told["incidents"][promise.number])
    for number, there in told["incidents"].items():
        whole(number, there)  # what nobody was told of may have happened too, but then as a whole

    assert told["clocks_as_rebuilt"]
    reached = sum(len(there["thresholds"]) for there in told["incidents"].values())
    assert reached > 5
    assert told["tellings"] == {"done": reached}  # each once, and none left behind
    assert told["dead"] == []
    assert verified["whole"] is True
    assert told["leaves"] == told["entries"] == verified["sealed"]


def kept(promise: Promise, there: dict[str, Any]) -> None:
    """All that was promised of one incident is there, once."""
    assert there["title"] == promise.title
    for text in promise.comments:
        assert there["comments"].count(text) == 1
    for name in promise.moves:
        assert there["verbs"].count(f"incident:{name}") == 1
    if not promise.unsure:
        assert there["status"] == promise.status
        assert there["verbs"].count("incident:commented") == len(promise.comments) + len(there["thresholds"])
    if promise.watched and there["reaches_half_after_recorded"]:
        # Told of once and acted on once, whoever died over it.
        assert there["thresholds"] == [["respond", 50]]
        assert there["comments"] == ["respond reached 50 %"]


def whole(number: str, there: dict[str, Any]) -> None:
    """A record has an entry for each version, from the first on, its clocks, and is found by its words."""
    assert there["versions"] == list(range(1, there["version"] + 1)), number
    assert there["verbs"][0] == "incident:recorded"
    assert there["clocks"] == ["resolve", "respond"], number
    assert there["found"] == [number]


def kill_one_after_another(house: Installation, clients: list[Client], chance: random.Random) -> None:
    """Each without warning and amid writes; only the supervisor needs somebody to start it again."""
    written = 0
    for name in KILLS:
        wait_for(lambda seen=written: count_of(clients) > seen + 8)
        time.sleep(chance.uniform(0, 0.3))
        if name == "supervisor":
            assert house.served is not None
            below = family_of(house.served.pid)
            house.served.kill()
            house.served.wait()
            wait_until_gone(below)  # they end with it
            house.begin()
        else:
            os.kill(child_of(house, name), signal.SIGKILL)
        written = count_of(clients)
    wait_for(lambda: count_of(clients) > written + 8)


def count_of(clients: list[Client]) -> int:
    return sum(1 + len(promise.moves) for client in clients for promise in list(client.promises))


def child_of(house: Installation, name: str) -> int:
    wait_for(lambda: name in house.children())
    return house.children()[name]


def settle(database: Path) -> None:
    """Wait until the worker has done all that is due: thresholds of the last seconds, their telling, the seals."""
    due = [
        "SELECT count(*) FROM agreements_clockprojection WHERE next_threshold_at < {soon}",
        "SELECT count(*) FROM jobs_queuedjob WHERE state IN ('waiting', 'running') AND name LIKE 'agreements:tell%'",
        "SELECT (SELECT count(*) FROM records_ledgerentry) - (SELECT count(*) FROM records_leaf)",
    ]
    soon = int((time.time() + 2 * AHEAD.total_seconds()) * 1000)

    def nothing_is_due() -> bool:
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
            return not any(connection.execute(query.format(soon=soon)).fetchone()[0] for query in due)

    wait_for(nothing_is_due)


def wait_for(holds: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"waited {seconds} s in vain"
        time.sleep(0.05)
