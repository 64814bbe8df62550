"""Logs out and in again: XES and OCEL 2.0 tell the same course of events as the ledger that they were written from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.evaluation.mining.lives import make_lives
from tests.integrations.test_event_logs import SMALL

from gnomon.evaluation.mining.asked import Question
from gnomon.evaluation.mining.files import Columns, log_from_file
from gnomon.evaluation.mining.graph import discover
from gnomon.evaluation.mining.variants import variants
from gnomon.integrations import actions
from gnomon.integrations.object_log import object_log
from gnomon.integrations.xes import event_log
from gnomon.organization.models import Person
from gnomon.records.actors import SYSTEM
from gnomon.records.imports.xes import xes_table
from gnomon.records.kinds import kind_named
from gnomon.records.models import LedgerEntry
from gnomon.resolution.models import Incident

pytestmark = pytest.mark.django_db
INCIDENT = "incident"


def written(path: Path, pieces: Any) -> Path:
    path.write_bytes(b"".join(one if isinstance(one, bytes) else one.encode() for one in pieces))
    return path


def deeds() -> dict[str, Any]:
    """What every log must tell of `make_lives`: number of records, of entries, and of ways by what was done."""
    entries = LedgerEntry.objects.filter(kind=INCIDENT)
    return {"cases": entries.values("number").distinct().count(), "events": entries.count()}


def test_a_log_in_xes_read_again_is_the_course_that_the_ledger_tells(bob: Person, tmp_path: Path) -> None:
    make_lives(bob)
    path = written(tmp_path / "log.xes", event_log(kind_named(INCIDENT), bob))

    read = log_from_file(path)

    assert {"cases": len(read.log.begins), "events": len(read.log)} == deeds()
    assert read.left_out == 0
    paths = {way.path: way.cases for way in variants(read.log)}
    assert paths[("recorded", "Assign", "Start work", "Resolve", "Close")] == 1


def test_an_object_log_read_again_is_the_course_that_the_ledger_tells(bob: Person, tmp_path: Path) -> None:
    make_lives(bob)
    path = written(tmp_path / "log.json", object_log(kind_named(INCIDENT), bob))

    read = log_from_file(path, Columns(about=INCIDENT))
    own = Question(kind_named(INCIDENT), "moves", person=bob).graph()

    assert {"cases": len(read.log.begins), "events": len(read.log)} == deeds()
    found = {(edge.start, edge.end): edge.events for edge in discover(read.log).edges}
    plain = {(edge.start, edge.end): edge.events for edge in own.edges}
    # The side “what was done” leaves out the three changes of team that were no moves.
    assert {step: n for step, n in found.items() if "changed" not in step} == plain
    teams = log_from_file(path, Columns(about="team")).log
    assert sorted(teams.names(teams.present)) == ["TEAM-000001", "TEAM-000002"]


def test_an_object_log_names_nobody(bob: Person, alice: Person, tmp_path: Path) -> None:
    make_lives(bob)
    text = b"".join(object_log(kind_named(INCIDENT), alice)).decode()
    assert bob.number not in text
    assert bob.title not in text
    assert "No mail arrives" not in text
    assert "Restarted" not in text


def test_an_empty_log_is_a_log(bob: Person, tmp_path: Path) -> None:
    assert json.loads(b"".join(object_log(kind_named(INCIDENT), bob)))["events"] == []
    assert "<trace>" not in "".join(event_log(kind_named(INCIDENT), bob))


def test_logs_are_narrowed_as_lists_are_and_hold_what_the_person_may_know(bob: Person, carol: Person) -> None:
    numbers = make_lives(bob)
    narrow = b"".join(object_log(kind_named(INCIDENT), bob, {"priority": ["2"]}))
    told = {one["id"] for one in json.loads(narrow)["objects"] if one["type"] == INCIDENT}
    assert told == {numbers[1], numbers[2]}
    assert json.loads(b"".join(object_log(kind_named(INCIDENT), carol)))["events"] == []


def test_incidents_come_back_from_an_object_log_after_a_dry_run(bob: Person, tmp_path: Path) -> None:
    numbers = make_lives(bob)
    path = written(tmp_path / "log.json", object_log(kind_named(INCIDENT), bob))

    tried = actions.import_file(path, preset="ocel", by=SYSTEM, dry_run=True)
    assert tried["records_made"] == 6
    assert Incident.objects.count() == 6
    actions.import_file(path, preset="ocel", by=SYSTEM)

    statuses = dict(Incident.objects.filter(number__in=numbers).values_list("number", "status"))
    again = Incident.objects.exclude(number__in=numbers)
    assert {one.external_number: one.status for one in again} == statuses


@pytest.mark.parametrize("encoding", ["gbk", "GB2312", "gb18030", "big5", "utf-8", "UTF-16"])
def test_a_log_in_an_encoding_that_xml_readers_lack_is_read(tmp_path: Path, encoding: str) -> None:
    text = SMALL.replace("Acme &amp; Söhne", "中文" * 400).replace('"UTF-8"', f'"{encoding}"')
    path = tmp_path / "log.xes"
    path.write_bytes(text.encode(encoding))

    table = xes_table(path)
    rows = list(table.rows(lambda _finding: None))

    assert rows[0].cells[table.columns.index("case:customer")] == "中文" * 400
    assert len(rows) == 3


def test_events_that_lack_something_are_left_out_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(
        "case,activity,timestamp\na,New,2026-01-05T09:00:00Z\na,New,2026-01-05T09:00:00Z\n,New,2026-01-05T09:00:00Z\n"
        "a,,2026-01-05T09:00:00Z\na,Done,soon\na,Done,05/01/2026 18:00\n"
    )
    read = log_from_file(path)
    assert (len(read.log), read.left_out, read.duplicates) == (3, 3, 1)
    assert [way.path for way in variants(read.log)] == [("New", "New", "Done")]
