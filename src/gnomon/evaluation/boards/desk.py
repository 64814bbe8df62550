"""The dashboard of the desk at this moment (8.6.1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal

from django.utils import timezone
from django.utils.translation import gettext as _

from gnomon.agreements.levels import PRIORITIES
from gnomon.evaluation.boards.declared import Asked
from gnomon.evaluation.boards.sheet import Cell, Graph, Section, Sheet, Table
from gnomon.evaluation.periods import cut_to_millisecond
from gnomon.evaluation.queries import lists
from gnomon.evaluation.queries.desk import WEEKS, Hour, address, by_hour, day_address, names_of
from gnomon.evaluation.queries.queue import View, queue_now
from gnomon.evaluation.queries.service_levels import among_majors
from gnomon.jobs.moments import milliseconds, written
from gnomon.resolution.models import Incident
from gnomon.standard.plugs import Says
from gnomon.ui.charts import Chart, Series
from gnomon.ui.durations import moment_words, relative_words
from gnomon.ui.tiles import Tile

MOST_NAMES = 15
MOST_MAJORS = 12
Where = dict[str, str]


def read(asked: Asked) -> Sheet:
    """What waits, how the clocks stand, who works on what, majors, and today by the hour."""
    now = cut_to_millisecond(asked.now)
    where = {name: ",".join(values) for name, values in asked.choice.within.items()}
    narrowed = asked.choice.within
    queue = queue_now(narrowed)
    opened, resolved = by_hour("opened_at", narrowed, now), by_hour("resolved_at", narrowed, now)
    return Sheet(
        [
            Section(_("At this moment"), tiles=_tiles(queue, opened, resolved, where, now)),
            Section(_("The queue"), graphs=[_clocks(queue, where, now), _priorities(queue, where)]),
            Section(_("Who works on what"), graphs=[_phases(queue, where, "team"), _phases(queue, where, "assignee")]),
            Section(_("Open major incidents"), tables=[_majors(asked)]),
            Section(
                _("Today by the hour"), graphs=[_today(_("Opened today"), opened, "1"), _today(_("Resolved today"), resolved, "2")],
                note=_("Usual is the mean of the same weekday of the last %(weeks)d weeks.") % {"weeks": WEEKS},
            ),
        ]
    )  # fmt: skip


def _tiles(queue: View, opened: Sequence[Hour], resolved: Sequence[Hour], where: Where, now: datetime) -> list[Tile]:
    due, soon = milliseconds(now), milliseconds(now + timedelta(hours=1))
    until = {"due_at__from": written(now), "due_at__to": written(now + timedelta(hours=1))}
    today = [(_("Opened today"), opened, "opened_in"), (_("Resolved today"), resolved, "resolved_in")]
    given = {"phase": "unresolved", **where}
    return [
        _tile(_("Unresolved"), queue.total, address(**given)),
        _tile(_("Target missed"), queue.late(due), address(breached="yes", **given), "danger"),
        _tile(_("Due within the hour"), queue.due(due, soon), address(breached="no", **until, **given), "warn"),
        _tile(_("Assigned to nobody"), queue.of_nobody, address(assignee="none", **given), "warn"),
        _tile(_("Waiting"), queue.waiting, address(**{**given, "phase": "waiting"})),
        _tile(_("Open major incidents"), queue.major, address(is_major="true", **given), "danger"),
        *(
            _tile(title, sum(one.count for one in hours), day_address(lens, where, now))
            for title, hours, lens in today
        ),
    ]  # fmt: skip


def _tile(title: str, count: int, url: str, tone: Literal["", "warn", "danger"] = "") -> Tile:
    return Tile(title=title, value=count, url=url, count=count, tone=tone if count else "", direction="lower")


def _clocks(queue: View, where: Where, now: datetime) -> Graph:
    """The queue by how much time is left."""
    edges = [
        (_("within an hour"), 0, 1),
        (_("1 to 4 hours"), 1, 4),
        (_("4 to 24 hours"), 4, 24),
        (_("later"), 24, None),
    ]
    given = {"phase": "unresolved", **where}
    labels: list[Says] = [_("target missed")]
    counts = [queue.late(milliseconds(now))]
    urls = [address(breached="yes", **given)]
    for title, first, last in edges:
        start, end = now + timedelta(hours=first), None if last is None else now + timedelta(hours=last)
        bounds = {"due_at__from": written(start), "due_at__to": "" if end is None else written(end)}
        labels.append(title)
        counts.append(queue.due(milliseconds(start), None if end is None else milliseconds(end)))
        urls.append(address(breached="no", **bounds, **given))
    labels.append(_("no running target"))
    counts.append(queue.without_target)
    urls.append(address(breached="no", due_at__is="empty", **given))
    series = [Series(_("incidents"), counts, "1", urls, counts)] if any(counts) else []
    chart = Chart(_("Unresolved by time left"), labels, series, places=0, empty=_("Nothing is unresolved. Well done."))
    return Graph(chart, "bars")


def _priorities(queue: View, where: Where) -> Graph:
    keys = [*PRIORITIES, None]
    found = queue.by("priority")
    counts = [found[key] for key in keys]
    given = {"phase": "unresolved", **where}
    urls = [address(**{**given, "priority": "none" if key is None else str(key)}) for key in keys]
    labels: list[Says] = [*PRIORITIES.values(), _("None")]
    series = [Series(_("incidents"), counts, "1", urls, counts)] if any(counts) else []
    empty = _("Nothing is unresolved. Well done.")
    return Graph(Chart(_("Unresolved by priority"), labels, series, places=0, empty=empty), "bars")


def _phases(queue: View, where: Where, field: Literal["team", "assignee"]) -> Graph:
    """Who has how much, worked on and waiting; those with most first."""
    keys = queue.by(field)
    shown = [key for key, _count in sorted(keys.items(), key=lambda pair: (-pair[1], pair[0] or 0))[:MOST_NAMES]]
    names = names_of(field, [key for key in shown if key is not None])
    numbers = ["none" if key is None else names[key][0] for key in shown]
    labels = [_none(field) if key is None else names[key][1] for key in shown]
    parts: tuple[tuple[str, Literal["1", "2"], str], ...] = (
        (_("in work"), "1", "open"), (_("waiting"), "2", "waiting"),
    )  # fmt: skip
    series = [
        _phase_series(title, tone, phase, shown, numbers, queue, {**where, "phase": phase}, field)
        for title, tone, phase in parts
    ]
    title = _("Unresolved by team") if field == "team" else _("Unresolved by assignee")
    if len(keys) > MOST_NAMES:
        title = _("%(title)s, the %(most)d with most") % {"title": title, "most": MOST_NAMES}
    chart = Chart(title, labels, series if shown else [], places=0, empty=_("Nothing is unresolved. Well done."))
    return Graph(chart, "lying")


def _phase_series(
    title: str, tone: Literal["1", "2"], phase: str, keys: Iterable[int | None], numbers: Sequence[str],
    queue: View, where: Where, field: str,
) -> Series:  # fmt: skip
    found = queue.by(field, waiting=phase == "waiting")
    counts = [found[key] for key in keys]
    # A dashboard that is narrowed to one team shows that team alone, so the bar's own value decides.
    urls = [address(**{**where, field: number}) for number in numbers]
    return Series(title, counts, tone, urls, counts)


def _none(field: str) -> str:
    return _("No team") if field == "team" else _("Nobody")


def _majors(asked: Asked) -> Table:
    """The open major incidents, the newest first."""
    given = {"phase": ["unresolved"], "is_major": ["true"], **asked.choice.within}
    found = among_majors(lists.records_of("incident", given)).order_by("-opened_at", "-id")
    found = found.select_related("service", "major_manager")
    rows = [_major_row(incident, asked.now) for incident in found[:MOST_MAJORS]]
    heads = [_("Incident"), _("Service"), _("Opened"), _("Manager"), _("Next target")]
    return Table(_("Open major incidents"), heads, rows, _("No major incident is open."), texts=4)


def _major_row(incident: Incident, now: datetime) -> list[Cell]:
    due = incident.due_at
    late = due is not None and due < now
    return [
        Cell(f"{incident.number} {incident.title}", url=incident.get_absolute_url()),
        Cell(incident.service.title if incident.service else "–"),
        Cell(f"{moment_words(incident.opened_at, now)} ({relative_words(incident.opened_at, now)})"),
        Cell(incident.major_manager.title if incident.major_manager else "–"),
        Cell("–" if due is None else relative_words(due, now), tone="danger" if late else ""),
    ]


def _today(title: str, hours: Sequence[Hour], tone: Literal["1", "2"]) -> Graph:
    """Bars of today beside what is usual."""
    labels = [f"{timezone.localtime(hour.start):%H}" for hour in hours]
    counts, usual = [hour.count for hour in hours], [hour.usual for hour in hours]
    series = [
        Series(_("today"), counts, tone, [hour.url for hour in hours], counts),
        Series(_("usual"), [count / WEEKS for count in usual], "6", [hour.usual_url for hour in hours], usual),
    ]
    nothing = not any(counts) and not any(usual)
    return Graph(Chart(title, labels, [] if nothing else series, places=None), "bars")
