"""Rows of list pages, drawn in Python: a page holds hundreds of cells, and each template include costs."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from gnomon.ui import clocks
from gnomon.ui.icons import icon
from gnomon.ui.markup import html, joined
from gnomon.ui.show import show
from gnomon.ui.tables import Column, Row

register = template.Library()

TICK = (
    '<td class="list-tick"><label class="tick">'
    '<input type="checkbox" class="form-check-input" name="number" value="{}">'
    '<span class="visually-hidden">{}</span></label></td>'
)


@register.simple_tag
def record_rows(rows: Sequence[Row], columns: Sequence[Column], ticks: object = None) -> SafeString:
    """A `<tr>` for each row, a `<td>` for each column, the first with the link to the record; boxes when `ticks`."""
    opened = [_opened(at, column) for at, column in enumerate(columns)]
    select = _("Select %(number)s") if ticks else ""
    return joined(_row(row, columns, opened, select) for row in rows)


def _row(row: Row, columns: Sequence[Column], opened: Sequence[str], select: str) -> SafeString:
    edge = html(' class="edge-{}"', clocks.tone(row.clock)) if row.clock is not None else ""
    tick = html(TICK, row.number, select % {"number": row.number}) if select else ""
    cells = [
        f"{start}{_cell(row, at, column)}</td>" for at, (column, start) in enumerate(zip(columns, opened, strict=True))
    ]
    start = html('<tr id="row-{}" data-row data-mark="{}"{}>', row.number, row.mark, edge)
    return joined([start, tick, *cells, "</tr>\n"])


def _opened(at: int, column: Column) -> SafeString:
    """The start of a column's cells, the same in every row."""
    looks = {
        "list-main": column.main,
        "list-end": column.align == "end",
        "list-wide": not column.narrow,
        "list-first": at == 0,
    }
    return html('<td class="{}" data-title="{}">', " ".join(name for name, has in looks.items() if has), column.title)


def _cell(row: Row, at: int, column: Column) -> SafeString:
    value = row.cells[at]
    if at == 0:
        return html('<a class="row-link" href="{}" data-open>{}</a>{}', row.url, show(value), _others(row))
    if column.main and isinstance(value, str):
        return html('<a class="row-title" href="{}" tabindex="-1">{}</a>', row.url, show(value))
    return show(value)


def _others(row: Row) -> SafeString | str:
    """Who else looks at the record now."""
    if not row.others:
        return ""
    names = ", ".join(map(str, row.others))
    looks = "others others-edit" if row.edited else "others"
    sign = icon("edit" if row.edited else "eye")
    return html(
        '<span class="{}" title="{}">{}<span class="visually-hidden">{}</span></span>', looks, names, sign, names
    )
