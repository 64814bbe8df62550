"""Clocks as people see them: what is left, and how it came to that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gnomon.agreements.clock.derive import derive
from gnomon.agreements.clock.motion import Motion
from gnomon.agreements.clock.readings import Clock, ClockState, Note, Retarget
from gnomon.agreements.clock.readings import Stretch as Told
from gnomon.agreements.clock_rows import OF_RECORDS, ClockRow
from gnomon.agreements.clocks import history_of
from gnomon.agreements.histories import Pins
from gnomon.agreements.policies import DEFINITIONS, pinned_calendar, policy_of, read_clock
from gnomon.calendars.calendar import Calendar
from gnomon.records.models import Record
from gnomon.records.queries import names_of
from gnomon.ui.durations import duration_words
from gnomon.ui.timeline import ClockStory, Stretch
from gnomon.ui.values import ClockState as Shown
from gnomon.ui.values import TimeLeft

_IDLE: dict[str, Shown] = {
    ClockState.NO_TARGET: "none",
    ClockState.NOT_STARTED: "none",
    ClockState.CANCELLED: "cancelled",
}


def clock_title(name: str) -> str:
    """What a clock is called in the language of the moment."""
    titles = {"respond": pgettext("clock", "Response"), "resolve": pgettext("clock", "Resolution")}
    return titles.get(name, name)


def times_left(records: Sequence[Record], now: datetime | None = None) -> dict[str, dict[str, TimeLeft]]:
    """Number → clock → what is left, for a page of records at once; reads projections, no history."""
    now = now or timezone.now()
    left: dict[str, dict[str, TimeLeft]] = {record.number: {} for record in records}
    calendars: dict[tuple[str | None, int | None, int | None], tuple[Calendar, bool]] = {}
    for row in OF_RECORDS.rows(list(left)):
        pins = (row.agreement or None, row.agreement_version, row.calendar_version)
        if pins not in calendars:
            calendar = pinned_calendar(Pins(None, *pins))
            calendars[pins] = (calendar, calendar.is_open(now))
        left[row.number][row.name] = time_left(row, calendars[pins][0], now, is_open=calendars[pins][1])
    return left


def time_left(clock: ClockRow | Clock, calendar: Calendar, now: datetime, *, is_open: bool | None = None) -> TimeLeft:
    """Where a clock stands at `now`; whoever knows already whether the calendar is open says so."""
    title, target = clock_title(clock.name), clock.target_seconds
    if clock.state in _IDLE or target is None:
        return TimeLeft(_IDLE.get(clock.state, "none"), title=title)
    left = target - clock.elapsed_seconds
    running = clock.state == ClockState.RUNNING
    if running and clock.due_at is not None:
        left = calendar.between(now, clock.due_at)
    shown: Shown = "running" if running else "paused"
    if clock.state == ClockState.STOPPED:
        shown = "met" if clock.met else "missed"
    return TimeLeft(
        shown,
        left=timedelta(seconds=left),
        share=(target - left) / target,
        due_at=clock.due_at,
        title=title,
        ticks=running and (calendar.is_open(now) if is_open is None else is_open),
    )


def stories(record: Record, now: datetime | None = None) -> list[ClockStory]:
    """The clocks of a record's page: every stretch, its service time, and what caused it."""
    now = now or timezone.now()
    history = history_of(record)
    names = names_of({happening.actor for happening in history.happenings})
    told = []
    for definition in DEFINITIONS:
        clock, pins = read_clock(definition, history, now, reading=derive)
        calendar = policy_of(pins, definition.measure).calendar
        assert isinstance(calendar, Calendar)
        told.append(
            ClockStory(
                title=clock_title(clock.name),
                left=time_left(clock, calendar, now),
                policy=policy_words(pins),
                policy_url=reverse("service_level_agreement-page", args=[pins.sla]) if pins.sla else "",
                stretches=stretches_of(clock, calendar, now, names),
                elapsed=timedelta(seconds=clock.elapsed_seconds),
                target=None if clock.target_seconds is None else timedelta(seconds=clock.target_seconds),
            )
        )
    return told


def stretches_of(clock: Clock, calendar: Calendar, now: datetime, names: dict[str, str]) -> list[Stretch]:
    """Every stretch of a clock with what caused it, each with one target."""
    return [_shown(stretch, clock.retargets, calendar, now, names) for stretch in _split(clock, calendar, now)]


def policy_words(pins: Pins) -> str:
    if pins.sla is None:
        return _("No agreement applies.")
    words = _("%(agreement)s, version %(version)s") % {"agreement": pins.sla, "version": pins.sla_version}
    if pins.calendar_version is None:
        return words
    return _("%(agreement)s; service hours, version %(version)s") % {
        "agreement": words,
        "version": pins.calendar_version,
    }


def _split(clock: Clock, calendar: Calendar, now: datetime) -> Iterator[Told]:
    """The stretches, cut where another target began to count, so that each has one target."""
    for stretch in clock.stretches:
        cuts = [r.at for r in clock.retargets if r.at > stretch.start and (stretch.end is None or r.at < stretch.end)]
        points = [stretch.start, *cuts]
        for start, end in zip(points, [*cuts, stretch.end], strict=True):
            yield stretch._replace(start=start, end=end, seconds=calendar.between(start, end or now))


def _shown(
    stretch: Told, retargets: Iterable[Retarget], calendar: Calendar, now: datetime, names: dict[str, str]
) -> Stretch:
    target = next((r for r in retargets if r.at == stretch.start), None)
    new = target is not None and target.entry != stretch.entry
    sentences = [] if new else [_note(stretch, names)]
    if target is not None:
        sentences.append(_target(target, names, by=new))
    return Stretch(
        state={Motion.RUNNING: "running", Motion.PAUSED: "paused"}.get(stretch.kind, "stopped"),  # type: ignore[arg-type]
        start=stretch.start,
        end=stretch.end,
        worked=timedelta(seconds=stretch.seconds),
        because=" ".join(sentences),
    )


def _note(stretch: Told, names: dict[str, str]) -> str:
    who = {"who": names.get(stretch.actor, stretch.actor)}
    says = {
        Note.STARTED: _("Began with %(who)s.") % who,
        Note.PAUSED: _("Paused by %(who)s.") % who,
        Note.RESUMED: _("Resumed by %(who)s.") % who,
        Note.STOPPED: _("Stopped by %(who)s.") % who,
        Note.REOPENED: _("Reopened by %(who)s; the time since the stop counts neither as waiting nor as work.") % who,
        Note.RESET: _("Begun anew by %(who)s.") % who,
    }[stretch.note]
    return f"{says} “{stretch.cause}”" if stretch.cause else says


def _target(target: Retarget, names: dict[str, str], *, by: bool) -> str:
    priority = target.priority if target.priority is not None else "–"
    if target.target_seconds is None:
        return _("Priority %(priority)s has no target.") % {"priority": priority}
    facts = {
        "priority": priority,
        "target": duration_words(timedelta(seconds=target.target_seconds), days=False),
        "elapsed": duration_words(timedelta(seconds=target.elapsed_seconds), days=False),
        "who": names.get(target.actor, target.actor),
    }
    if by:
        return _("%(who)s set priority %(priority)s: target %(target)s, %(elapsed)s had gone.") % facts
    return _("Priority %(priority)s: target %(target)s.") % facts
