"""Event logs in XES, out and in."""

from __future__ import annotations

import tarfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
import zstandard
from django.test import Client
from tests.records.imports.makers import a_life, read_all, write_rows

from gnomon.integrations import actions
from gnomon.integrations.presets import preset
from gnomon.integrations.told import pseudonym
from gnomon.integrations.xes import event_log
from gnomon.organization.models import Person
from gnomon.records.actors import SYSTEM
from gnomon.records.imports import runs
from gnomon.records.imports.refusals import UnreadableFile
from gnomon.records.imports.xes import xes_table
from gnomon.records.kinds import kind_named
from gnomon.records.models import LedgerEntry
from gnomon.resolution.models import Incident

LOGS = Path(__file__).parents[3] / "shared/data/xes_pm4py/pm4py_inputs.tar.zst"
SMALL = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0" xmlns="http://www.xes-standard.org/">
  <global scope="event"><string key="concept:name" value="none"/></global>
  <trace>
    <string key="concept:name" value="T1"/><string key="customer" value="Acme &amp; Söhne"/>
    <list key="tags"><values><string key="tag" value="never seen"/></values></list>
    <event><string key="concept:name" value="Assign"/><string key="org:resource" value="u1"/>
      <date key="time:timestamp" value="2026-01-05T09:00:00.000+08:00"/></event>
    <event><string key="concept:name" value="Think"/>
      <date key="time:timestamp" value="2026-01-05T09:30:00.000+08:00"/></event>
    <event><string key="concept:name" value="Resolve"/>
      <date key="time:timestamp" value="2026-01-05T10:00:00.000+08:00"/></event>
  </trace>
  <trace><string key="concept:name" value="T2"/></trace>
</log>
"""


def a_log(tmp_path: Path, text: str = SMALL, name: str = "log.xes") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_an_event_is_a_row_with_the_attributes_of_its_trace(tmp_path: Path) -> None:
    table = xes_table(a_log(tmp_path))
    rows, _findings = read_all(table)

    assert table.columns == (
        "case:concept:name", "case:customer", "concept:name", "org:resource", "time:timestamp",
    )  # fmt: skip
    assert [row.number for row in rows] == [1, 2, 3]
    assert rows[0].cells == ["T1", "Acme & Söhne", "Assign", "u1", "2026-01-05T09:00:00.000+08:00"]
    assert rows[1].cells[3] == ""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<log><trace>", "is no whole XML: it breaks in line 1"),
        ("<log/>", "holds no event"),
        ('<!DOCTYPE l [<!ENTITY a "b">]><log>&a;</log>', "declares entities or a document type"),
        ("number,title\n1,x\n", "is no whole XML"),
    ],
)
def test_what_is_no_log_says_so(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(UnreadableFile, match=says):
        xes_table(a_log(tmp_path, text))


@pytest.mark.django_db
def test_a_trace_becomes_an_incident_and_its_activities_go_with_the_entries(tmp_path: Path) -> None:
    report = actions.import_file(a_log(tmp_path), preset="xes", by=SYSTEM)

    incident = Incident.objects.get()
    entries = LedgerEntry.objects.filter(number=incident.number).order_by("version")
    assert (report["records_made"], report["entries_made"]) == (1, 3)
    assert (incident.title, incident.status, incident.external_number) == ("T1", "resolved", "T1")
    assert [(entry.verb, entry.because) for entry in entries] == [
        ("incident:recorded", "Assign"), ("incident:changed", "Think"), ("incident:resolve", "Resolve"),
    ]  # fmt: skip
    assert incident.opened_at.isoformat() == "2026-01-05T01:00:00+00:00"
    assert incident.resolved_at.isoformat() == "2026-01-05T02:00:00+00:00"
    assert incident.source == {"case:customer": "Acme & Söhne"}


@pytest.mark.django_db
def test_the_ledger_leaves_as_a_log_that_names_nobody(tmp_path: Path, alice: Person) -> None:
    path = write_rows(tmp_path / "log.csv", a_life("INC1", category="<b>Mail & more</b>"))
    actions.import_file(path, preset="servicenow", by=SYSTEM)

    text = "".join(event_log(kind_named("incident"), alice))
    log = ElementTree.fromstring(text)

    events = log.findall("trace/event")
    assert [event.find("string[@key='concept:name']").get("value") for event in events] == [  # type: ignore[union-attr]
        "recorded", "Start work", "Resolve", "Close",
    ]  # fmt: skip
    assert events[0].find("date").get("value") == "2016-02-28T17:23:00.000Z"  # type: ignore[union-attr]
    assert events[0].find("string[@key='category']").get("value") == "<b>Mail & more</b>"  # type: ignore[union-attr]
    assert "Caller 7" not in text
    assert "Resolver 3" not in text
    assert pseudonym("PER-000001") == pseudonym("PER-000001") != pseudonym("PER-000002")


@pytest.mark.django_db
def test_our_own_log_can_be_read_by_us(tmp_path: Path, alice: Person) -> None:
    path = write_rows(tmp_path / "log.csv", a_life("INC1"))
    actions.import_file(path, preset="servicenow", by=SYSTEM)
    out = a_log(tmp_path, "".join(event_log(kind_named("incident"), alice)), "out.xes")

    rows, _findings = read_all(xes_table(out))

    assert len(rows) == 4


@pytest.mark.django_db
def test_a_log_is_for_those_who_may_export(alice_browser: Client, eve_browser: Client) -> None:
    assert alice_browser.get("/integrations/export/incident.xes").status_code == 200
    assert eve_browser.get("/integrations/export/incident.xes").status_code == 403
    assert alice_browser.get("/integrations/export/cat.xes").status_code == 404


@pytest.mark.django_db
@pytest.mark.skipif(not LOGS.exists(), reason=f"The public event logs are not at {LOGS}.")
def test_public_logs_have_the_traces_and_events_that_others_count(tmp_path: Path) -> None:
    with (
        LOGS.open("rb") as packed,
        zstandard.ZstdDecompressor().stream_reader(packed) as unpacked,
        tarfile.open(fileobj=unpacked, mode="r|") as archive,
    ):
        archive.extractall(tmp_path, filter="data")
    folder = tmp_path / "tests/input_data"
    counted = {}
    for name in ("running-example.xes", "roadtraffic100traces.xes"):
        tally, _table = runs.try_dry(folder / name, preset("xes"), by=SYSTEM)
        counted[name] = (tally.made, tally.rows, tally.findings.errors)

    # of the oracle: 6 traces with 42 events, 100 with 390
    assert counted == {"running-example.xes": (6, 42, 0), "roadtraffic100traces.xes": (100, 390, 0)}
