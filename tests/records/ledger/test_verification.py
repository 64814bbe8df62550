"""Verification looks at all that counts: files, stored results, rows of nobody; and with two processes at once."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from gnomon.certification.actions import run_checks
from gnomon.portfolio.kinds import service as SERVICE
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.attachments import path_of
from gnomon.records.ledger import check_columns
from gnomon.records.ledger.alongside import is_ours, is_theirs
from gnomon.records.ledger.check_files import check_files
from gnomon.records.ledger.check_records import RecordsCheck
from gnomon.records.ledger.findings import Fault, Findings
from gnomon.records.ledger.seal import seal_ledger
from gnomon.records.ledger.triggers import unguard
from gnomon.records.ledger.verification import verify_ledger
from gnomon.records.models import Attachment, Record


@pytest.fixture
def mail(db: None) -> Record:
    record = actions.record(SERVICE, by=SYSTEM, title="Mail")
    for text in (b"one", b"two"):
        actions.attach(record, cast(Any, SimpleUploadedFile("plan.txt", text)), by=SYSTEM)
    seal_ledger()
    return record


def test_every_file_is_read_again(mail: Record) -> None:
    assert verify_ledger().files == 2
    assert verify_ledger(files="none").files == 0
    # each file has its turn once in ten days
    assert sum(check_files(Findings(), "sample", day=day) for day in range(10)) == 2


@pytest.mark.parametrize("content", [b"", b"onf", b"one ", None])
def test_a_file_whose_bytes_were_altered_is_named(mail: Record, content: bytes | None) -> None:
    file = Attachment.objects.order_by("pk")[0]
    path = path_of(file.sha256)
    before = path.read_bytes()
    path.unlink() if content is None else path.write_bytes(content)
    try:
        verification = verify_ledger()
    finally:
        path.write_bytes(before)
    assert verification.first is not None
    assert (verification.first.what, verification.first.number, verification.first.sequence) == (
        "file_differs", mail.number, file.entry,
    )  # fmt: skip
    assert "plan.txt" in verification.first.says
    assert len(verification.faults) == 1


def test_stored_results_of_a_run_are_computed_again(db: None) -> None:
    run = run_checks(clause="8.6.1", by=SYSTEM)
    assert verify_ledger().whole
    assert verify_ledger().further["conformity_runs"] == 1
    with connection.cursor() as cursor:
        cursor.execute("UPDATE certification_checkresult SET reason = %s", ["Never mind"])
    fault = verify_ledger().first
    assert fault is not None
    assert (fault.what, fault.number) == ("results_differ", run.number)


@pytest.mark.parametrize("table", ["records_comment", "records_attachment", "records_link", "records_participant"])
def test_a_row_of_a_record_that_the_ledger_does_not_know_is_named(mail: Record, bob: Any, table: str) -> None:
    actions.comment(mail, "Words", by=SYSTEM)
    actions.link(mail, bob, "cares", by=SYSTEM)
    actions.join(mail, bob, "watcher", by=SYSTEM)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET number = %s", ["SVC-999999"])
    faults = verify_ledger().faults
    assert any(fault.number == "SVC-999999" for fault in faults)


def test_two_who_share_the_records_find_what_one_does(mail: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_columns, "PAGE", 1)  # each record is a block of its own
    others = [actions.record(SERVICE, by=SYSTEM, title=f"Service {count}") for count in range(8)]
    unguard(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE portfolio_service SET description = 'Nothing'")
        # the last entry of one that the other takes: where it was is settled once both are done
        cursor.execute("DELETE FROM records_ledgerentry WHERE number = %s", [others[3].number])

    def found(*shares: Callable[[int], bool]) -> tuple[int, list[Fault], dict[str, int]]:
        told, records = Findings(), 0
        for share in shares:
            findings = Findings(among_records=True)
            check = RecordsCheck(findings, lambda _count: None, share)
            check.walk_all_kinds()
            told.take_over(json.loads(json.dumps(findings.handed_over())))
            records += check.records
        told.settle()
        return records, sorted(told.ordered(), key=str), dict(told.counts)

    alone = found(lambda _block: True)
    assert alone[2] == {"record_differs": 8, "record_without_ledger": 1}
    assert found(is_ours, is_theirs) == alone
    theirs = found(is_theirs)
    assert 0 < theirs[0] < alone[0]


PREPARING = Path(__file__).parents[2] / "journeys" / "preparing.py"
SCRIPT = """
import django, json, sys
django.setup()
from gnomon.records.ledger import verification
verification.WORTH_TWO = 0
told = []
found = verification.verify_ledger(processes=int(sys.argv[1]), progress=told.append)
plain = found.as_json()
plain.pop("seconds")
print(json.dumps([plain, sum(told)]))
"""


@pytest.mark.skipif("connection.vendor == 'postgresql'", reason="it makes an installation of its own")
def test_two_processes_find_what_one_does(tmp_path: Path, migrated_home: Path) -> None:
    shutil.copytree(migrated_home, tmp_path, dirs_exist_ok=True)
    environment = {
        **os.environ, "GNOMON_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "gnomon.project.settings",
        "GNOMON_DATABASE_URL": "",
    }  # fmt: skip

    def python(*arguments: str) -> str:
        ran = subprocess.run(
            [sys.executable, *arguments], env=environment, capture_output=True, text=True, timeout=300, check=True
        )
        return ran.stdout

    python(str(PREPARING))
    python("-m", "gnomon.project.command", "ledger", "seal")
    whole = [json.loads(python("-c", SCRIPT, processes)) for processes in ("1", "2")]
    assert whole[0] == whole[1]
    assert whole[0][0]["whole"] is True
    import sqlite3

    with sqlite3.connect(tmp_path / "gnomon.sqlite3") as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {name}")
        database.execute("DELETE FROM records_ledgerentry WHERE number = 'SVC-000001'")
    broken = [json.loads(python("-c", SCRIPT, processes))[0] for processes in ("1", "2")]
    assert broken[0] == broken[1]
    assert broken[0]["faults"][0]["what"] == "missing"
