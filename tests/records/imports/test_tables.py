"""Tables as they come: packed, crooked, repeated, broken."""

from __future__ import annotations

import gzip
import tracemalloc
import zipfile
from pathlib import Path

import pytest
import zstandard
from tests.records.imports.makers import read_all

from gnomon.records.imports import opening
from gnomon.records.imports.encodings import examine
from gnomon.records.imports.refusals import UnreadableFile
from gnomon.records.imports.tables import CsvTable, csv_table

PLAIN = b"number,title\n1,Mail\n2,Print\n"


def a_table(tmp_path: Path, content: bytes | str, name: str = "table.csv") -> CsvTable:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return csv_table(path)


def cells(table: CsvTable) -> list[list[str]]:
    return [row.cells for row in read_all(table)[0]]


@pytest.mark.parametrize(
    "packed",
    [
        PLAIN,
        gzip.compress(PLAIN),
        zstandard.compress(PLAIN),
        zstandard.compress(PLAIN[:10]) + zstandard.compress(PLAIN[10:]),
    ],
    ids=["plain", "gz", "zst", "zst in two frames"],
)
def test_a_packed_file_is_read_by_its_content_whatever_its_name(tmp_path: Path, packed: bytes) -> None:
    table = a_table(tmp_path, packed, "table.dat")

    assert cells(table) == [["1", "Mail"], ["2", "Print"]]
    assert table.text.lines == 3


def test_a_zip_with_one_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "table.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside/table.csv", PLAIN)

    assert cells(csv_table(path)) == [["1", "Mail"], ["2", "Print"]]


def test_a_zip_with_two_files_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "tables.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", PLAIN)
        archive.writestr("b.csv", PLAIN)

    with pytest.raises(UnreadableFile, match=r"tables\.zip holds 2 files\. Put one file into each \.zip\."):
        csv_table(path)


def test_an_excel_workbook_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")

    with pytest.raises(UnreadableFile, match=r"is an Excel workbook\. Save the sheet as “CSV UTF-8”"):
        csv_table(path)


def test_a_download_that_broke_off_says_where(tmp_path: Path) -> None:
    whole = gzip.compress(b"number,title\n" + b"".join(b"%d,Mail %d\n" % (n, n * n) for n in range(50_000)))

    with pytest.raises(UnreadableFile, match=r"table\.csv is damaged after [\d,]+ unpacked bytes\. Fetch it again\."):
        a_table(tmp_path, whole[: len(whole) // 2])


def test_a_file_that_unpacks_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MOST_BYTES", 1_000_000)

    with pytest.raises(UnreadableFile, match="holds more than"):
        a_table(tmp_path, gzip.compress(b"0\n" * 2_000_000))


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found_out(tmp_path: Path, separator: str) -> None:
    # the decimal commas and the semicolon inside quotes must not mislead
    lines = ["number", "price", "notes"], ["1", "3,50", '"a; b"'], ["2", "4,75", "c"]
    joined = "\n".join(separator.join(f'"{c}"' if "," in c else c for c in line) for line in lines)

    table = a_table(tmp_path, joined)

    assert table.separator == separator
    assert cells(table)[0][1] == "3,50"


def test_the_line_that_excel_writes_for_itself_names_the_separator(tmp_path: Path) -> None:
    table = a_table(tmp_path, "sep=;\nnumber;title\n1;Mail, slow\n")

    assert table.columns == ("number", "title")
    assert read_all(table)[0] == [(3, ["1", "Mail, slow"])]


def test_repeated_and_nameless_columns_get_names_of_their_own(tmp_path: Path) -> None:
    table = a_table(tmp_path, "Labels,Labels,,Labels\na,b,c,d\n")

    assert table.columns == ("Labels", "Labels #2", "Column 3", "Labels #3")


def test_rows_beyond_the_header_lose_what_stands_beyond_and_it_is_said(tmp_path: Path) -> None:
    read, findings = read_all(a_table(tmp_path, "a,b\n1,2,,\n1,2,3\n"))

    assert [row.cells for row in read] == [["1", "2"], ["1", "2"]]
    assert [(f.row, str(f.severity), f.says) for f in findings] == [
        (3, "warning", "The row has 3 cells for 2 columns; what stands beyond was left out.")
    ]


def test_a_row_that_is_broken_off_is_left_out_and_named(tmp_path: Path) -> None:
    read, findings = read_all(a_table(tmp_path, "a,b,c\n1,2,3\n4,5\n6,7,8\n"))

    assert [row.number for row in read] == [2, 4]
    assert [(f.row, str(f.severity), f.says) for f in findings] == [
        (3, "error", "The row has 2 cells for 3 columns; it seems to be broken off.")
    ]


def test_rows_may_end_early_when_the_mapping_says_so(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a,b,c\n4,5\n")

    assert cells(csv_table(path, fill=True)) == [["4", "5", ""]]


def test_lines_within_quotes_and_blank_lines_keep_the_count_of_a_spreadsheet(tmp_path: Path) -> None:
    read, _findings = read_all(a_table(tmp_path, 'a,b\r\n1,"two\r\nlines"\r\n\r\n3,4\r\n'))

    assert read == [(2, ["1", "two\r\nlines"]), (4, ["3", "4"])]


def test_nul_characters_are_taken_out_and_it_is_said(tmp_path: Path) -> None:
    read, findings = read_all(a_table(tmp_path, "a,b\n1,Ma\0il\n2,Print\n"))

    assert [row.cells for row in read] == [["1", "Mail"], ["2", "Print"]]
    assert [(f.row, f.says) for f in findings] == [(2, "NUL characters were taken out of the row.")]


def test_a_quote_that_never_ends_is_named_and_later_rows_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # 600,000 characters before the limit of a million would take the test's time, not show more
    import csv

    before = csv.field_size_limit(50_000)
    try:
        read, findings = read_all(a_table(tmp_path, 'a,b\n1,"begins\n' + "x,y\n" * 20_000 + "8,9\n"))
    finally:
        csv.field_size_limit(before)

    assert read[-1].cells == ["8", "9"]
    assert findings[0].row == 2
    assert "does not end within a million characters" in findings[0].says


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "is empty"), (b"\xef\xbb\xbf", "is empty"), (b"\n\n\n", "has no header row")],
    ids=["nothing", "only a mark", "only line ends"],
)
def test_a_file_without_rows_says_so(tmp_path: Path, content: bytes, says: str) -> None:
    with pytest.raises(UnreadableFile, match=says):
        a_table(tmp_path, content)


def test_a_line_of_many_megabytes_is_no_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gnomon.records.imports.encodings.LONGEST_LINE", 2_000_000)

    with pytest.raises(UnreadableFile, match="has a line of more than 2 million bytes"):
        a_table(tmp_path, b"x" * 5_000_000)


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"gone\.csv cannot be read: No such file or directory\."):
        examine(tmp_path / "gone.csv")


def test_a_large_file_is_read_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("w") as file:
        file.write("number,title,notes\n")
        file.writelines(f"{n},Mail is slow,{'x' * 60}\n" for n in range(100_000))  # 8 MB

    tracemalloc.start()
    try:
        count = sum(1 for _row in csv_table(path).rows(lambda _finding: None))
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert count == 100_000
    assert peak < 6_000_000  # two pieces of a megabyte and their text, not the file
