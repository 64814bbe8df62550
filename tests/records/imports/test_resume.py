"""A process that is killed in the middle of an import leaves nothing half done, and the same command goes on."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from tests.records.imports.makers import a_life, an_event, write_rows

SCRIPT = Path(__file__).with_name("killed_import.py")
INCIDENTS = 200


def run(home: Path, *arguments: str) -> int:
    """Run Python with an installation's home; how it ended."""
    ours = {"GNOMON_HOME": str(home), "GNOMON_DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "gnomon.project.settings"}
    environment = {**os.environ, **ours, "PYTHONPATH": "src"}
    return subprocess.run([sys.executable, *arguments], env=environment, check=False, cwd=SCRIPT.parents[3]).returncode


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Two hundred incidents of four rows, each fifth with a wrong row."""
    rows = []
    for n in range(INCIDENTS):
        rows += a_life(f"INC{n:05}", caller_id=f"Caller {n % 37}", assignment_group=f"Group {n % 11}")
        if n % 5 == 0:
            rows.append(an_event("Closed", number=f"INC{n:05}", priority="urgent"))
    return write_rows(tmp_path / "log.csv", rows)


def told(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """All that an import leaves, without the moments at which it was told and what is derived from them."""
    database = sqlite3.connect(home / "gnomon.sqlite3")
    queries = {
        "incidents": "SELECT number, title, status, version, external_number, requester_id, team_id, assignee_id, "
        "opened_at, resolved_at, closed_at, source FROM resolution_incident ORDER BY id",
        "entries": "SELECT sequence, kind, number, version, verb, actor, happened_at, facts FROM records_ledgerentry "
        "WHERE kind = 'incident' ORDER BY sequence",
        "people": "SELECT id, number, title, roles FROM organization_person ORDER BY id",
        "keys": "SELECT kind, source, external, number, rows, digest, version FROM records_externalkey ORDER BY id",
        "clocks": "SELECT number, name, state, elapsed_seconds FROM agreements_clockprojection ORDER BY number, name",
        "words": "SELECT rowid, words FROM records_search ORDER BY rowid",
        "findings": 'SELECT row, "column", text, value FROM records_importfinding ORDER BY row, id',
        "runs": "SELECT state, rows_read, rows_total, cases_done, counts FROM records_importrun ORDER BY id",
    }
    return {name: database.execute(query).fetchall() for name, query in queries.items()}


def test_after_two_kills_the_same_command_ends_as_if_nothing_had_happened(
    migrated_home: Path, tmp_path: Path, log: Path
) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    shutil.copytree(migrated_home, whole)
    shutil.copytree(migrated_home, broken)

    assert run(whole, str(SCRIPT), str(log)) == 0
    assert run(broken, str(SCRIPT), str(log), "1") == -signal.SIGKILL
    half = told(broken)
    assert run(broken, str(SCRIPT), str(log), "1") == -signal.SIGKILL
    further = told(broken)
    assert run(broken, str(SCRIPT), str(log)) == 0

    # a batch is 60 incidents; the one in which the process died left nothing, not even its people
    assert (len(half["incidents"]), len(half["entries"]), half["runs"][0][3]) == (60, 240, 60)
    assert (len(further["incidents"]), further["runs"][0][3]) == (120, 120)
    assert told(broken) == told(whole)
    assert len(told(whole)["incidents"]) == INCIDENTS
    assert len(told(whole)["findings"]) == INCIDENTS // 5 + 3  # and three columns that the log does not have
