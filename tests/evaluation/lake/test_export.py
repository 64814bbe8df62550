"""The ledger as Parquet: whole, once, in step with the seals, and without what speaks of people."""

from __future__ import annotations

import fcntl
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.db import connection
from tests.resolution.stage import an_incident, resolve
from typer.testing import CliRunner, Result

from gnomon.evaluation.lake import exporting
from gnomon.evaluation.lake.checking import verify_lake
from gnomon.evaluation.lake.engines import evaluate_in
from gnomon.evaluation.lake.exporting import export_ledger
from gnomon.evaluation.lake.manifest import LOCK, NAME, LakeBroken, read_manifest
from gnomon.project.command import application
from gnomon.records.actions.about import comment
from gnomon.records.actors import SYSTEM
from gnomon.records.ledger.seal import seal_ledger
from gnomon.records.ledger.triggers import guard, unguard
from gnomon.records.models import LedgerEntry

pytestmark = [pytest.mark.django_db, pytest.mark.clause("9.1")]


def some(count: int, first: int = 1) -> None:
    for at in range(count):
        resolve(an_incident(f"06-{first + at:02d} 09:00"), f"06-{first + at:02d} 11:00")
    seal_ledger(sweep=True)


def placed(lake: Path, table: str = "entries") -> list[int]:
    """The places of all rows that a reader by folder would meet."""
    return sorted(
        place for path in lake.glob(f"{table}/**/*.parquet")
        for place in pq.ParquetFile(path).read(["position"]).column("position").to_pylist()
    )  # fmt: skip


def test_each_export_adds_what_is_new_and_nothing_twice(tmp_path: Path) -> None:
    some(3)
    first = export_ledger(tmp_path)
    assert first.entries == LedgerEntry.objects.count()
    assert export_ledger(tmp_path).entries == 0
    some(2, first=10)
    assert export_ledger(tmp_path).entries == 4
    assert placed(tmp_path) == list(range(LedgerEntry.objects.count()))
    assert verify_lake(tmp_path).entries == LedgerEntry.objects.count()


def test_what_waits_for_its_seal_waits_for_the_next_export(tmp_path: Path) -> None:
    some(1)
    an_incident("06-20 09:00")
    assert export_ledger(tmp_path).entries == LedgerEntry.objects.count() - 1


@pytest.mark.parametrize("after", [1, 2, 3])
def test_an_export_that_died_loses_nothing_and_repeats_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    some(5)
    wrote, calls = exporting.write_manifest, []

    def dies(folder: Path, manifest: Any) -> None:
        calls.append(1)
        if len(calls) == after:
            raise KeyboardInterrupt
        wrote(folder, manifest)

    monkeypatch.setattr(exporting, "write_manifest", dies)
    with pytest.raises(KeyboardInterrupt):
        export_ledger(tmp_path, batch=3)
    assert len(placed(tmp_path)) == 3 * after  # the last batch is there, and nobody names it
    with pytest.raises(LakeBroken, match="is no lake" if after == 1 else "No manifest names"):
        verify_lake(tmp_path)
    monkeypatch.setattr(exporting, "write_manifest", wrote)
    export_ledger(tmp_path, batch=5)
    assert placed(tmp_path) == list(range(LedgerEntry.objects.count()))
    assert verify_lake(tmp_path).entries == LedgerEntry.objects.count()


def test_facts_are_the_same_however_the_ledger_was_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Batch by batch, within a batch slice by slice, and added to from one day to the next: verdicts of clocks too."""
    opened = [an_incident(f"06-{day:02d} 09:00") for day in range(1, 6)]
    seal_ledger(sweep=True)
    export_ledger(tmp_path / "grown", batch=2)
    for day, incident in enumerate(opened, 1):
        resolve(incident, f"06-{day:02d} {9 + 2 * day}:00")
    seal_ledger(sweep=True)
    export_ledger(tmp_path / "grown", batch=4)
    export_ledger(tmp_path / "whole")
    monkeypatch.setattr(exporting, "SLICE", 3)
    export_ledger(tmp_path / "sliced")
    whole, grown, sliced = (told(tmp_path / name) for name in ("whole", "grown", "sliced"))
    assert {row[3] for row in whole} >= {"resolve_met", "respond_met"}
    assert whole == grown == sliced


def told(lake: Path) -> list[tuple[Any, ...]]:
    """All facts of a lake: place, record, field and what it came to hold."""
    columns = ["position", "number", "version", "field", "text", "fraction", "whole"]
    return sorted(
        (tuple(row.values()) for path in lake.glob("facts/**/*.parquet")
         for row in pq.ParquetFile(path).read(columns).to_pylist()), key=str,
    )  # fmt: skip


def test_nothing_that_may_speak_of_people_leaves_the_house(tmp_path: Path) -> None:
    incident = an_incident("06-01 09:00", title="Ms Zhang cannot print", description="Room 7, tel. 4711")
    comment(incident, "Ms Zhang was called back", by=SYSTEM)
    seal_ledger(sweep=True)
    export_ledger(tmp_path)
    for path in tmp_path.glob("*/**/*.parquet"):
        text = repr(pq.ParquetFile(path).read().to_pylist())
        assert "Zhang" not in text
        assert "4711" not in text
    verify_lake(tmp_path)  # by the commitments, without the words


def test_an_entry_that_the_ledger_does_not_verify_stays_outside_and_is_named(tmp_path: Path) -> None:
    some(2)
    spoilt = LedgerEntry.objects.filter(kind="incident").order_by("sequence")[1]
    unguard(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE records_ledgerentry SET actor = 'PER-000666' WHERE sequence = %s", [spoilt.sequence])
    guard(connection)
    found = export_ledger(tmp_path)
    assert [(each["sequence"], each["what"]) for each in found.manifest.left_out] == [(spoilt.sequence, "altered")]
    assert found.entries == LedgerEntry.objects.count() - 1
    verify_lake(tmp_path)
    told = run("lake", "export", str(tmp_path))
    assert (told.exit_code, "1 entries were left out" in told.stderr) == (1, True)


def test_a_lake_that_is_half_there_or_altered_answers_nothing(tmp_path: Path) -> None:
    with pytest.raises(LakeBroken, match=f"is no lake: it has no {NAME}"):
        evaluate_in("lake", tmp_path, "incident_mttr")
    some(2)
    export_ledger(tmp_path)
    assert evaluate_in("lake", tmp_path, "incident_mttr").figure.value == 2
    file = tmp_path / read_manifest(tmp_path).of("facts", ["incident"])[0].path
    whole = file.read_bytes()
    for spoil, says in (
        (lambda: file.write_bytes(whole[:-7]), "was altered"),
        (lambda: file.write_bytes(whole[:200] + b"x" + whole[201:]), "was altered"),
        (file.unlink, "is missing"),
    ):
        spoil()
        with pytest.raises(LakeBroken, match=says):
            evaluate_in("lake", tmp_path, "incident_mttr")
        with pytest.raises(LakeBroken, match=says):
            verify_lake(tmp_path)
        file.write_bytes(whole)
    (tmp_path / NAME).write_text('{"format": "gnomon-lake/1", "files": [')
    with pytest.raises(LakeBroken, match="cannot be read as the manifest"):
        evaluate_in("lake", tmp_path, "incident_mttr")


@pytest.mark.parametrize(
    "name",
    ["entries/kind=incident/month=2026-06/9.parquet", "facts/x.PARQUET", "entries/kind=incident/more", "more.parquet"],
)
def test_a_file_that_no_manifest_names_is_named_before_somebody_counts_it(tmp_path: Path, name: str) -> None:
    some(1)
    export_ledger(tmp_path)
    extra = tmp_path / name
    extra.parent.mkdir(parents=True, exist_ok=True)
    extra.write_bytes(next(tmp_path.glob("entries/**/*.parquet")).read_bytes())
    with pytest.raises(LakeBroken, match=f"No manifest names “{extra}”"):
        verify_lake(tmp_path)
    extra.unlink()
    verify_lake(tmp_path)


def test_what_no_engine_reads_and_what_an_export_writes_now_is_no_fault(tmp_path: Path) -> None:
    some(1)
    export_ledger(tmp_path)
    for name in ("notes.txt", "entries/.DS_Store", "facts/_SUCCESS"):
        (tmp_path / name).write_text("x")
    verify_lake(tmp_path)
    (tmp_path / "entries" / "new.parquet").write_text("x")
    with (tmp_path / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        verify_lake(tmp_path)
    with pytest.raises(LakeBroken, match="No manifest names"):
        verify_lake(tmp_path)


def test_a_lake_of_another_ledger_is_not_added_to(tmp_path: Path) -> None:
    some(1)
    export_ledger(tmp_path)
    told = json.loads((tmp_path / NAME).read_text())
    told["root"] = "00" * 32
    (tmp_path / NAME).write_text(json.dumps(told))
    with pytest.raises(LakeBroken, match="tells of a ledger that this is not"):
        export_ledger(tmp_path)


def test_a_row_whose_file_was_written_anew_is_found_by_its_digest(tmp_path: Path) -> None:
    some(1)
    manifest = export_ledger(tmp_path).manifest
    told = json.loads((tmp_path / NAME).read_text())
    (file,) = manifest.of("entries", ["incident"])
    table = pq.ParquetFile(tmp_path / file.path).read()
    verbs = ["incident:closed", *table.column("verb").to_pylist()[1:]]
    pq.write_table(table.set_column(table.schema.get_field_index("verb"), "verb", [verbs]), tmp_path / file.path)
    for each in told["files"]:
        if each["path"] == file.path:
            each["size"] = (tmp_path / file.path).stat().st_size
            each["sha256"] = exporting_checksum(tmp_path / file.path)
    (tmp_path / NAME).write_text(json.dumps(told))
    with pytest.raises(LakeBroken, match="is not what was sealed"):
        verify_lake(tmp_path)


def exporting_checksum(path: Path) -> str:
    from gnomon.evaluation.lake.manifest import checksum

    return checksum(path)


# --- the command ---


def run(*words: str) -> Result:
    return CliRunner().invoke(application(), list(words))


def test_the_command_exports_checks_and_measures(tmp_path: Path) -> None:
    lake = str(tmp_path / "lake")
    some(2)
    made = json.loads(run("lake", "export", lake, "--json").stdout)
    assert (made["entries"], made["left_out"]) == (LedgerEntry.objects.count(), [])
    assert json.loads(run("lake", "verify", lake, "--json").stdout)["whole"] is True
    by = ("--by", "month", "--from", "2026-06-01", "--to", "2026-07-01", "--json")
    from_lake, from_database = (
        json.loads(run("measure", "incident_mttr", *more, *by).stdout)
        for more in (("--engine", "lake", "--lake", lake), ())
    )
    assert (from_lake["value"], from_lake["groups"][0]["value"]) == (2, 2)
    assert {**from_lake, "list": "", "groups": []} == {**from_database, "list": "", "groups": []}


def test_the_command_refuses_in_sentences(tmp_path: Path) -> None:
    for words, says in (
        (("measure", "incident_mttr", "--engine", "lake"), "An engine needs a lake"),
        (("measure", "incident_mttr", "--engine", "abacus", "--lake", str(tmp_path)), "is no lake"),
    ):
        refused = run(*words)
        assert (refused.exit_code, says in refused.stderr) == (2, True), words
    assert run("lake", "verify", str(tmp_path)).exit_code == 1
    run("lake", "export", str(tmp_path))
    assert "There is no engine “abacus”" in run("measure", "csat", "--engine", "abacus", "--lake", str(tmp_path)).stderr
