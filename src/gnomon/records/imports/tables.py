"""Tables in text: separators, repeated names, rows too wide or too narrow, one row at a time."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from gnomon.records.imports.encodings import Text, examine
from gnomon.records.imports.findings import Finding, error, warning
from gnomon.records.imports.opening import opened
from gnomon.records.imports.refusals import UnreadableFile

SEPARATORS = ",;\t|"
LONGEST_CELL = 1_000_000
SAMPLE = 64 * 1024
csv.field_size_limit(max(csv.field_size_limit(), LONGEST_CELL))

TOO_LONG = gettext_noop(
    "A quoted cell begins here and does not end within a million characters; the file was left out up to line %(line)s."
)
TOO_WIDE = gettext_noop("The row has %(cells)d cells for %(columns)d columns; what stands beyond was left out.")
TOO_NARROW = gettext_noop("The row has %(cells)d cells for %(columns)d columns; it seems to be broken off.")
BAD_BYTES = gettext_noop("The row holds bytes that are not %(encoding)s.")
NUL = gettext_noop("NUL characters were taken out of the row.")
GUESSED = gettext_noop(
    "The file is not UTF-8; its encoding was taken to be %(encoding)s. Name it in the mapping if that is wrong."
)

Report = Callable[[Finding], None]


class Row(NamedTuple):
    """Cells, with the row's number as a spreadsheet shows it: the header is row 1."""

    number: int
    cells: list[str]


class Table(Protocol):
    """Columns and rows, whatever the file is; rows can be read again and again."""

    @property
    def columns(self) -> tuple[str, ...]: ...

    @property
    def text(self) -> Text: ...

    def rows(self, report: Report) -> Iterator[Row]: ...

    def column(self, at: int) -> Iterator[str]:
        """One cell of each row, for a first look."""
        ...


@dataclass(frozen=True, slots=True)
class CsvTable:
    """A table of separated values; `fill` lets rows end early, their last cells being empty."""

    path: Path
    text: Text
    separator: str
    columns: tuple[str, ...]
    header_row: int = 1
    fill: bool = False

    def rows(self, report: Report) -> Iterator[Row]:
        """Each row that is whole; the others are reported, with their numbers, and left out."""
        width = len(self.columns)
        careful = self.text.has_nul or self.text.has_faults
        if self.text.guessed:
            report(warning(GUESSED, encoding=self.text.encoding))
        for number, cells in self._records(report):
            if len(cells) != width and not self._fits(number, cells, width, report):
                continue
            if careful and not self._is_clean(number, cells, report):
                continue
            yield Row(number, cells)

    def column(self, at: int) -> Iterator[str]:
        """One cell of each row that has it; nothing is reported yet."""
        for _number, cells in self._records(_silent):
            if at < len(cells):
                yield cells[at]

    def _records(self, report: Report) -> Iterator[tuple[int, list[str]]]:
        with opened(self.path) as file:
            reader = csv.reader(_characters(file, self.text), delimiter=self.separator)
            number = 0
            while True:
                number += 1
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error:
                    report(error(TOO_LONG, number, line=f"{reader.line_num:,}"))
                    continue
                if cells and number > self.header_row:
                    yield number, cells

    def _fits(self, number: int, cells: list[str], width: int, report: Report) -> bool:
        given = len(cells)
        if given > width:
            if any(cells[width:]):
                beyond = self.separator.join(cells[width:])
                report(warning(TOO_WIDE, number, "", beyond, cells=given, columns=width))
            del cells[width:]
            return True
        if not self.fill:
            report(error(TOO_NARROW, number, "", cells[-1], cells=given, columns=width))
            return False
        cells += [""] * (width - given)
        return True

    def _is_clean(self, number: int, cells: list[str], report: Report) -> bool:
        whole = "".join(cells)
        if "\0" in whole:
            report(warning(NUL, number))
            cells[:] = [cell.replace("\0", "") for cell in cells]
        try:
            whole.encode()
        except UnicodeEncodeError:
            report(error(BAD_BYTES, number, "", whole, encoding=self.text.encoding.upper()))
            return False
        return True


def csv_table(path: Path, encoding: str = "", separator: str = "", fill: bool = False) -> CsvTable:
    """Open a table of separated values: encoding, separator and columns are found out unless given."""
    text = examine(path, encoding)
    sample, said = _sample(path, text)
    chosen = separator or said or _separator(sample)
    header_row = 1
    with opened(path) as file:
        reader = csv.reader(_characters(file, text), delimiter=chosen)
        try:
            header = next(reader)
            while not any(header) or (said and header_row == 1):
                header, header_row = next(reader), header_row + 1
        except StopIteration:
            raise UnreadableFile(_("%(file)s has no header row.") % {"file": path.name}) from None
        except csv.Error as fault:
            raise UnreadableFile(
                _("%(file)s is no table: its first row does not end.") % {"file": path.name}
            ) from fault
    return CsvTable(path, text, chosen, named(header), header_row, fill)


def _silent(_finding: Finding) -> None:
    """The first look only looks; the second one reports."""


def named(header: list[str]) -> tuple[str, ...]:
    """Column names, each once: a second “Labels” becomes “Labels #2”, a nameless one “Column 7”."""
    seen: Counter[str] = Counter()
    names: list[str] = []
    for position, cell in enumerate(header, 1):
        name = " ".join(cell.replace("\0", "").encode(errors="replace").decode().split()) or f"Column {position}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} #{seen[name]}")
    return tuple(names)


def base_name(column: str) -> str:
    """The name as it stood in the file: “Labels #2” was “Labels”."""
    name, mark, count = column.rpartition(" #")
    return name if mark and count.isdigit() else column


def _characters(file: BinaryIO, text: Text) -> io.TextIOWrapper:
    file.read(text.bom)
    errors = "surrogateescape" if text.has_faults else "strict"
    return io.TextIOWrapper(file, text.encoding, errors, newline="")


def _sample(path: Path, text: Text) -> tuple[str, str]:
    """The beginning of the file, and the separator that Excel's first line `sep=;` names."""
    with opened(path) as file:
        sample = _characters(file, text).read(SAMPLE)
    first = sample.partition("\n")[0].strip().strip('"').lower()
    said = first.removeprefix("sep=") if first.startswith("sep=") else ""
    return sample, said if len(said) == 1 else "\t" if first == "sep=\\t" else ""


def _separator(sample: str) -> str:
    """The separator under which most rows have the header's width; the wider table wins."""
    best, chosen = (0.0, 0), ","
    lines = list(io.StringIO(sample, newline=""))
    if len(sample) >= SAMPLE:
        lines = lines[:-1]
    for separator in SEPARATORS:
        try:
            rows = [row for row in csv.reader(lines[:200], delimiter=separator) if row]
        except csv.Error:
            continue
        if not rows or len(rows[0]) < 2:
            continue
        alike = sum(len(row) == len(rows[0]) for row in rows) / len(rows)
        if (round(alike, 1), len(rows[0])) > best:
            best, chosen = (round(alike, 1), len(rows[0])), separator
    return chosen
