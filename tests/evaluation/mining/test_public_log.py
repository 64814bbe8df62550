"""On the public ServiceNow log: what pandas found, what r4pm finds, and what we find are the same."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import r4pm
import zstandard
from tests.evaluation import uci
from tests.evaluation.mining import naive

from gnomon.evaluation.mining.events import EventLog, log_of
from gnomon.evaluation.mining.graph import discover
from gnomon.evaluation.mining.variants import variants

pytestmark = pytest.mark.skipif(
    not (uci.LOG.exists() and uci.ORACLE.exists()), reason="The public log is not on this machine."
)
HOUR = 3_600_000


@pytest.fixture(scope="module")
def rows() -> list[naive.Row]:
    """State and moment of each event, in the order of the file; the moments count minutes without a zone."""
    with uci.LOG.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
        lines = csv.DictReader(io.TextIOWrapper(stream, encoding="utf-8", newline=""))
        return [(line["number"], line["incident_state"], _moment(line["sys_updated_at"])) for line in lines]


@pytest.fixture(scope="module")
def in_file_order(rows: list[naive.Row]) -> EventLog:
    """As the oracle reads it: by place in the file."""
    return log_of((case, activity, at) for at, (case, activity, _time) in enumerate(rows))


@pytest.fixture(scope="module")
def oracle() -> dict[str, Any]:
    known: dict[str, Any] = json.loads(uci.ORACLE.read_text())
    return known


def _moment(text: str) -> int:
    day, clock = text.split(" ")
    days, month, year = day.split("/")
    hours, minutes = clock.split(":")
    return int(datetime(int(year), int(month), int(days), int(hours), int(minutes), tzinfo=UTC).timestamp()) * 1000


def test_steps_and_variants_are_those_of_pandas(in_file_order: EventLog, oracle: dict[str, Any]) -> None:
    graph = discover(in_file_order)
    steps = {f"{edge.start} > {edge.end}": edge.events for edge in graph.edges if edge.start != edge.end}
    assert steps == oracle["transitions"]
    assert {node.name: node.events for node in graph.nodes} == oracle["events_by_state"]
    assert (graph.events, graph.cases) == (oracle["rows"], oracle["incidents"])

    raw, short = variants(in_file_order), variants(in_file_order.collapsed())
    assert (len(raw), len(short)) == (oracle["variants_raw"]["distinct"], oracle["variants_collapsed"]["distinct"])
    assert {" > ".join(way.path): way.cases for way in short[:20]} == oracle["variants_collapsed"]["top20"]
    known = oracle["variants_raw"]["top10"]
    assert {" > ".join(way.path): way.cases for way in raw if " > ".join(way.path) in known} == known


def test_time_spent_in_each_state_is_that_of_pandas(rows: list[naive.Row], oracle: dict[str, Any]) -> None:
    """The oracle lets time run backwards once, as the file does; we put that incident's events in order."""
    hours: Counter[str] = Counter()
    for edge in discover(log_of(rows)).edges:
        hours[edge.start] += edge.time.total / HOUR
    known = oracle["dwell_hours_total_by_state"]
    apart = {name for name in known if round(hours[name], 2) != known[name]}
    assert apart <= {"New", "Active", "Resolved", "Closed"}
    assert sum(abs(hours[name] - known[name]) for name in apart) < 1000


def test_steps_variants_and_durations_are_those_of_r4pm(rows: list[naive.Row], tmp_path: Path) -> None:
    log = log_of(rows)
    path = tmp_path / "log.xes"
    path.write_text(_xes(log), encoding="utf-8")
    registered = r4pm.import_item("EventLog", str(path))
    theirs = r4pm.bindings.discover_dfg(registered)

    ours = discover(log)
    assert {tuple(step): count for step, count in theirs["directly_follows_relations"]} == {
        (edge.start, edge.end): edge.events for edge in ours.edges
    }
    assert theirs["activities"] == {node.name: node.events for node in ours.nodes}
    assert set(theirs["start_activities"]) == {node.name for node in ours.nodes if node.first}
    assert set(theirs["end_activities"]) == {node.name for node in ours.nodes if node.last}
    assert {tuple(one["activities"]): one["count"] for one in r4pm.bindings.get_variants(registered)} == {
        way.path: way.cases for way in variants(log)
    }


def test_durations_are_those_of_a_plain_count(rows: list[naive.Row]) -> None:
    log = log_of(rows)
    assert dict(zip(log.names(log.present), log.durations.tolist(), strict=True)) == naive.durations(rows)


def _xes(log: EventLog) -> str:
    """The log as others read it."""
    told = ['<?xml version="1.0" encoding="UTF-8"?><log xes.version="1.0">']
    for begin, length in zip(log.begins.tolist(), log.lengths.tolist(), strict=True):
        told.append(f'<trace><string key="concept:name" value="{log.cases[log.case[begin]]}"/>')
        for at in range(begin, begin + length):
            moment = datetime.fromtimestamp(int(log.at[at]) / 1000, UTC).isoformat()
            told.append(
                f'<event><string key="concept:name" value="{log.activities[log.activity[at]]}"/>'
                f'<date key="time:timestamp" value="{moment}"/></event>'
            )
        told.append("</trace>")
    return "".join([*told, "</log>"])
