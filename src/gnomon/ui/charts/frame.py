"""What every chart shares: the figure around it, axes, rules, the legend and the table behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from gnomon.ui.charts.data import Chart, Size
from gnomon.ui.charts.scales import Scale, decimals, every, shortened, text_width, ticks
from gnomon.ui.charts.svg import Part, tag
from gnomon.ui.markup import html, joined
from gnomon.ui.numbers import number_words

TEXT = 12.0
WORD = 60.0


@dataclass(frozen=True, slots=True)
class Plot:
    """The room for the data inside the view box, and the scale of its values."""

    left: float
    top: float
    right: float
    bottom: float
    marks: Sequence[float]
    scale: Scale

    @property
    def zero(self) -> float:
        """Where bars stand."""
        return self.scale(min(max(0.0, self.scale.low), self.scale.high))


def plot(chart: Chart, values: Sequence[float], *, from_zero: bool) -> Plot:
    """Room for the axis labels that these values need, and the scale in what is left."""
    low, high = min(values), max(values)
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    marks = ticks(low, high)
    places = decimals(marks)
    widest = max(text_width(number_words(mark, places), TEXT) for mark in marks)
    left = min(widest + 12.0, chart.size.width / 3)
    top, right, bottom = 14.0, chart.size.width - 10.0, chart.size.height - 26.0
    return Plot(left, top, right, bottom, marks, Scale(marks[0], marks[-1], bottom, top))


def axes(chart: Chart, room: Plot, centres: Sequence[float]) -> SafeString:
    """Tick lines with their values, and as many labels as fit."""
    places = decimals(room.marks)
    lines = [
        tag(
            "g",
            tag("line", x1=room.left, x2=room.right, y1=room.scale(mark), y2=room.scale(mark)),
            tag("text", number_words(mark, places), x=room.left - 8.0, y=room.scale(mark) + 4.0, text_anchor="end"),
            class_="tick tick-zero" if mark == 0 else "tick",
        )
        for mark in room.marks
    ]
    words = [str(label) for label in chart.labels]
    shown = every(words, room.right - room.left, TEXT)
    slot = (room.right - room.left) / len(words) - TEXT / 2
    if shown > 1 and slot >= WORD:
        # Names that are cut say more than names that are left out; moments of time can be guessed between.
        words, shown = [shortened(word, slot, TEXT) for word in words], 1
    names = [
        tag(
            "text",
            word,
            x=_held(centre, word, room, chart.size),
            y=chart.size.height - 8.0,
            text_anchor="middle",
            class_="label",
        )
        for at, (word, centre) in enumerate(zip(words, centres, strict=True))
        if at % shown == 0
    ]
    return joined([*lines, *names])


def _held(centre: float, word: str, room: Plot, size: Size) -> float:
    """A label's place, moved just enough to stay on the paper."""
    half = text_width(word, TEXT) / 2
    return max(min(centre, size.width - half), min(half, size.width / 2))


def rules(chart: Chart, room: Plot) -> SafeString:
    """Targets and limits as lines across; the legend names them, since words in the plot would hide values."""
    lines = []
    for rule in chart.lines:
        y = room.scale(rule.value)
        line = tag("line", x1=room.left, x2=room.right, y1=y, y2=y)
        lines.append(tag("g", tag("title", str(rule.title)), line, class_=f"rule tone-line-{rule.tone}"))
    return joined(lines)


def says(chart: Chart, at: int, series: int) -> str:
    """One value in words: `March, resolved: 412 records`."""
    one = chart.series[series]
    name = f"{chart.labels[at]}, {one.name}" if len(chart.series) > 1 else str(chart.labels[at])
    return f"{name}: {value_words(chart, one.value(at))}"


def value_words(chart: Chart, value: float | None) -> str:
    """A value with its unit, a dash for none."""
    if value is None:
        return "–"
    words = number_words(value, chart.places)
    return f"{words} {chart.unit}".strip()


def figure(chart: Chart, drawing: Sequence[Part], *, named: bool = True) -> SafeString:
    """The chart with its title, its legend (`named`) and, folded away, the same figures as a table."""
    size = chart.size
    svg = tag(
        "svg",
        *drawing,
        viewBox=f"0 0 {size.width} {size.height}",
        role="group" if chart.linked else "img",
        aria_label=str(chart.title),
        class_="graph-wide" if size.width > 800 else "graph-half",
    )
    return html(
        '<figure class="graph"><figcaption>{}{}</figcaption><div class="graph-scroll"{}>{}</div>{}</figure>',
        heading(chart),
        legend(chart) if named else "",
        # Where nothing inside can be focused, the keyboard could not scroll a chart wider than the screen.
        "" if chart.linked else SafeString(' tabindex="0"'),
        svg,
        table(chart),
    )


def heading(chart: Chart) -> SafeString:
    unit = html(' <span class="graph-unit">{}</span>', chart.unit) if str(chart.unit) else ""
    return html('<span class="graph-title">{}{}</span>', chart.title, unit)


def legend(chart: Chart) -> SafeString:
    """Names beside their colours, when there is more than one series or a line across to tell apart."""
    names = [(f"tone-series-{one.tone}", one.name) for one in chart.series] if len(chart.series) > 1 else []
    names += [(f"rule-name tone-line-{rule.tone}", rule.title) for rule in chart.lines]
    if not names:
        return SafeString("")
    items = (html('<li class="{}">{}</li>', look, name) for look, name in names)
    return html('<ul class="graph-legend">{}</ul>', joined(items))


def table(chart: Chart) -> SafeString:
    """The figures as a table, each opening the list that it counts."""
    head = joined(html('<th scope="col">{}</th>', one.name) for one in chart.series)
    rows = joined(
        html('<tr><th scope="row">{}</th>{}</tr>', label, _cells(chart, at)) for at, label in enumerate(chart.labels)
    )
    return html(
        '<details class="graph-table"><summary>{}</summary><table><thead><tr><td></td>{}</tr></thead>'
        "<tbody>{}</tbody></table></details>",
        _("Show as a table"),
        head,
        rows,
    )


def _cells(chart: Chart, at: int) -> SafeString:
    return joined(
        html('<td><a href="{}">{}</a></td>', one.url(at), value_words(chart, one.value(at)))
        if one.url(at)
        else html("<td>{}</td>", value_words(chart, one.value(at)))
        for one in chart.series
    )


def nothing(chart: Chart) -> SafeString:
    """What stands where a chart would, when there is nothing to draw."""
    return html(
        '<figure class="graph graph-empty"><figcaption>{}</figcaption><p>{}</p></figure>',
        heading(chart),
        chart.empty or _("There are no figures for this yet."),
    )
