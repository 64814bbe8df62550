"""Incidents in pictures: flow, backlog, time to resolve, what was in time and what came back (8.6.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gnomon.evaluation.boards.pieces import labels_of, series_of
from gnomon.evaluation.boards.sheet import Graph
from gnomon.evaluation.choices import Choice
from gnomon.evaluation.queries.dashboard import Board
from gnomon.evaluation.queries.measures import Group
from gnomon.evaluation.queries.spreads import Part
from gnomon.standard.plugs import Says
from gnomon.ui.charts import Chart, Rule, Series

MOST_BARS = 12


def graphs(board: Board, choice: Choice) -> list[Graph]:
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


def _flow(board: Board, choice: Choice) -> Graph:
    titles = {
        "month": _("Opened and resolved by month"),
        "week": _("Opened and resolved by week"),
        "day": _("Opened and resolved by day"),
    }
    series = [series_of(_("opened"), board.opened, "1"), series_of(_("resolved"), board.resolved, "2")]
    return Graph(Chart(titles[choice.step], labels_of(board.opened), counted(series), places=0), "bars")


def counted(series: list[Series]) -> list[Series]:
    """Only if anything at all was counted: a chart of zeros is no chart."""
    return series if any(any(one.values) for one in series) else []


def _backlog(board: Board, choice: Choice) -> Graph:
    titles = {
        "month": _("Backlog at the end of each month"),
        "week": _("Backlog at the end of each week"),
        "day": _("Backlog at the end of each day"),
    }
    series = [series_of(_("unresolved"), board.backlog, "3")]
    return Graph(Chart(titles[choice.step], labels_of(board.backlog), counted(series), places=0), "area")


def _time_to_resolve(board: Board) -> Graph:
    groups = board.time_to_resolve
    series = [
        series_of(_("median"), groups, "1", lambda figure: figure.median),
        series_of(_("90th percentile"), groups, "2", lambda figure: figure.p90),
    ]
    hours = pgettext("length of time", "hours")
    return Graph(Chart(_("Time to resolve"), labels_of(groups), series, unit=hours, places=1), "lines")


def _in_time(board: Board, dimension: str) -> Graph:
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
    return Graph(Chart(titles[dimension], labels, series, unit="%", rules=rules, places=1), "bars")


def _of_keys(name: Says, keys: Sequence[str], groups: Mapping[str, Group], tone: str) -> Series:
    found = [groups.get(key) for key in keys]
    return Series(
        name, [group.figure.value if group else None for group in found], tone,  # type: ignore[arg-type]
        [group.url if group else "" for group in found], [group.figure.count if group else 0 for group in found],
    )  # fmt: skip


def _ages(parts: Sequence[Part]) -> Graph:
    edges: list[Says] = [*(str(part.start) for part in parts), _("more")]
    labels = [f"{edges[at]} – {edges[at + 1]}" for at in range(len(parts))]
    chart = Chart(
        _("Age of the backlog"), labels, [_of_parts(_("unresolved"), parts, "1")],
        unit=pgettext("length of time", "days"), empty=_("Nothing is unresolved. Well done."), places=0,
    )  # fmt: skip
    return Graph(chart, "histogram", edges=edges)


def _of_parts(name: Says, parts: Sequence[Part], tone: str) -> Series:
    counts = [part.count for part in parts]
    return Series(name, counts, tone, [part.url for part in parts], counts)  # type: ignore[arg-type]


def _reopened(board: Board) -> Graph:
    measure = board.reading("reopen_rate").measure
    rules = [Rule(measure.target, _("target"), "ok")] if measure.target is not None else []
    series = [series_of(_("Reopened"), board.reopened, "4")]
    return Graph(Chart(_("Reopened"), labels_of(board.reopened), series, unit="%", rules=rules, places=1), "lines")


def _reassigned(parts: Sequence[Part]) -> Graph:
    last = _("%(count)d and more")
    labels = [last % {"count": part.start} if part.end is None else str(part.start) for part in parts]
    series = counted([_of_parts(_("incidents"), parts, "5")])
    return Graph(Chart(_("How often incidents were handed on"), labels, series, places=0), "bars")


def _services(groups: Sequence[Group]) -> Graph:
    shown = groups[:MOST_BARS]
    title = _("Opened by service")
    if len(groups) > MOST_BARS:
        title = _("Opened by service, the %(most)d with most") % {"most": MOST_BARS}
    return Graph(Chart(title, labels_of(shown), [series_of(_("opened"), shown, "1")], places=0), "lying")
