"""Lists as files: exactly what is filtered, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from tests.resolution.makers import a_service, an_incident

from gnomon.records import actions
from gnomon.records.kinds import kinds
from gnomon.records.views import exports
from gnomon.records.views.exports import csv_text
from gnomon.ui.values import Tag, Who

pytestmark = pytest.mark.django_db
LIST = "/resolution/incidents/"


def rows(answer):
    text = b"".join(answer.streaming_content).decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


@pytest.mark.parametrize(
    "formula",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠x",
     '=HYPERLINK("http://evil.example","x")'],
)  # fmt: skip
def test_no_text_becomes_a_formula(formula):
    assert csv_text(formula) == f"'{formula}"
    assert csv_text(Who(formula)) == f"'{formula}"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""), (-5, "-5"), (-0.5, "-0.5"), (Decimal("-1.50"), "-1.50"), (True, "yes"), (False, "no"),
        ("打印机", "打印机"), (["a", Tag("b")], "a; b"), ([], ""), (" =1", " =1"),
        (datetime(2026, 3, 10, 1, tzinfo=UTC), "2026-03-10T01:00:00+00:00"),
    ],
)  # fmt: skip
def test_all_else_is_as_it_is(value, text):
    assert csv_text(value) == text


def test_a_csv_holds_what_is_filtered_in_the_order_shown(bob_browser):
    for title in ("Beta", "Alpha", '=cmd|" /C calc"!A0', "打印机, “坏了”\nsehr"):
        an_incident(title, category="mail")
    an_incident("Elsewhere", category="vpn")
    answer = bob_browser.get(f"{LIST}export.csv?category=mail&sort=title&columns=title&columns=category")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith('attachment; filename="incidents-20')
    assert rows(answer) == [
        ["Number", "Title", "Category"],
        ["INC-000003", '\'=cmd|" /C calc"!A0', "mail"],
        ["INC-000002", "Alpha", "mail"],
        ["INC-000001", "Beta", "mail"],
        ["INC-000004", "打印机, “坏了”\nsehr", "mail"],
    ]


def test_times_and_words_are_those_of_whoever_asked(bob, bob_browser):
    an_incident(at=datetime(2026, 3, 10, 1, tzinfo=UTC), service=a_service("Mail"))
    bob.language, bob.time_zone = "zh-hans", "America/New_York"
    bob.save()
    answer = bob_browser.get(f"{LIST}export.csv?columns=opened_at&columns=status&columns=service")
    # The file is made while it is sent, when the request with its language and zone is over.
    head, row = rows(answer)
    assert row[1:] == ["2026-03-09T21:00:00-04:00", row[2], "Mail"]
    assert head[0] != "Number" or row[2] != "New"


def test_a_long_list_is_sent_in_pieces_and_whole(bob_browser, monkeypatch):
    for n in range(30):
        an_incident(f"Case {n}", description="x")
    monkeypatch.setattr(exports, "CHUNK", 7)
    monkeypatch.setattr(exports, "PIECE", 100)
    answer = bob_browser.get(f"{LIST}export.csv?columns=title")
    pieces = list(answer.streaming_content)
    assert len(pieces) > 5
    assert len(list(csv.reader(io.StringIO(b"".join(pieces).decode("utf-8-sig"))))) == 31


NS = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def sheet(answer):
    """Cells of the first sheet, read without the library that wrote it; types beside texts."""
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as book:
        assert book.testzip() is None
        strings = []
        if "xl/sharedStrings.xml" in book.namelist():
            shared = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
            strings = ["".join(t.text or "" for t in one.iter(f"{{{NS['s']}}}t")) for one in shared]
        tree = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert tree.find(".//s:f", NS) is None  # no formula anywhere
    read = []
    for row in tree.iterfind(".//s:row", NS):
        cells = []
        for cell in row.iterfind("s:c", NS):
            kind, value = cell.get("t", "n"), cell.findtext("s:v", "", NS)
            if kind == "s":
                value = strings[int(value)]
            elif kind == "inlineStr":
                value = "".join(t.text or "" for t in cell.iter(f"{{{NS['s']}}}t"))
            cells.append((kind, value))
        read.append(cells)
    return read


def test_a_sheet_holds_the_same_with_numbers_as_numbers(bob_browser):
    an_incident("=1+1", at=datetime(2026, 3, 10, 1, tzinfo=UTC), reopen_count=3, is_major=True)
    an_incident("http://evil.example \x0b\x01")
    answer = bob_browser.get(f"{LIST}export.xlsx?sort=id&columns=title&columns=opened_at&columns=is_major")
    assert answer["Content-Disposition"].endswith('.xlsx"')
    head, first, second = sheet(answer)
    assert [text for _kind, text in head] == ["Number", "Title", "Opened at", "Major incident"]
    assert first[1][1] == "=1+1"
    assert first[1][0] in {"s", "inlineStr"}
    # 2026-03-10 09:00 in Shanghai: 46091 days after 1899-12-30, and nine hours
    assert first[2] == ("n", "46091.375")
    assert first[3] == ("b", "1")
    assert second[1][1].startswith("http://evil.example")


def test_a_list_too_long_for_a_sheet_is_refused_with_a_way_out(bob_browser, monkeypatch):
    for _ in range(3):
        an_incident()
    monkeypatch.setattr(exports, "XLSX_ROWS", 3)
    answer = bob_browser.get(f"{LIST}export.xlsx")
    assert answer.status_code == 400
    assert "Export it as CSV" in answer.content.decode()


def test_who_may_not_export_gets_nothing(carol, carol_browser, dave_browser):
    an_incident(by=carol)
    assert carol_browser.get(f"{LIST}export.csv").status_code == 403
    assert dave_browser.get(f"{LIST}export.csv").status_code == 200


def test_a_filter_that_makes_no_sense_is_refused_before_the_first_byte(bob_browser):
    assert bob_browser.get(f"{LIST}export.csv?colour=red").status_code == 400


def test_every_kind_can_be_taken_out_with_every_column(olga, olga_browser):
    an_incident(by=olga)
    for kind in kinds():
        if "administrator" not in kind.may.get("export", ()):
            continue
        columns = "&".join(f"columns={field.name}" for field in kind.model._meta.concrete_fields)
        for form in ("csv", "xlsx"):
            answer = olga_browser.get(f"/{kind.app}/{kind.path}/export.{form}?{columns}")
            body = b"".join(answer.streaming_content)
            assert answer.status_code == 200, kind.name
            assert b"md5$" not in body


def test_an_export_shows_no_more_than_the_list(bob, alice, sign_in):
    """Files among staff, and what others see, are no columns; but numbers agree with the list."""
    incident = an_incident(by=bob)
    actions.comment(incident, "Secret", by=bob, internal=True)
    body = b"".join(sign_in(alice).get(f"{LIST}export.csv").streaming_content).decode()
    assert "Secret" not in body
    assert incident.number in body
