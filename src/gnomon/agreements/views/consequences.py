"""What open clocks would show under other terms or hours, before anybody decides (8.3.3, 8.3.4.2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from gnomon.agreements.actions import apply_later_to_open_records
from gnomon.agreements.clock.readings import Clock
from gnomon.agreements.previews import Foreseen, Outlook, outlook, outlook_of_hours
from gnomon.agreements.stories import clock_title
from gnomon.calendars.calendar import Calendar
from gnomon.calendars.china import with_official_holidays
from gnomon.records import permissions
from gnomon.records.forms import facts_of, form_for, initial_of
from gnomon.records.kinds import Kind, kind_named, kind_of_number
from gnomon.records.models import Record
from gnomon.records.permissions import visible
from gnomon.records.views.finding import found, person_of
from gnomon.standard.plugs import Actor
from gnomon.ui.render import render

MOST = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One open clock, as it is and as it would be."""

    number: str
    title: str
    url: str
    clock: str
    before: Any
    after: Any
    says: str


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind whose change moves clocks: what may be tried, and how its outlook is asked for."""

    kind: str
    asks: tuple[str, ...]
    outlook: Callable[[Any, Mapping[str, Any]], Outlook]


def _of_hours(calendar: Any, facts: Mapping[str, Any]) -> Outlook:
    return outlook_of_hours(calendar, _with_holidays(facts.get("hours") or calendar.hours))


def _with_holidays(hours: Mapping[str, Any]) -> Mapping[str, Any]:
    """As they would be kept: the official days of all known years, where only the country is named."""
    if hours.get("holidays") != "CN" or hours.get("known_years"):
        return hours
    return with_official_holidays(Calendar.from_definition(hours)).definition()


TERMS = ("targets", "calendar", "waiting_pauses_respond", "waiting_pauses_resolve")
SUBJECTS = {
    "service_level_agreement": Subject("service_level_agreement", TERMS, outlook),
    "operational_level_agreement": Subject(
        "operational_level_agreement", ("targets", "calendar", "waiting_pauses_resolve"), outlook
    ),
    "work_calendar": Subject("work_calendar", ("hours",), _of_hours),
}


def consequences(request: HttpRequest, number: str, subject: str = "service_level_agreement") -> HttpResponse:
    """The preview of what is saved, or of what is typed; POST with a reason lets open records obey what is saved."""
    about, kind, person = SUBJECTS[subject], kind_named(subject), person_of(request)
    record = found(request, kind, number)
    trying, missing = request.method == "POST" and "try" in request.POST, False
    form = form_for(kind, about.asks, person)(request.POST if trying else None, initial=initial_of(record, about.asks))
    if request.method == "POST" and not trying:
        permissions.require(person, "change", kind)
        because = request.POST.get("because", "").strip()
        missing = not because
        if because:
            apply_later_to_open_records(record, by=person, because=because)
            return redirect(request.path)
    facts = facts_of(form) if trying and form.is_valid() else {}
    seen = about.outlook(record, facts)
    return render(
        request, "agreements/consequences.html", record=record, kind=kind, form=form, trying=trying,
        lines=_lines(seen.foreseen[:MOST], person), summary=seen.summary, shown=min(len(seen.foreseen), MOST),
        total=len(seen.foreseen), may_apply=not trying and permissions.may(person, "change", kind),
        because_missing=missing, list_url=reverse(f"{kind.name}-list"), cancel_url=record.get_absolute_url(),
        status=422 if missing or form.errors else 200,
    )  # fmt: skip


def _lines(foreseen: Sequence[Foreseen], person: Actor) -> list[Line]:
    """One line for each clock of a record that this person may know of, with a query for each kind of record."""
    wanted: dict[Kind, set[str]] = {}
    for one in foreseen:
        wanted.setdefault(kind_of_number(one.number), set()).add(one.number)
    records: dict[str, Record] = {}
    for kind, numbers in wanted.items():
        records |= {r.number: r for r in visible(kind.model.objects.filter(number__in=numbers), person)}
    return [_line(one, records[one.number]) for one in foreseen if one.number in records]


def _line(one: Foreseen, record: Record) -> Line:
    difference = one.difference
    if difference.would_breach:
        says = _("would be late")
    elif difference.would_be_saved:
        says = _("would no longer be late")
    elif difference.gains_target:
        says = _("would get a target")
    elif difference.loses_target:
        says = _("would lose its target")
    else:
        says = _("would be due at another time")
    return Line(
        number=one.number, title=record.title, url=record.get_absolute_url(), clock=_clock(one.clock),
        before=_shown(difference.before), after=_shown(difference.after), says=says,
    )  # fmt: skip


def _clock(name: str) -> str:
    kind, _slash, turn = name.partition("/")
    return _("Team, turn %(turn)s") % {"turn": turn} if kind == "team" else clock_title(name)


def _shown(clock: Clock) -> Any:
    """The due time, or the time that is left while a clock is paused."""
    if clock.due_at is not None:
        return clock.due_at
    left = clock.remaining_seconds
    return None if left is None else timedelta(seconds=left)
