"""Sealing: everything that waits, in order, once, whoever does it and however often it is interrupted."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from tests.makers import a_team

from gnomon.organization.kinds import TEAM
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.ledger import verify_proof
from gnomon.records.ledger.export import NotSealed, proof_of
from gnomon.records.ledger.keys import installation_keys, rotate_signing_key
from gnomon.records.ledger.merkle import LedgerBroken, Tree
from gnomon.records.ledger.seal import key_folder, seal_ledger, stored
from gnomon.records.ledger.triggers import unguard
from gnomon.records.ledger.verification import verify_ledger
from gnomon.records.ledger.witness import NAME, remembered
from gnomon.records.models import Checkpoint, Leaf, LedgerEntry


@pytest.fixture
def home(settings: Any, tmp_path: Path) -> Path:
    """A home of one's own: keys and witness are made and spoilt here."""
    settings.HOME = tmp_path
    (tmp_path / "keys").mkdir()
    return tmp_path


def teams(count: int) -> None:
    for n in range(count):
        a_team(f"Team {n}")


def leaves() -> list[tuple[int, int]]:
    return list(Leaf.objects.order_by("position").values_list("position", "sequence"))


def test_all_that_waits_is_sealed_in_order_and_only_once(db: None) -> None:
    teams(7)
    assert seal_ledger(batch=3) == 7
    assert list(Checkpoint.objects.order_by("size").values_list("size", flat=True)) == [3, 6, 7]
    assert seal_ledger() == 0
    teams(2)
    assert seal_ledger() == 2
    sequences = list(LedgerEntry.objects.order_by("sequence").values_list("sequence", flat=True))
    assert leaves() == list(enumerate(sequences))


def test_each_checkpoint_signs_the_tree_and_the_one_before(db: None) -> None:
    teams(5)
    seal_ledger(batch=2)
    digests = [bytes(entry.digest) for entry in LedgerEntry.objects.order_by("sequence")]
    tree = Tree(lambda start, end: digests[start:end], 5)
    before = b""
    for checkpoint in map(stored, Checkpoint.objects.order_by("size")):
        assert checkpoint.root == tree.root(checkpoint.size)
        assert checkpoint.previous == before
        assert checkpoint.is_signed(installation_keys(key_folder()).public)
        before = checkpoint.digest


def test_a_rotated_key_signs_on_and_all_stays_whole(home: Path, db: None) -> None:
    teams(2)
    seal_ledger()
    rotate_signing_key(key_folder())
    teams(2)
    seal_ledger()
    assert len(set(Checkpoint.objects.values_list("key_id", flat=True))) == 2
    assert verify_ledger().whole


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer: nothing commits late")
def test_what_commits_late_is_still_sealed(db: None) -> None:
    # A transaction that took its number first may commit last: to the sealer the entry appears between others.
    teams(3)
    late = LedgerEntry.objects.order_by("sequence")[1]
    unguard(connection)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM records_ledgerentry WHERE sequence = %s", [late.sequence])
    assert seal_ledger() == 2
    late.save(force_insert=True)
    assert seal_ledger() == 1
    assert leaves()[-1] == (2, late.sequence)
    assert verify_ledger().whole


def test_a_foreign_entry_is_left_out_and_logged(db: None, caplog: pytest.LogCaptureFixture) -> None:
    teams(2)
    unguard(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE records_ledgerentry SET because = 'x' WHERE number = 'TEAM-000001'")
    with caplog.at_level(logging.WARNING):
        assert seal_ledger() == 1
    assert "was not written by this installation and is not sealed" in caplog.text


@pytest.mark.parametrize(
    "attack",
    [
        "DELETE FROM records_leaf WHERE position = (SELECT max(position) FROM records_leaf)",
        "DELETE FROM records_checkpoint WHERE size = (SELECT max(size) FROM records_checkpoint)",
        "UPDATE records_checkpoint SET frontier = root",
    ],
)
def test_a_broken_tree_is_not_built_upon(db: None, attack: str) -> None:
    teams(5)
    seal_ledger(batch=2)
    unguard(connection)
    with connection.cursor() as cursor:
        cursor.execute(attack)
    teams(1)
    with pytest.raises(LedgerBroken, match="gnomon ledger verify"):
        seal_ledger()


# --- the witness ------------------------------------------------------------------------------


def cut_off(size: int) -> None:
    """Take the ledger back to `size` entries, as an older backup would."""
    unguard(connection)
    lost = "FROM records_ledgerentry WHERE sequence IN (SELECT sequence FROM records_leaf WHERE position >= %s)"
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM records_checkpoint WHERE size > %s", [size])
        cursor.execute(f"SELECT number {lost}", [size])
        gone = [number for (number,) in cursor.fetchall()]
        cursor.execute(f"DELETE {lost}", [size])
        cursor.execute("DELETE FROM records_leaf WHERE position >= %s", [size])
        cursor.executemany("DELETE FROM organization_team WHERE number = %s", [(number,) for number in gone])


def test_a_ledger_whose_end_was_cut_off_is_betrayed_by_the_witness(
    home: Path, db: None, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        teams(2)
        seal_ledger()
        teams(2)
        seal_ledger()
    assert remembered(key_folder())["size"] == 4  # type: ignore[index]
    assert verify_ledger().whole
    cut_off(2)
    verification = verify_ledger()
    assert [fault.what for fault in verification.faults] == ["truncated"]
    # Growing again does not talk the witness round …
    with django_capture_on_commit_callbacks(execute=True):
        teams(5)
        seal_ledger()
    assert [fault.what for fault in verify_ledger().faults] == ["truncated"]
    # … but an administrator who restored the backup knowingly removes the file.
    (key_folder() / NAME).unlink()
    assert verify_ledger().whole


# --- proofs from the database -----------------------------------------------------------------


def test_a_record_is_exported_with_its_proof(db: None, tmp_path: Path) -> None:
    teams(9)
    seal_ledger()
    team = actions.record(TEAM, by=SYSTEM, title="Network 网络")
    actions.change(team, by=SYSTEM, because="Renamed", title="Networks")
    seal_ledger()
    (tmp_path / "proof.json").write_bytes(
        proof_of(LedgerEntry.objects.filter(number=team.number), at=timezone.now(), since=[9])
    )
    assert verify_proof.main([str(tmp_path / "proof.json")]) == 0


def test_what_is_not_sealed_cannot_be_proved_yet(db: None) -> None:
    teams(1)
    with pytest.raises(NotSealed, match="Nothing is sealed yet"):
        proof_of(LedgerEntry.objects.all(), at=timezone.now())
    seal_ledger()
    teams(1)
    with pytest.raises(NotSealed, match=r"TEAM-\d+ #1 team:recorded is not sealed yet"):
        proof_of(LedgerEntry.objects.all(), at=timezone.now())


# --- several workers, and one that dies -------------------------------------------------------

BEGIN = """
import django; django.setup()
from django.db import connection
from gnomon.jobs.moments import moment
from gnomon.records.ledger.check_tree import TreeCheck
from gnomon.records.ledger.entries import entry_digest, entry_seal
from gnomon.records.ledger.findings import Findings
from gnomon.records.ledger.keys import installation_keys
from gnomon.records.ledger.seal import key_folder, seal_ledger
from gnomon.records.ledger.triggers import guard
from gnomon.records.models import Checkpoint, Leaf, LedgerEntry
keys = installation_keys(key_folder())
"""
FILL = """
with connection.schema_editor() as editor:
    for model in (LedgerEntry, Leaf, Checkpoint):
        editor.create_model(model)
guard(connection)
made = []
for n in range(3000):
    digest = entry_digest("team", f"TEAM-{n}", 1, "team:recorded", "system", n, n, "{}", "")
    made.append(LedgerEntry(
        kind="team", number=f"TEAM-{n}", version=1, verb="team:recorded", actor="system", recorded_at=moment(n),
        happened_at=moment(n), facts="{}", because="", digest=digest, seal=entry_seal(keys.sealing, digest),
    ))
LedgerEntry.objects.bulk_create(made, batch_size=1000)
"""
SEAL = "print(seal_ledger(batch=100), flush=True)"
JUDGE = """
findings = Findings()
tree = TreeCheck(keys, findings, lambda count: None)
tree.walk()
print(tree.sealed, tree.unsealed, Leaf.objects.count(), findings.ordered())
"""


def test_workers_at_once_and_a_killed_one_leave_a_whole_tree(tmp_path: Path) -> None:
    environment = {**os.environ, "GNOMON_HOME": str(tmp_path)}
    environment.pop("GNOMON_DATABASE_URL", None)

    def start(script: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", BEGIN + script]
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)

    assert start(FILL).wait(timeout=120) == 0
    doomed, one, two = start(SEAL), start(SEAL), start(SEAL)
    witness, deadline = tmp_path / "keys" / NAME, time.monotonic() + 120
    while not witness.exists() and time.monotonic() < deadline:
        time.sleep(0.005)
    doomed.send_signal(signal.SIGKILL)
    for worker in (one, two):
        worker.communicate(timeout=120)
        assert worker.returncode == 0
    doomed.communicate(timeout=60)
    assert start(JUDGE).communicate(timeout=120)[0].strip() == "3000 0 3000 ()"
