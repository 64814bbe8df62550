"""Object-centric logs: JSON and SQLite, hostile ones too, as the table of one type's events."""

from __future__ import annotations

import gzip
import io
import json
import sqlite3
import tarfile
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from tests.records.imports.makers import read_all

from gnomon.records.imports import json_parts
from gnomon.records.imports.json_parts import BrokenJson, parts_of
from gnomon.records.imports.ocel import ocel_table
from gnomon.records.imports.refusals import UnreadableFile
from gnomon.records.imports.tables import csv_table

LOGS = Path(__file__).parents[4] / "shared/data/xes_pm4py/pm4py_inputs.tar.zst"
LOG: dict[str, Any] = {
    "objectTypes": [{"name": "incident", "attributes": [{"name": "severity", "type": "string"}]}, {"name": "team"}],
    "eventTypes": [{"name": "assign", "attributes": []}],
    "events": [
        {"id": "e3", "type": "resolve", "time": "2026-01-05T11:00:00+08:00", "attributes": [],
         "relationships": [{"objectId": "I1", "qualifier": "of"}, {"objectId": "I1", "qualifier": "again"}]},
        {"id": "e1", "type": "assign", "time": "2026-01-05T01:00:00Z", "attributes": [{"name": "note", "value": "你好"}],
         "relationships": [{"objectId": "I1", "qualifier": "of"}, {"objectId": "T1", "qualifier": "to"}]},
        {"id": "e2", "type": "assign", "time": "2026-01-05T02:00:00Z", "attributes": [{"name": "note", "value": 7}],
         "relationships": [{"objectId": "I1", "qualifier": "of"}, {"objectId": "I2", "qualifier": "of"},
                           {"objectId": "T1", "qualifier": "to"}, {"objectId": "T2", "qualifier": "to"}]},
    ],
    "objects": [
        {"id": "I1", "type": "incident", "attributes": [
            {"name": "severity", "time": "2026-02-01T00:00:00Z", "value": "low"},
            {"name": "severity", "time": "1970-01-01T00:00:00Z", "value": "high"}]},
        {"id": "I2", "type": "incident"}, {"id": "T1", "type": "team"}, {"id": "T2", "type": "team"},
    ],
}  # fmt: skip


def a_log(tmp_path: Path, log: Any = None, name: str = "log.json", encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    text = log if isinstance(log, str) else json.dumps(LOG if log is None else log, ensure_ascii=False)
    path.write_bytes(text.encode(encoding))
    return path


def told(path: Path, about: str = "incident") -> list[dict[str, str]]:
    table = ocel_table(path, about)
    rows, _findings = read_all(table)
    assert table.text.lines == len(rows)
    return [{c: v for c, v in zip(table.columns, row.cells, strict=True) if v} for row in rows]


def test_each_event_of_an_object_is_a_row_in_the_order_of_time(tmp_path: Path) -> None:
    rows = told(a_log(tmp_path))

    assert [(row["case:concept:name"], row["event:id"]) for row in rows] == [
        ("I1", "e1"), ("I1", "e2"), ("I1", "e3"), ("I2", "e2"),
    ]  # fmt: skip
    assert rows[0] == {
        "case:concept:name": "I1", "event:id": "e1", "concept:name": "assign", "time:timestamp": "2026-01-05T01:00:00Z",
        "case:severity": "high", "note": "你好", "object:team": "T1",
    }  # fmt: skip
    assert (rows[1]["object:team"], rows[1]["note"]) == ("T1, T2", "7")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_encodings_are_found_out(tmp_path: Path, encoding: str) -> None:
    assert told(a_log(tmp_path, encoding=encoding))[0]["note"] == "你好"


def test_a_log_may_be_one_long_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Most programs write JSON so; a table of rows with such a line would be none."""
    monkeypatch.setattr("gnomon.records.imports.encodings.LONGEST_LINE", 100)
    assert len(told(a_log(tmp_path))) == 4
    with pytest.raises(UnreadableFile, match="no table of rows"):
        csv_table(a_log(tmp_path))


def test_packed_logs_are_read_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "log.json.gz"
    path.write_bytes(gzip.compress(json.dumps(LOG).encode()))
    assert len(told(path)) == 4


@pytest.mark.parametrize(
    ("log", "says"),
    [
        ("{", "breaks after 1 character"),
        ('{"events": [{"id": 1,]}', "is no whole JSON"),
        ('{"events": [' + "[" * 5000, "is no whole JSON"),
        ({"a": []}, "holds no objects and events"),
        ({"events": [], "objects": []}, "holds no object"),
        ({"events": [], "objects": [{"id": "I1", "type": "incident"}]}, "holds no event of the objects “incident”"),
        ({"events": [1, None, "x"], "objects": [[], {"id": "I", "type": "incident"}]}, "holds no event"),
    ],
)
def test_what_is_no_log_says_so(tmp_path: Path, log: Any, says: str) -> None:
    with pytest.raises(UnreadableFile, match=says):
        ocel_table(a_log(tmp_path, log), "incident")


def test_of_several_types_one_must_be_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="several types of objects: incident, team"):
        ocel_table(a_log(tmp_path), "problem")
    assert [row["case:concept:name"] for row in told(a_log(tmp_path), "team")] == ["T1", "T1", "T2"]


def test_odd_parts_are_no_errors(tmp_path: Path) -> None:
    log = {
        "objects": [{"id": "I1", "type": "incident", "attributes": "x", "relationships": 3}, {"id": None}],
        "events": [
            {"id": "e1", "type": "a\0b", "time": "never", "attributes": [None, {"name": "concept:name", "value": "lie"}],
             "relationships": [{"objectId": "I1"}, {"objectId": "nobody"}, 7]},
            {"relationships": None}, {"id": "e1", "type": "twice", "time": "2026-01-01T00:00:00Z"},
        ],
    }  # fmt: skip
    assert told(a_log(tmp_path, log)) == [
        {"case:concept:name": "I1", "event:id": "e1", "concept:name": "ab", "time:timestamp": "never"}
    ]


def test_a_database_that_is_none_or_another_says_so(tmp_path: Path) -> None:
    torn = tmp_path / "torn.sqlite"
    torn.write_bytes(b"SQLite format 3\0" + b"\xff" * 4000)
    with pytest.raises(UnreadableFile, match="damaged database"):
        ocel_table(torn)
    other = tmp_path / "other.sqlite"
    database = sqlite3.connect(other)
    database.execute("CREATE VIEW event AS SELECT 1 AS ocel_id")
    database.execute("CREATE TABLE object (ocel_id TEXT)")
    database.commit()
    database.close()
    with pytest.raises(UnreadableFile, match="no log in OCEL 2.0"):
        ocel_table(other)


@pytest.mark.skipif(not LOGS.exists(), reason=f"The public event logs are not at {LOGS}.")
def test_a_public_log_in_sqlite_has_the_objects_and_events_that_it_has(tmp_path: Path) -> None:
    with (
        LOGS.open("rb") as packed,
        zstandard.ZstdDecompressor().stream_reader(packed) as unpacked,
        tarfile.open(fileobj=unpacked, mode="r|") as archive,
    ):
        archive.extractall(tmp_path, filter="data")
    path = tmp_path / "tests/input_data/ocel/ocel20_example.sqlite"
    with pytest.raises(UnreadableFile, match="Invoice, Payment, Purchase Order, Purchase Requisition"):
        ocel_table(path)
    database = sqlite3.connect(path)
    for kind in ("Purchase Order", "Invoice"):
        query = (
            "SELECT COUNT(DISTINCT ocel_event_id || ' ' || ocel_object_id) FROM event_object "
            "JOIN object ON ocel_object_id = ocel_id WHERE ocel_type = ?"
        )
        assert len(told(path, kind)) == database.execute(query, (kind,)).fetchone()[0]
    packed_again = tmp_path / "again.sqlite.gz"
    packed_again.write_bytes(gzip.compress(path.read_bytes()))
    assert told(packed_again, "Invoice") == told(path, "Invoice")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=4), JSON, max_size=5), st.integers(1, 7), st.booleans())
def test_parts_are_those_that_reading_the_whole_finds(whole: dict[str, Any], piece: int, indented: bool) -> None:
    text = json.dumps(whole, ensure_ascii=False, indent=2 if indented else None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_parts, "PIECE", piece)
        found = list(parts_of(io.StringIO(text)))
    assert found == [(key, one) for key, value in whole.items() if isinstance(value, list) for one in value]


@given(st.dictionaries(st.text(max_size=4), JSON, min_size=1, max_size=3), st.integers(0, 200))
def test_what_is_cut_off_is_broken(whole: dict[str, Any], cut: int) -> None:
    text = json.dumps(whole)
    with pytest.raises(BrokenJson):
        list(parts_of(io.StringIO(text[: min(cut, len(text) - 1)])))
