"""Files in the encodings that people send."""

from __future__ import annotations

import codecs
import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.records.imports.makers import read_all

from gnomon.records.imports.encodings import examine
from gnomon.records.imports.refusals import UnreadableFile
from gnomon.records.imports.tables import csv_table

CHINESE = "编号,标题,类别\n1,打印机坏了,硬件\n2,邮箱容量不足，请处理,邮件\n"
WESTERN = "number,title\n1,Café fermé à Zürich\n"

texts = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\0\r\n\ufeff"), min_size=0, max_size=12
).map(str.strip)


@given(
    rows=st.lists(st.lists(texts, min_size=3, max_size=3), min_size=1, max_size=6),
    encoding=st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "gb18030")),
    separator=st.sampled_from(",;\t|"),
    line_end=st.sampled_from(("\n", "\r\n")),
)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_written_is_read(
    tmp_path: Path, rows: list[list[str]], encoding: str, separator: str, line_end: str
) -> None:
    path = tmp_path / "table.csv"
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator=line_end, quoting=csv.QUOTE_ALL)
    writer.writerows([["number", "title", "notes"], *rows])
    path.write_bytes(text.getvalue().encode(encoding))

    named = "" if encoding in ("utf-8-sig", "utf-16") else encoding
    read, findings = read_all(csv_table(path, named, separator))

    assert [row.cells for row in read] == rows
    assert [row.number for row in read] == list(range(2, len(rows) + 2))
    assert findings == []


@pytest.mark.parametrize(
    ("written", "mark", "read_as"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", codecs.BOM_UTF8, "utf-8"),
        ("utf-16-le", codecs.BOM_UTF16_LE, "utf-16-le"),
        ("utf-16-be", codecs.BOM_UTF16_BE, "utf-16-be"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
        ("gbk", b"", "gb18030"),
        ("gb18030", b"", "gb18030"),
    ],
)
def test_chinese_is_recognised_whatever_wrote_it(tmp_path: Path, written: str, mark: bytes, read_as: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(mark + CHINESE.encode(written))

    table = csv_table(path)
    read, findings = read_all(table)

    assert table.text.encoding == read_as
    assert table.columns == ("编号", "标题", "类别")
    assert [row.cells[1] for row in read] == ["打印机坏了", "邮箱容量不足，请处理"]
    assert findings == []


def test_gbk_is_recognised_though_the_first_megabytes_are_ascii(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"number,title\n" + b"1,plain\n" * 300_000 + "2,打印机坏了\n".encode("gbk"))

    assert examine(path).encoding == "gb18030"


def test_a_western_file_is_a_guess_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(WESTERN.encode("cp1252"))

    read, findings = read_all(csv_table(path))

    assert read[0].cells[1] == "Café fermé à Zürich"
    assert [finding.says for finding in findings] == [
        "The file is not UTF-8; its encoding was taken to be cp1252. Name it in the mapping if that is wrong."
    ]


def test_a_row_with_broken_bytes_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes("编号,标题\n1,打印机\n2,坏".encode() + b"\xff" + "了\n3,邮箱\n".encode())

    read, findings = read_all(csv_table(path))

    assert [row.number for row in read] == [2, 4]
    assert [(finding.row, finding.says) for finding in findings] == [(3, "The row holds bytes that are not UTF-8.")]


def test_a_broken_utf16_file_is_refused_with_its_place(tmp_path: Path) -> None:
    # mark 2 bytes + "ab\nc" 8 bytes, then half a character: byte 10, in line 2
    path = tmp_path / "table.csv"
    path.write_bytes(codecs.BOM_UTF16_LE + "ab\nc".encode("utf-16-le") + b"\x00\xd8")

    with pytest.raises(UnreadableFile, match=r"is not UTF-16-LE: byte 10, in line 2, fits no character"):
        csv_table(path)


def test_bytes_that_are_no_text_are_refused_with_their_place(tmp_path: Path) -> None:
    path = tmp_path / "photo.csv"
    path.write_bytes(b"number,title\n1,x\n2,\x81\x8d\x90 \x9d\xff\n")

    with pytest.raises(UnreadableFile, match=r"photo\.csv is not UTF-8: byte 19, in line 3"):
        csv_table(path)


def test_an_unknown_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a,b\n")

    with pytest.raises(UnreadableFile, match="There is no encoding called “klingon”"):
        csv_table(path, "klingon")
