"""A report of an installation in which nothing happened yet."""

from __future__ import annotations

import pytest
from tests.evaluation.test_reports import made, pages

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
