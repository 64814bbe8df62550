"""A report of an installation in which nothing happened yet."""

from __future__ import annotations

import pytest
from tests.evaluation.test_reports import made, pages
from tests.resolution.makers import an_incident

from gnomon.evaluation.boards.all import BOARDS
from gnomon.evaluation.reports.paper import pdf
from gnomon.evaluation.reports.plain import plain
from gnomon.evaluation.reports.workbook import xlsx

pytestmark = [pytest.mark.django_db, pytest.mark.clause("9.4")]


def test_an_empty_house_prints_a_sentence() -> None:
    pytest.importorskip("typst")
    report = made(BOARDS[1])
    assert "There are no incidents yet" in plain(report)["empty"]
    assert pdf(report).startswith(b"%PDF-")
    assert list(pages(xlsx(report))) == ["Summary", "Charts", "Figures", "Rows"]


def test_what_was_not_measured_is_neither_on_course_nor_missed() -> None:
    an_incident()
    period = {"period": "custom", "from": "2020-03-01", "to": "2020-03-10"}
    found = {str(one.title): one for one in made(BOARDS[-1], period).sheet.sections}
    (wanting,), (calm,), (silent,) = (found[name].tables for name in ("Needs attention", "On course", "Undetermined"))
    assert wanting.rows == []
    assert {row[2].value for row in calm.rows} == {0}, "of nothing, none"
    assert len(silent.rows) > 5
    assert {row[2].value for row in silent.rows} == {None}
