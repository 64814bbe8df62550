"""How a person likes to be told, and when: at once, in a digest, not in quiet hours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from gnomon.calendars.refusals import CalendarRefused
from gnomon.governance.channels import channels
from gnomon.governance.models import NoticePreference, Sending
from gnomon.governance.notices.topics import TOPICS, Mode, Topic
from gnomon.organization.actions.people import OwnAffairs
from gnomon.organization.models import Person, WorkCalendar
from gnomon.organization.queries.calendars import calendar_of
from gnomon.organization.roles import REQUESTER
from gnomon.records import actions
from gnomon.records.refusals import InvalidFacts

MODES: tuple[Mode, ...] = ("at_once", "digest", "never")


@dataclass(frozen=True, slots=True)
class Due:
    """When something goes out, and what holds it until then."""

    at: datetime
    held: Sending.Held = Sending.Held.NOT


def preferences_of(people: Iterable[Person]) -> Mapping[str, NoticePreference]:
    """The preferences of many people by their numbers; whoever chose nothing has the usual ones."""
    numbers = [person.number for person in people]
    chosen = NoticePreference.objects.filter(person__in=numbers).select_related("working_hours")
    known = {preference.person: preference for preference in chosen}
    return {number: known.get(number) or NoticePreference(person=number) for number in numbers}


def mode_of(preference: NoticePreference, person: Person, topic: Topic, channel: str) -> Mode:
    """How this person is told of the topic by the channel."""
    chosen = preference.choices.get(topic.name, {}).get(channel)
    if chosen in MODES:
        return chosen  # type: ignore[no-any-return]  # one of the three
    return "at_once" if is_outside(person) else topic.staff


def topics_for(person: Person) -> list[Topic]:
    """The topics that this person can be told of."""
    return [topic for topic in TOPICS if topic.requesters or not is_outside(person)]


def modes_of(person: Person) -> dict[str, dict[str, Mode]]:
    """Topic → channel → how this person is told of it."""
    preference = preferences_of([person])[person.number]
    return {
        topic.name: {channel.name: mode_of(preference, person, topic, channel.name) for channel in channels()}
        for topic in topics_for(person)
    }


def is_outside(person: Person) -> bool:
    """Whether somebody only asks and reports: they are told of all that concerns them, for they rarely look in."""
    return set(person.roles) <= {REQUESTER}


def due(preference: NoticePreference, person: Person, mode: Mode, now: datetime, *, urgent: bool) -> Due:
    """The moment to send: now, with the next digest, or when quiet hours end."""
    if urgent:
        return Due(now)
    at = next_digest(preference, person, now) if mode == "digest" else now
    opening = end_of_quiet(preference, person, at)
    if mode == "digest":
        return Due(opening, Sending.Held.DIGEST)
    return Due(opening, Sending.Held.QUIET if opening > now else Sending.Held.NOT)


def next_digest(preference: NoticePreference, person: Person, now: datetime) -> datetime:
    """The next time that the clock of this person shows the hour of their digest."""
    here = now.astimezone(zone_of(person))
    for days in (0, 1):
        moment = datetime.combine(here.date() + timedelta(days=days), time(preference.digest_hour), zone_of(person))
        if moment > now:
            break
    return moment.astimezone(UTC)


def end_of_quiet(preference: NoticePreference, person: Person, at: datetime) -> datetime:
    """`at` itself in working hours, else when they next begin by the clock of this person."""
    if preference.working_hours is None:
        return at
    calendar = calendar_of(preference.working_hours)
    if person.time_zone:
        calendar = replace(calendar, time_zone=person.time_zone)
    try:
        return calendar.next_opening(at)
    except CalendarRefused:  # it never opens again: told at a bad hour is better than never told
        return at


def zone_of(person: Person) -> ZoneInfo:
    return ZoneInfo(person.time_zone or settings.TIME_ZONE)


@transaction.atomic
def choose(
    person: Person, *, choices: Mapping[str, Mapping[str, str]], working_hours: WorkCalendar | None, digest_hour: int
) -> NoticePreference:
    """Keep how a person likes to be told, with one entry on the person."""
    _check(choices, digest_hour)
    old = preferences_of([person])[person.number]
    before, after = (
        _written(old),
        {"choices": choices, "hours": working_hours and working_hours.number, "at": digest_hour},
    )
    if before == after:
        return old
    kept, _new = NoticePreference.objects.update_or_create(
        person=person.number,
        defaults={"choices": choices, "working_hours": working_hours, "digest_hour": digest_hour},
    )
    actions.note(person, "notices:chosen", by=OwnAffairs(person.number), notices=[before, after])
    return kept


def _written(preference: NoticePreference) -> dict[str, Any]:
    hours = preference.working_hours
    return {"choices": preference.choices, "hours": hours and hours.number, "at": preference.digest_hour}


def _check(choices: Mapping[str, Mapping[str, str]], digest_hour: int) -> None:
    known = {topic.name for topic in TOPICS}
    if not known.issuperset(choices) or any(mode not in MODES for row in choices.values() for mode in row.values()):
        says = _("Choose for each topic whether you are told at once, in the digest, or not at all.")
        raise InvalidFacts(says, {"choices": says})
    if not 0 <= digest_hour <= 23:
        says = _("The digest comes at a full hour, from 0 to 23.")
        raise InvalidFacts(says, {"digest_hour": says})
