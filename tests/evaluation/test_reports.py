"""Dashboards on paper and in workbooks: the same figures, both languages, the same bytes, and no text that acts."""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from defusedxml.ElementTree import fromstring
from django.test import Client
from django.utils import translation
from tests.evaluation.conftest import make_mixed_year, shared
from tests.evaluation.sample import make_ratings_and_agreements
from typer.testing import CliRunner

from gnomon.evaluation.boards.all import BOARDS
from gnomon.evaluation.boards.sheet import marks
from gnomon.evaluation.queries.measures import measures
from gnomon.evaluation.reports import face
from gnomon.evaluation.reports.making import FORMS, report_of
from gnomon.evaluation.reports.paper import pdf
from gnomon.evaluation.reports.plain import plain
from gnomon.evaluation.reports.workbook import xlsx
from gnomon.organization.models import Team
from gnomon.organization.roles import CODES
from gnomon.portfolio.models import Service
from gnomon.project.command import application

pytestmark = [pytest.mark.django_db, pytest.mark.clause("9.4")]

NOW = datetime(2026, 11, 15, 3, 30, tzinfo=UTC)
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh-hans"])
EVERY_BOARD = pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.name)
HOSTILE = '=HYPERLINK("http://x","y") #let x = 1 $ \\ [link] <script>'
SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class Everybody:
    number, pk = "PER-000001", 1
    roles = CODES


@pytest.fixture(scope="module")
def year(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    def fill() -> Any:
        made = make_mixed_year(120)
        make_ratings_and_agreements(made)
        Service.objects.filter(number="XS-1").update(title=HOSTILE)
        Team.objects.filter(number="XT-1").update(title="+SUM(A1) 网络组 喆")
        return made

    with shared(django_db_blocker, fill) as made:
        yield made


def made(board: Any, given: dict[str, str] | None = None) -> Any:
    return report_of(board, Everybody(), given or {"period": "all"}, NOW)


def pages(workbook: bytes) -> dict[str, Any]:
    """The sheets of a workbook by name, as XML."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as file:
        names = [one.get("name") for one in fromstring(file.read("xl/workbook.xml")).iter(f"{SPACE}sheet")]
        return {
            str(name): fromstring(file.read(f"xl/worksheets/sheet{at}.xml")) for at, name in enumerate(names, 1)
        }  # fmt: skip


@LANGUAGES
@EVERY_BOARD
def test_every_dashboard_prints_alike_each_time(year: Any, board: Any, language: str) -> None:
    pytest.importorskip("typst")
    with translation.override(language):
        once, again = pdf(made(board)), pdf(made(board))
    assert once == again
    assert once.startswith(b"%PDF-")
    assert len(once) > 20_000


@LANGUAGES
@EVERY_BOARD
def test_every_dashboard_makes_a_workbook_of_real_numbers(year: Any, board: Any, language: str) -> None:
    with translation.override(language):
        report = made(board)
        once, again = xlsx(report), xlsx(made(board))
    assert once == again
    found = pages(once)
    names = ["Summary", "Charts", "Figures", "Rows"] if language == "en" else ["摘要", "图表", "数字", "行"]
    assert list(found) == names
    rows = list(list(found.values())[2].iter(f"{SPACE}row"))
    figures = list(marks(report.sheet))
    # a head, and a row for each figure
    assert len(rows) == len(figures) + 1
    told = [cell for row in rows[1:] for cell in row if (cell.get("r") or "").startswith("E")]
    numbers = [float(cell.find(f"{SPACE}v").text) for cell in told]
    assert numbers == pytest.approx([mark.value for mark in figures if mark.value is not None])
    assert all(cell.get("t") in {None, "n"} for cell in told)


@LANGUAGES
@EVERY_BOARD
def test_the_records_behind_the_figures_stand_in_the_rows(
    year: Any, board: Any, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a spreadsheet reads them: as many rows as each figure counts, and values that make the mean or share."""
    monkeypatch.setattr("gnomon.evaluation.reports.behind.MOST", 60)
    with translation.override(language):
        report = made(board)
        book = openpyxl.load_workbook(io.BytesIO(xlsx(report)))
        whole = [mark for mark in marks(report.sheet) if mark.is_whole and mark.url.startswith("/")]
    page = book.worksheets[3]
    lines = [[cell.value for cell in row] for row in page.iter_rows(min_row=5)]
    assert page.cell(4, 3).value == ("Number" if language == "en" else "编号")
    assert page.auto_filter.ref == f"A4:M{4 + len(lines)}"
    assert len(whole) > 4
    for mark in whole:
        own = [line for line in lines if line[:2] == [mark.section, mark.label or mark.figure]]
        assert len(own) == min(mark.count or 0, 60), mark.where
        assert ("60 of " in str(page.cell(2, 1).value)) if language == "en" and (mark.count or 0) > 60 else True
        for line in own:
            assert line[2]
            assert line[3]
            assert isinstance(line[8], datetime)
        if len(own) == mark.count and mark.of and "figure=" not in mark.url:
            how = measures()[mark.of].how
            values = [line[10] for line in own if line[10] is not None]
            if how == "mean" and values:
                assert sum(values) / len(values) == pytest.approx(mark.value, abs=0.06), mark.where
            if how == "share" and own:
                yes = sum(line[12] in {"yes", "是"} for line in own)
                assert 100 * yes / len(own) == pytest.approx(mark.value, abs=0.06), mark.where


@EVERY_BOARD
def test_no_text_of_a_workbook_is_a_formula(year: Any, board: Any) -> None:
    with zipfile.ZipFile(io.BytesIO(xlsx(made(board)))) as file:
        for name in file.namelist():
            if name.startswith("xl/worksheets/"):
                assert b"<f>" not in file.read(name), name


def test_peoples_words_reach_the_paper_as_data(year: Any) -> None:
    pytest.importorskip("typst")
    report = made(BOARDS[2], {"period": "all", "service": "XS-1"})
    told = plain(report)
    assert f"Service: {HOSTILE}" in told["lines"]
    # Were any of it read as markup, it would not compile.
    assert pdf(report).startswith(b"%PDF-")


def test_a_drawing_on_paper_has_its_colours_inside(year: Any) -> None:
    graphs = [graph for section in plain(made(BOARDS[1]))["sections"] for graph in section["graphs"]]
    drawn = [graph["svg"] for graph in graphs if graph["svg"]]
    assert len(drawn) > 12
    for svg in drawn:
        assert fromstring(svg).tag == "{http://www.w3.org/2000/svg}svg"
        assert "var(" not in svg
        assert "href" not in svg


def test_our_face_writes_what_it_says() -> None:
    assert face.writes("事件 Major ≥ 95 % “引号” – …")
    assert not face.writes("喆")
    assert (Path(face.FOLDER) / "gnomon-han.otf").stat().st_size < 3_000_000


@LANGUAGES
def test_all_that_is_printed_is_written_by_our_face(year: Any, language: str) -> None:
    with translation.override(language):
        for board in BOARDS:
            told = plain(made(board))
            told["sections"] = [
                {**one, "graphs": [], "tables": []} for one in told["sections"]
            ]  # where names of people stand
            assert face.writes(str(told)), board.name


def test_the_page_gives_both_files_to_whom_the_dashboard_is_for(
    year: Any, bob_browser: Client, carol_browser: Client
) -> None:
    for form, (media_type, _write) in FORMS.items():
        answer = bob_browser.get(f"/evaluation/dashboards/process/report.{form}", {"period": "all"})
        assert answer.status_code == 200
        assert answer["Content-Type"] == media_type
        assert f".{form}" in answer["Content-Disposition"]
        assert carol_browser.get(f"/evaluation/dashboards/process/report.{form}").status_code == 404
        assert bob_browser.get(f"/evaluation/dashboards/management/report.{form}").status_code == 404


def test_without_the_extra_the_page_says_how_to_install_it(
    bob_browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    answer = bob_browser.get("/evaluation/dashboards/desk/report.pdf")
    assert answer.status_code == 501
    assert "pip install" in answer.content.decode()
    refused = CliRunner().invoke(application(), ["report", "desk", "--out", "desk.pdf"])
    assert "reports" in str(refused.exception)


@LANGUAGES
def test_the_command_writes_the_same_file_for_the_same_moment(year: Any, tmp_path: Path, language: str) -> None:
    pytest.importorskip("typst")
    files = [tmp_path / "a.pdf", tmp_path / "b.pdf", tmp_path / "c.xlsx"]
    for file in files:
        asked = [
            "report", "management", "--from", "2026-01-01", "--to", "2026-11-01", "--language", language[:2],
            "--at", "2026-11-15T11:30:00+08:00", "--out", str(file),
        ]  # fmt: skip
        done = CliRunner().invoke(application(), asked)
        assert done.exit_code == 0, done.output
    assert files[0].read_bytes() == files[1].read_bytes()
    assert zipfile.is_zipfile(files[2])


@pytest.mark.parametrize(
    "asked", [["luck", "--out", "x.pdf"], ["desk", "--out", "x.doc"], ["process", "--from", "soon", "--out", "x.pdf"]]
)
def test_the_command_refuses_nonsense_in_a_sentence(year: Any, asked: list[str]) -> None:
    refused = CliRunner().invoke(application(), ["report", *asked])
    assert refused.exit_code != 0
    assert str(refused.exception or refused.output).endswith(".")
