"""The rows of one record come together, wherever they stand in the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gnomon.records.imports import cases
from gnomon.records.imports.cases import Case, brought_together, one_by_one, row_digest
from gnomon.records.imports.findings import Findings
from gnomon.records.imports.tables import csv_table

COLUMNS = ("number", "state")


def a_file(tmp_path: Path, rows: list[tuple[str, str]]) -> Path:
    path = tmp_path / "log.csv"
    path.write_text("number,state\n" + "".join(f"{number},{state}\n" for number, state in rows))
    return path


def together(path: Path) -> list[Case]:
    return list(brought_together(csv_table(path), 0, Findings().add))


@given(st.lists(st.tuples(st.sampled_from("ABCDE"), st.sampled_from("xyz")), max_size=40))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_record_gets_its_rows_in_the_order_of_the_file(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    path = a_file(tmp_path, rows)
    wanted: dict[str, list[str]] = {}
    for number, state in rows:
        wanted.setdefault(number, []).append(state)

    for most in (50_000, 7):  # in memory, and sorted on disk
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(cases, "IN_MEMORY", most)
            found = together(path)
        assert [(case.key, [row.cells[1] for row in case.rows]) for case in found] == list(wanted.items())
        assert all(a.number < b.number for case in found for a, b in zip(case.rows, case.rows[1:], strict=False))


def test_a_row_without_a_number_is_named(tmp_path: Path) -> None:
    findings = Findings()
    path = a_file(tmp_path, [("A", "x"), ("", "y"), ("A", "z")])

    found = list(brought_together(csv_table(path), 0, findings.add))

    assert [case.key for case in found] == ["A"]
    assert [row.number for row in found[0].rows] == [2, 4]
    assert [(f.row, f.says) for f in findings.kept] == [
        (3, "The row does not say to which record it belongs: “number” is empty.")
    ]


def test_a_number_that_comes_twice_in_a_plain_table_is_named(tmp_path: Path) -> None:
    findings = Findings()
    path = a_file(tmp_path, [("A", "x"), ("B", "y"), ("A", "z")])

    found = list(one_by_one(csv_table(path), 0, row_digest(COLUMNS, {0, 1}), findings.add))

    assert [(case.key, case.rows[0].cells[1]) for case in found] == [("A", "x"), ("B", "y")]
    assert [(f.row, f.says) for f in findings.kept] == [
        (4, "“A” stood in row 2 already; only the first row was taken.")
    ]


def test_the_order_of_columns_does_not_change_what_a_row_says(tmp_path: Path) -> None:
    rows = together(a_file(tmp_path, [("A", "x")]))[0].rows
    other = tmp_path / "other.csv"
    other.write_text("state,extra,number\nx,1,A\n")
    turned = list(csv_table(other).rows(Findings().add))

    assert row_digest(COLUMNS, {0, 1})(rows) == row_digest(("state", "extra", "number"), {0, 2})(turned)
    assert row_digest(COLUMNS, {0, 1})(rows) != row_digest(COLUMNS, {0})(rows)
