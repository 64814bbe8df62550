"""The dashboard's tiles and charts; every bar, point and tile opens the list that it counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gnomon.evaluation.choices import Choice
from gnomon.evaluation.figures import Figure
from gnomon.evaluation.queries.dashboard import Board, Reading
from gnomon.evaluation.queries.measures import Group
from gnomon.evaluation.queries.spreads import Part
from gnomon.standard.plugs import Measure, Says
from gnomon.ui.charts import Bin, Chart, Rule, Series, bar_chart, histogram, horizontal_bars, line_chart
from gnomon.ui.numbers import number_words
from gnomon.ui.tiles import Tile

MOST_BARS = 12
# Figures of the source stand beside ours only where a source said anything.
OF_THE_SOURCE = "incident_source_sla"


def tiles(board: Board, choice: Choice) -> list[Tile]:
    """A tile for each measure."""
    shown = [each for each in board.readings if each.measure.name != OF_THE_SOURCE or each.figure.count]
    return [_tile(each, choice) for each in shown]


def charts(board: Board, choice: Choice) -> list[SafeString]:
    """The charts in the order in which they are read."""
    return [
        _flow(board, choice),
        _backlog(board, choice),
        _time_to_resolve(board),
        *(_in_time(board, dimension) for dimension in ("priority", "team")),
        _ages(board.ages),
        _reopened(board),
        _reassigned(board.reassigned),
        _services(board.services),
    ]


def unit_words(measure: Measure) -> str:
    """The unit as it stands behind a figure; none for what is counted."""
    words = {"hours": pgettext("unit", "h"), "days": pgettext("unit", "d"), "%": "%"}
    return words.get(measure.unit, "")


def target_words(measure: Measure) -> Says:
    """The target with the side on which it is met."""
    if measure.target is None:
        return measure.aim
    sign = {"lower": "≤", "higher": "≥", "range": "="}[measure.direction]
    return f"{sign} {number_words(measure.target)} {unit_words(measure)}".strip()


def _tile(reading: Reading, choice: Choice) -> Tile:
    measure, figure = reading.measure, reading.figure
    return Tile(
        title=measure.title,
        value=_short(figure.value, measure),
        before=_short(reading.before.value, measure),
        url=reading.url,
        unit=unit_words(measure),
        target=measure.target,
        target_words=target_words(measure),
        direction=measure.direction,
        trend=reading.trend,
        note=note_of(measure, figure),
        tone=_tone(measure, figure),
    )


def _short(value: float | None, measure: Measure) -> float | None:
    """Rounded as it is read, so that the change stands between what is shown."""
    if value is None:
        return None
    return int(value) if measure.how == "count" else round(value, 1 if abs(value) >= 10 else 2)


def _tone(measure: Measure, figure: Figure) -> Literal["", "ok", "danger"]:
    if figure.value is None or measure.target is None or measure.direction == "range":
        return ""
    kept = figure.value >= measure.target if measure.direction == "higher" else figure.value <= measure.target
    return "ok" if kept else "danger"


def note_of(measure: Measure, figure: Figure) -> str:
    """What stands behind the figure: the spread of a mean, the counts of a share."""
    if measure.how == "share" and figure.count:
        of = _("%(part)s of %(whole)s")
        return of % {"part": number_words(figure.part or 0), "whole": number_words(figure.count)}
    if measure.how == "mean" and figure.median is not None and figure.p90 is not None:
        unit = unit_words(measure)
        return _("median %(median)s, 90th percentile %(p90)s") % {
            "median": f"{number_words(_short(figure.median, measure) or 0)} {unit}".strip(),
            "p90": f"{number_words(_short(figure.p90, measure) or 0)} {unit}".strip(),
        }
    return ""


def _series(
    name: Says, groups: Sequence[Group], tone: str = "1", value: Callable[[Figure], float | None] | None = None
) -> Series:
    read = value or (lambda figure: figure.value)
    values = [read(group.figure) for group in groups]
    return Series(name, values, tone, [group.url for group in groups])  # type: ignore[arg-type]  # a tone of Series


def _labels(groups: Sequence[Group]) -> list[Says]:
    return [group.title for group in groups]


def _flow(board: Board, choice: Choice) -> SafeString:
    titles = {
        "month": _("Opened and resolved by month"),
        "week": _("Opened and resolved by week"),
        "day": _("Opened and resolved by day"),
    }
    series = [_series(_("opened"), board.opened, "1"), _series(_("resolved"), board.resolved, "2")]
    return bar_chart(Chart(titles[choice.step], _labels(board.opened), _counted(series), places=0))


def _counted(series: list[Series]) -> list[Series]:
    """Only if anything at all was counted: a chart of zeros is no chart."""
    return series if any(any(one.values) for one in series) else []


def _backlog(board: Board, choice: Choice) -> SafeString:
    titles = {
        "month": _("Backlog at the end of each month"),
        "week": _("Backlog at the end of each week"),
        "day": _("Backlog at the end of each day"),
    }
    series = [_series(_("unresolved"), board.backlog, "3")]
    return line_chart(Chart(titles[choice.step], _labels(board.backlog), _counted(series), places=0), area=True)


def _time_to_resolve(board: Board) -> SafeString:
    groups = board.time_to_resolve
    series = [
        _series(_("median"), groups, "1", lambda figure: figure.median),
        _series(_("90th percentile"), groups, "2", lambda figure: figure.p90),
    ]
    return line_chart(
        Chart(_("Time to resolve"), _labels(groups), series, unit=pgettext("length of time", "hours"), places=1)
    )


def _in_time(board: Board, dimension: str) -> SafeString:
    """Our share within target, the target, and beside it the share by the account of the source."""
    titles = {"priority": _("Resolved within target by priority"), "team": _("Resolved within target by team")}
    ours = {group.key: group for group in board.ours[dimension]}
    theirs = {group.key: group for group in board.theirs[dimension]}
    keys = list(dict.fromkeys((*ours, *theirs)))[:MOST_BARS]
    series = [_of_keys(_("by our clocks"), keys, ours, "1")]
    if any(group.figure.count for group in theirs.values()):
        series.append(_of_keys(_("by the source's account"), keys, theirs, "6"))
    target = board.reading("incident_sla").measure.target
    rules = [Rule(target, _("target"), "ok")] if target is not None else []
    labels = [(ours.get(key) or theirs[key]).title for key in keys]
    return bar_chart(Chart(titles[dimension], labels, series, unit="%", rules=rules, places=1))


def _of_keys(name: Says, keys: Sequence[str], groups: Mapping[str, Group], tone: str) -> Series:
    found = [groups.get(key) for key in keys]
    values = [group.figure.value if group else None for group in found]
    return Series(name, values, tone, [group.url if group else "" for group in found])  # type: ignore[arg-type]


def _ages(parts: Sequence[Part]) -> SafeString:
    more = _("more")
    bins = [Bin(str(part.start), more if part.end is None else str(part.end), part.count, part.url) for part in parts]
    return histogram(
        _("Age of the backlog"),
        bins,
        unit=pgettext("length of time", "days"),
        empty=_("Nothing is unresolved. Well done."),
    )


def _reopened(board: Board) -> SafeString:
    measure = board.reading("reopen_rate").measure
    rules = [Rule(measure.target, _("target"), "ok")] if measure.target is not None else []
    series = [_series(_("Reopened"), board.reopened, "4")]
    return line_chart(Chart(_("Reopened"), _labels(board.reopened), series, unit="%", rules=rules, places=1))


def _reassigned(parts: Sequence[Part]) -> SafeString:
    last = _("%(count)d and more")
    labels = [last % {"count": part.start} if part.end is None else str(part.start) for part in parts]
    series = [Series(_("incidents"), [part.count for part in parts], "5", [part.url for part in parts])]
    return bar_chart(Chart(_("How often incidents were handed on"), labels, _counted(series), places=0))


def _services(groups: Sequence[Group]) -> SafeString:
    shown = groups[:MOST_BARS]
    title = _("Opened by service")
    if len(groups) > MOST_BARS:
        title = _("Opened by service, the %(most)d with most") % {"most": MOST_BARS}
    return horizontal_bars(Chart(title, _labels(shown), [_series(_("opened"), shown, "1")], places=0))
