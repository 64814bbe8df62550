"""A list as a file: exactly what is filtered, in the order shown."""

# One return for each type of value reads best.
from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime, tzinfo
from decimal import Decimal
from tempfile import TemporaryFile
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from gnomon.records import permissions
from gnomon.records.kinds import Kind
from gnomon.records.listing import Listing
from gnomon.records.refusals import InvalidFacts
from gnomon.records.showing import field_title, shown
from gnomon.records.views.columns import chosen_columns
from gnomon.records.views.finding import person_of
from gnomon.ui.values import LongText, Ref, Status, Tag, Who

CHUNK = 2000
PIECE = 64_000
XLSX_ROWS = 1_048_576


def export(request: HttpRequest, kind: Kind, form: str) -> HttpResponseBase:
    """The filtered list as CSV or XLSX."""
    person = person_of(request)
    permissions.require(person, "export", kind)
    listing = Listing(kind, person, dict(request.GET.lists()), whole=True)
    names = [name for name in chosen_columns(kind, request) if name not in kind.extra_columns]
    name = f"{kind.path}-{timezone.localdate():%Y-%m-%d}.{form}"
    if form == "csv":
        pieces = _as_asked(_csv(kind, listing, names))
        answer = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer
    if listing.count() >= XLSX_ROWS:
        says = _("A sheet of XLSX holds fewer rows than this list. Export it as CSV, or filter it.")
        raise InvalidFacts(says, {"format": says})
    return FileResponse(_xlsx(kind, listing, names), as_attachment=True, filename=name)


def _as_asked(pieces: Iterator[str]) -> Iterator[str]:
    """Pieces made in the language and time zone of now: they are sent when the request is over and both are gone."""
    return _in(pieces, translation.get_language(), timezone.get_current_timezone())


def _in(pieces: Iterator[str], language: str | None, zone: tzinfo) -> Iterator[str]:
    while True:
        with translation.override(language), timezone.override(zone):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


def _rows(kind: Kind, listing: Listing, names: list[str]) -> Iterator[list[Any]]:
    related = [name for name in names if listing.is_relation(name)]
    query = listing.ordered()
    for record in (query.select_related(*related) if related else query).iterator(chunk_size=CHUNK):
        yield [shown(kind, record, name) for name in names]


def _csv(kind: Kind, listing: Listing, names: list[str]) -> Iterator[str]:
    line = io.StringIO()
    writer = csv.writer(line)
    yield "\ufeff"  # spreadsheets take a file for Latin text without it
    writer.writerow([field_title(kind, name) for name in names])
    for row in _rows(kind, listing, names):
        writer.writerow([csv_text(_local(value)) for value in row])
        if line.tell() > PIECE:
            yield line.getvalue()
            line.seek(0)
            line.truncate()
    yield line.getvalue()


def _xlsx(kind: Kind, listing: Listing, names: list[str]) -> Any:
    import xlsxwriter  # a third of a second that a starting server does not need

    file = TemporaryFile()  # noqa: SIM115 - the response closes it
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    head, moment = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for at, name in enumerate(names):
        sheet.write_string(0, at, field_title(kind, name), head)
        sheet.set_column(at, at, 40 if name == "title" else 18)
    sheet.freeze_panes(1, 0)
    for line, row in enumerate(_rows(kind, listing, names), 1):
        for at, value in enumerate(row):
            _cell(sheet, line, at, _local(value), moment)
    book.close()
    file.seek(0)
    return file


def _cell(sheet: Any, line: int, at: int, value: Any, moment: Any) -> None:
    if isinstance(value, bool) or value is None:
        sheet.write(line, at, value)
    elif isinstance(value, int | float | Decimal):
        sheet.write_number(line, at, value)
    elif isinstance(value, datetime):
        sheet.write_datetime(line, at, value.replace(tzinfo=None), moment)
    else:
        sheet.write_string(line, at, plain(value)[:32_000])


def csv_text(value: Any) -> str:
    """A value for a spreadsheet, where text that begins like a formula must not become one."""
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return str(value)
    text = plain(value)
    return f"'{text}" if text[:1] in FORMULA_BEGINS else text


# Full-width signs begin formulas too, in spreadsheets that are used in Chinese.
FORMULA_BEGINS = frozenset("=+-@\t\r\n＝＋－＠")


def plain(value: Any) -> str:
    """A shown value as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, Status | Ref | Tag):
        return str(value.title)
    if isinstance(value, Who):
        return str(value.name)
    if isinstance(value, LongText):
        return value.text
    if isinstance(value, list):
        return "; ".join(plain(one) for one in value)
    return str(value)


def _local(value: Any) -> Any:
    return timezone.localtime(value) if isinstance(value, datetime) else value
