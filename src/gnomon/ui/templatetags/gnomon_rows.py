"""Cells of list pages, drawn in Python: a page of rows holds hundreds, and each template include costs."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from gnomon.ui import clocks
from gnomon.ui.show import show
from gnomon.ui.tables import Column, Row
from gnomon.ui.values import TimeLeft

register = template.Library()


@register.simple_tag
def clock_tone(clock: TimeLeft) -> str:
    return clocks.tone(clock)


@register.simple_tag
def row_cells(row: Row, columns: Sequence[Column]) -> SafeString:
    """One `<td>` for each column; the first holds the link to the record."""
    return format_html_join("", "{}", ((_cell(row, at, column),) for at, column in enumerate(columns)))


def _cell(row: Row, at: int, column: Column) -> SafeString:
    value = row.cells[at]
    drawn = show(value)
    if at == 0:
        drawn = format_html('<a class="row-link" href="{}" data-open>{}</a>{}', row.url, drawn, _others(row))
    elif column.main and isinstance(value, str):
        drawn = format_html('<a class="row-title" href="{}" tabindex="-1">{}</a>', row.url, drawn)
    classes = " ".join(
        name
        for name, holds in (
            ("list-main", column.main),
            ("list-end", column.align == "end"),
            ("list-wide", not column.narrow),
            ("list-first", at == 0),
        )
        if holds
    )
    return format_html('<td class="{}" data-title="{}">{}</td>', classes, column.title, drawn)


def _others(row: Row) -> SafeString:
    """Who else looks at the record now."""
    if not row.others:
        return SafeString("")
    names = ", ".join(map(str, row.others))
    return format_html('<span class="others" title="{}"><span class="visually-hidden">{}</span></span>', names, names)
