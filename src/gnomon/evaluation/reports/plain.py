"""A dashboard as plain data: what the printed report is given, and nothing that it could take for markup."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from gnomon.evaluation.boards.declared import Asked, Dashboard
from gnomon.evaluation.boards.sheet import Cell, Graph, Line, Section, Sheet, Table
from gnomon.evaluation.queries.dimensions import NONE
from gnomon.evaluation.reports.face import FACE
from gnomon.records.kinds import kind_named
from gnomon.ui.charts.paper import light_colours, on_paper
from gnomon.ui.durations import date_words
from gnomon.ui.tiles import Tile

COLOURS = ("ink", "ink-soft", "ink-faint", "line", "accent", "ok", "warn", "danger", "ground")


@dataclass(frozen=True, slots=True)
class Report:
    """A dashboard as it was asked for at a moment."""

    board: Dashboard
    asked: Asked
    sheet: Sheet

    @property
    def made_at(self) -> datetime:
        return self.asked.now

    @property
    def lines(self) -> list[str]:
        """Of which days, narrowed to what, and made when: what a figure without its page would lack."""
        first, last = self.asked.choice.days
        said = []
        if self.board.has_period:
            said.append(_("From %(start)s to %(end)s") % {"start": date_words(first), "end": date_words(last)})
        said += narrowing_words(self.asked)
        local = timezone.localtime(self.made_at)
        moment = f"{local:%Y-%m-%d %H:%M} ({timezone.get_current_timezone_name()})"
        return [*said, _("Made at %(moment)s") % {"moment": moment}]


def narrowing_words(asked: Asked) -> list[str]:
    """`Service: Mail`, for each part that the records were narrowed to."""
    incidents: Any = kind_named("incident").model
    said = []
    for name, values in asked.choice.within.items():
        field = incidents._meta.get_field(name)
        titles = dict(field.flatchoices) if field.choices else {}
        shown = [_("None") if value == NONE else str(_title(field, value, titles)) for value in values]
        said.append(
            _("%(name)s: %(values)s") % {"name": str(field.verbose_name).capitalize(), "values": ", ".join(shown)}
        )
    return said


def _title(field: Any, value: str, titles: Any) -> Any:
    if field.related_model is not None:
        found = field.related_model.objects.filter(number=value).values_list("title", flat=True).first()
        return found or value
    return titles.get(int(value), value) if value.isdigit() else value


def absolute(url: str) -> str:
    """An address that also works from a file."""
    return f"{settings.PUBLIC_URL}{url}" if url.startswith("/") else url


def plain(report: Report) -> dict[str, Any]:
    """All that is printed; every text is data."""
    return {
        "language": "zh" if (get_language() or "").startswith("zh") else "en",
        "title": str(report.board.title),
        "lead": str(report.board.lead),
        "lines": report.lines,
        "empty": str(report.sheet.empty),
        "sections": [_section(one) for one in report.sheet.sections],
        "face": FACE,
        "colours": {name: light_colours()[name] for name in COLOURS},
        "words": {
            "page": _("Page"),
            "of": pgettext("page 1 of 3", "of"),
            "target": _("target"),
            "records": _("records"),
        },
    }


def _section(one: Section) -> dict[str, Any]:
    return {
        "title": str(one.title),
        "note": str(one.note),
        "tiles": [_tile(tile) for tile in one.tiles],
        "graphs": [_graph(graph) for graph in one.graphs],
        "tables": [_table(table) for table in one.tables],
    }


def _tile(tile: Tile) -> dict[str, Any]:
    return {
        "title": str(tile.title), "value": tile.words, "unit": str(tile.unit) if tile.value is not None else "",
        "target": str(tile.target_words), "change": tile.change, "note": str(tile.note), "tone": tile.tone,
        "url": absolute(tile.url), "spark": on_paper(tile.spark, FACE),
    }  # fmt: skip


def _graph(graph: Graph) -> dict[str, Any]:
    chart = graph.chart
    names = [(f"c{one.tone}" if str(one.tone).isdigit() else f"{one.tone}-fill", str(one.name)) for one in chart.series]
    return {
        "title": str(chart.title), "unit": str(chart.unit), "svg": on_paper(graph.drawn, FACE),
        "empty": str(chart.empty) or _("There are no figures for this yet."),
        "legend": [{"colour": light_colours()[tone], "name": name} for tone, name in names] if len(names) > 1 else [],
        "lines": [_line(line) for line in graph.lines],
        "rules": [str(rule.title) for rule in chart.lines],
    }  # fmt: skip


def _line(line: Line) -> dict[str, str]:
    return {"text": str(line.text), "url": absolute(line.url)}


def _table(table: Table) -> dict[str, Any]:
    return {
        "title": str(table.title),
        "heads": [str(head) for head in table.heads],
        "rows": [[_cell(cell) for cell in row] for row in table.rows],
        "empty": str(table.empty),
        "texts": table.texts,
    }


def _cell(cell: Cell) -> dict[str, str]:
    return {
        "words": str(cell.words), "url": absolute(cell.url), "tone": cell.tone, "spark": on_paper(cell.spark, FACE),
    }  # fmt: skip
