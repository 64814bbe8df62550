"""Writers of SQLite wait for each other in a queue: none starves beside one that writes without end."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

WRITER = """
import os, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "gnomon.project.settings"
import django
django.setup()
from django.db import connection, transaction
connection.settings_dict["OPTIONS"]["timeout"] = 0.2
until = time.monotonic() + float(sys.argv[2])
written = 0
while time.monotonic() < until:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO told (who) VALUES (%s)", [sys.argv[1]])
        if sys.argv[1] == "killed" and written == 3:
            print("holding", flush=True)
            time.sleep(60)
        time.sleep(0.01)
    written += 1
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An installation whose database holds one small table."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("GNOMON_", "DJANGO_"))}
    environment["GNOMON_HOME"] = str(tmp_path)
    made = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('CREATE TABLE told (who TEXT)')"
    subprocess.run([sys.executable, "-c", made, str(tmp_path / "gnomon.sqlite3")], check=True)
    return environment


def a_writer(environment: dict[str, str], who: str, seconds: float) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, who, str(seconds)], env=environment, stdout=subprocess.PIPE
    )  # fmt: skip


def told(environment: dict[str, str]) -> dict[str, int]:
    import sqlite3

    database = sqlite3.connect(Path(environment["GNOMON_HOME"]) / "gnomon.sqlite3")
    return dict(database.execute("SELECT who, count(*) FROM told GROUP BY who"))


def test_of_three_that_write_without_end_none_waits_long(environment: dict[str, str]) -> None:
    writers = [a_writer(environment, f"writer {n}", 1.0) for n in range(3)]
    # No patience beyond a fifth of a second: were they to find the database busy, they would be refused.
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    assert len(told(environment)) == 3


def test_a_writer_that_is_killed_gives_its_turn_back(environment: dict[str, str]) -> None:
    killed = a_writer(environment, "killed", 60)
    assert killed.stdout is not None
    assert killed.stdout.readline() == b"holding\n"
    other = a_writer(environment, "other", 0.3)
    time.sleep(0.3)
    killed.kill()
    killed.wait()
    assert other.wait(60) == 0
    assert told(environment)["other"] > 0
    assert told(environment)["killed"] == 3


WATCHED = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "gnomon.project.settings"
import django
django.setup()
from django.db import connection, transaction
from gnomon.jobs.in_passing import written_in_passing
from gnomon.project.queued_sqlite import base

seen, refuses = [], False


def to_disk(log):
    seen.append("turn kept" if connection._has_turn else "turn given back")
    if refuses:
        raise OSError("the disk is full")
    os.fsync(log)


base._to_disk = to_disk


def ask(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


with transaction.atomic():
    ask("INSERT INTO told (who) VALUES ('one')")
    print(ask("PRAGMA synchronous"), seen)
print(ask("PRAGMA synchronous"), seen)
with transaction.atomic():
    ask("SELECT count(*) FROM told")
print(seen)
with written_in_passing(True):
    with transaction.atomic():
        ask("INSERT INTO told (who) VALUES ('in passing')")
    print(len(seen))
with transaction.atomic():
    ask("INSERT INTO told (who) VALUES ('and waited for')")
print(len(seen))
refuses = True
try:
    with transaction.atomic():
        ask("INSERT INTO told (who) VALUES ('two')")
except OSError as refusal:
    print(refusal)
"""


def test_what_was_acknowledged_is_on_the_disk_and_nobody_waits_for_it_in_the_queue(environment: dict[str, str]) -> None:
    told = subprocess.run([sys.executable, "-c", WATCHED], env=environment, capture_output=True, text=True, check=True)
    assert told.stdout.splitlines() == [
        "[(1,)] []",  # NORMAL within the transaction, nothing committed yet
        "[(2,)] ['turn given back']",  # FULL again for statements outside of one
        "['turn given back']",  # reading alone waits for no disk
        "1",  # nor does a brief job, which acknowledges nothing
        "2",  # the next commit does, of the log as it is by then
        "the disk is full",  # and is not acknowledged
    ]


TIDYING = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "gnomon.project.settings"
import django
django.setup()
from django.db import connection, transaction
from gnomon.project.queued_sqlite import base

base.TIDIED_AFTER = 2
seen = []
connection.ensure_connection()


def heard(statement):
    if "checkpoint" in statement:
        seen.append("in its turn" if connection._has_turn else "after its turn")


connection.connection.set_trace_callback(heard)
for who in ("one", "two", "three"):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO told (who) VALUES (%s)", [who])
    print(seen)
print(connection.connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone())
with transaction.atomic(), connection.cursor() as cursor:
    cursor.execute("INSERT INTO told (who) VALUES ('four')")
    reading = connection.connection.execute("SELECT who FROM told")
    reading.fetchone()
print(len(reading.fetchall()))
"""


def test_the_log_is_moved_into_the_database_after_a_turn(environment: dict[str, str]) -> None:
    told = subprocess.run([sys.executable, "-c", TIDYING], env=environment, capture_output=True, text=True, check=True)
    assert told.stdout.splitlines() == [
        "[]",
        "['after its turn']",  # two rows were written
        "['after its turn']",
        "(0, 1, 1)",  # the third began the log anew, for all before it was in the database
        "3",  # whoever still reads then is not disturbed
    ]
