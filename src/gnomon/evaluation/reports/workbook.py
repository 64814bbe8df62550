"""A dashboard as XLSX: real numbers with their units, the list behind each, charts, and the records as rows."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gnomon.evaluation.boards.sheet import Graph, Section, Table, marks
from gnomon.evaluation.reports.behind import Behind, Row, behind
from gnomon.evaluation.reports.plain import Report, absolute
from gnomon.ui.charts.paper import light_colours
from gnomon.ui.tiles import Tile

# What Excel takes as the address of a link.
LONGEST_LINK = 2000
CHART_ROWS = 16
COLUMNS = (34, 22, 12, 32, 12, 12, 20)  # of the summary, in signs
# No text is ever a formula or a link of itself.
PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}


def xlsx(report: Report) -> bytes:
    """The report as a workbook; the same bytes for the same figures at the same moment."""
    import xlsxwriter  # a third of a second that a starting server does not need

    file = BytesIO()
    book = xlsxwriter.Workbook(file, PLAIN)
    made_at = timezone.localtime(report.made_at).replace(tzinfo=None, microsecond=0)
    book.set_properties({"title": str(report.board.title), "created": made_at})
    writer = _Writer(book)
    writer.summary(report)
    writer.charts(report)
    writer.figures(report)
    writer.rows(report)
    book.close()
    return file.getvalue()


class _Writer:
    """The four sheets of a report."""

    def __init__(self, book: Any) -> None:
        self.book = book
        form = book.add_format
        self.title, self.head = form({"bold": True, "font_size": 16}), form({"bold": True, "bottom": 1})
        self.part, self.soft = form({"bold": True, "font_size": 12, "font_color": light_colours()["accent"]}), form(
            {"font_color": light_colours()["ink-soft"], "text_wrap": False}
        )  # fmt: skip
        self.wrapped = form({"font_color": light_colours()["ink-soft"], "text_wrap": True, "valign": "top"})
        self.number, self.whole = form({"num_format": "#,##0.##"}), form({"num_format": "#,##0"})
        self.moment = form({"num_format": "yyyy-mm-dd hh:mm"})
        self.link = form({"font_color": light_colours()["accent"], "underline": 1})

    def summary(self, report: Report) -> None:
        """Tiles and tables, section by section."""
        page, line = self._page(_("Summary"), COLUMNS), 0
        self._text(page, line, 0, report.board.title, self.title)
        for said in (str(report.board.lead), *report.lines, str(report.sheet.empty)):
            if said:
                line += 1
                self._text(page, line, 0, said, self.soft)
        for section in report.sheet.sections:
            if section.tiles or section.tables or str(section.note):
                line = self._section(page, line + 2, section)

    def _section(self, page: Any, line: int, section: Section) -> int:
        self._text(page, line, 0, section.title, self.part)
        if section.tiles:
            heads = (_("Figure"), _("Value"), _("Unit"), _("Target"), _("Change"), _("Records"), _("List"))
            self._heads(page, line + 1, heads)
            line += 1
            for tile in section.tiles:
                line += 1
                self._tile(page, line, tile)
        for table in section.tables:
            line = self._table(page, line + 1, table)
        if str(section.note):
            line += 1
            self._note(page, line, str(section.note))
        return line

    def _note(self, page: Any, line: int, note: str) -> None:
        """A paragraph over all columns: a line of its own would make every other too small on paper."""
        page.merge_range(line, 0, line, len(COLUMNS) - 1, "", self.wrapped)
        self._text(page, line, 0, note, self.wrapped)
        page.set_row(line, 15 * (1 + len(note.encode()) // sum(COLUMNS)))

    def _tile(self, page: Any, line: int, tile: Tile) -> None:
        self._text(page, line, 0, tile.title)
        if isinstance(tile.value, int | float):
            page.write_number(line, 1, tile.value, self._format(tile.value))
        else:
            self._text(page, line, 1, tile.words)
        self._text(page, line, 2, tile.unit)
        self._text(page, line, 3, tile.target_words)
        self._text(page, line, 4, tile.change)
        self._count(page, line, 5, tile.count)
        self._linked(page, line, 6, tile.url)

    def _table(self, page: Any, line: int, table: Table) -> int:
        self._text(page, line, 0, table.title, self.head)
        if not table.rows:
            self._text(page, line + 1, 0, table.empty, self.soft)
            return line + 1
        self._heads(page, line + 1, table.heads)
        for row in table.rows:
            line += 1
            for at, cell in enumerate(row):
                if cell.value is not None:
                    page.write_number(line + 1, at, cell.value, self._format(cell.value))
                else:
                    self._text(page, line + 1, at, cell.words)
        return line + 1

    def charts(self, report: Report) -> None:
        """The figures of each chart, and the chart beside them."""
        page, line = self._page(_("Charts"), (30, 14, 14, 14, 14)), 0
        for section in report.sheet.sections:
            for graph in section.graphs:
                if graph.chart.drawable:
                    line = self._graph(page, line, graph) + 2

    def _graph(self, page: Any, line: int, graph: Graph) -> int:
        chart = graph.chart
        unit = f" ({chart.unit})" if str(chart.unit) else ""
        self._text(page, line, 0, f"{chart.title}{unit}", self.part)
        self._heads(page, line + 1, ["", *(one.name for one in chart.series)])
        first, last = line + 2, line + 1 + len(chart.labels)
        for at, label in enumerate(chart.labels):
            self._text(page, first + at, 0, label)
            for column, one in enumerate(chart.series, 1):
                value = one.value(at)
                if value is not None:
                    page.write_number(first + at, column, value, self._format(value))
        end = last
        for said in graph.lines:
            end += 1
            self._text(page, end, 0, said.text, self.soft)
        self._drawn(page, line, first, last, graph)
        return max(end, line + CHART_ROWS)

    def _drawn(self, page: Any, line: int, first: int, last: int, graph: Graph) -> None:
        kinds = {"lying": "bar", "lines": "line", "area": "area", "control": "line"}
        options = {"type": kinds.get(graph.form, "column")}
        if graph.form in {"lying", "stacked"}:
            options["subtype"] = "stacked"
        drawing = self.book.add_chart(options)
        for column, one in enumerate(graph.chart.series, 1):
            tone = f"c{one.tone}" if str(one.tone).isdigit() else f"{one.tone}-fill"
            colour = {"color": light_colours()[tone]}
            drawing.add_series({
                "name": [page.name, line + 1, column], "categories": [page.name, first, 0, last, 0],
                "values": [page.name, first, column, last, column], "line": colour, "fill": colour,
            })  # fmt: skip
        drawing.set_title({"name": str(graph.chart.title), "overlay": False, "name_font": {"size": 11}})
        drawing.set_legend({"position": "bottom"} if len(graph.chart.series) > 1 else {"none": True})
        if graph.form == "lying":
            drawing.set_y_axis({"reverse": True})
        drawing.set_size({"width": 560, "height": 300})
        page.insert_chart(line, len(graph.chart.series) + 2, drawing)

    def figures(self, report: Report) -> None:
        """Every figure of the dashboard as one row, each day, week or month of a chart too."""
        page = self._page(_("Figures"), (26, 34, 22, 22, 14, 14, 12, 60))
        heads = (
            _("Section"), _("Figure"), pgettext("of a chart", "Series"), _("Step or value"), _("Value"), _("Unit"),
            _("Records"), _("List"),
        )  # fmt: skip
        self._heads(page, 0, heads)
        line = 0
        for line, mark in enumerate(marks(report.sheet), 1):
            for at, text in enumerate((mark.section, mark.figure, mark.series, mark.label)):
                self._text(page, line, at, text)
            if mark.value is not None:
                page.write_number(line, 4, mark.value, self._format(mark.value))
            self._text(page, line, 5, mark.unit)
            self._count(page, line, 6, mark.count)
            self._text(page, line, 7, absolute(mark.url))
        page.freeze_panes(1, 0)
        if line:
            page.autofilter(0, 0, line, len(heads) - 1)

    def rows(self, report: Report) -> None:
        """The records behind the figures, to be sorted, filtered and counted on; how many are not there stands above."""
        page = self._page(_("Rows"), (22, 28, 14, 44, 16, 22, 20, 12, 17, 17, 12, 8, 12))
        heads = (
            _("Section"), _("Figure"), _("Number"), _("Title"), _("Status"), _("Service"), _("Team"), _("Priority"),
            _("Began"), _("Ended"), _("Value"), _("Unit"), _("Counts for the share"),
        )  # fmt: skip
        found = list(behind(report))
        says = _("The records behind the figures; one stands once for each figure that counts it.")
        self._text(page, 0, 0, says, self.soft)
        short = [f"{one.figure}: {one.says}" for one in found if one.says]
        says = _("Not all are here; the lists of the figures hold the rest.") if short else _("All are here.")
        self._text(page, 1, 0, " ".join([says, "; ".join(short)]).strip(), self.soft)
        self._heads(page, 3, heads)
        line = 3
        for one in found:
            for row in one.rows:
                line += 1
                self._row(page, line, one, row)
        page.freeze_panes(4, 3)
        if line > 3:
            page.autofilter(3, 0, line, len(heads) - 1)

    def _row(self, page: Any, line: int, one: Behind, row: Row) -> None:
        for at, text in enumerate((one.section, one.figure, *row.facts)):
            self._text(page, line, at, text)
        page.write_url(line, 2, absolute(row.url), self.link, row.facts[0])
        for at, moment in ((8, row.began), (9, row.ended)):
            if moment is not None:
                page.write_datetime(
                    line, at, timezone.localtime(moment).replace(tzinfo=None, microsecond=0), self.moment
                )
        if row.value is not None:
            page.write_number(line, 10, row.value, self._format(row.value))
            self._text(page, line, 11, one.unit)
        self._text(page, line, 12, row.counts)

    def _page(self, name: str, widths: Sequence[int]) -> Any:
        page = self.book.add_worksheet(name)
        for at, width in enumerate(widths):
            page.set_column(at, at, width)
        page.hide_gridlines(2)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        return page

    def _format(self, value: float) -> Any:
        return self.whole if float(value).is_integer() else self.number

    def _heads(self, page: Any, line: int, heads: Sequence[Any]) -> None:
        for at, head in enumerate(heads):
            self._text(page, line, at, head, self.head)

    def _count(self, page: Any, line: int, at: int, count: int | None) -> None:
        if count is not None:
            page.write_number(line, at, count, self.whole)

    def _linked(self, page: Any, line: int, at: int, url: str) -> None:
        if url and len(absolute(url)) <= LONGEST_LINK:
            page.write_url(line, at, absolute(url), self.link, _("Open the list"))

    def _text(self, page: Any, line: int, at: int, text: Any, form: Any = None) -> None:
        """Always as text: what begins like a formula stays words."""
        page.write_string(line, at, str(text)[:32_000], form)
