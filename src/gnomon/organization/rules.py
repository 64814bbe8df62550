"""What must hold of people, teams, responsibilities and service hours, beyond what a column can say."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gnomon.calendars.calendar import Calendar
from gnomon.calendars.china import with_official_holidays
from gnomon.calendars.refusals import CalendarFault
from gnomon.organization.models import Person, Responsibility, Role, Team, WorkCalendar
from gnomon.organization.roles import ADMINISTRATOR, CODES, EXTERNAL_AUDITOR, base_of, known_codes
from gnomon.records.actors import is_system
from gnomon.records.conditions import Conditional
from gnomon.records.kinds import Change
from gnomon.records.models import Record
from gnomon.records.refusals import InvalidFacts
from gnomon.standard.expressions import Has
from gnomon.standard.plugs import Actor

EXTERNAL_ACCESS = timedelta(days=30)
_CLAUSE = re.compile(r"(?:[4-9]|10)(?:\.\d{1,2})*(?:-[a-z0-9]+)?")

HELD = Conditional("held", Has("responsibility", "role", {"status": "held"}), title=gettext_lazy("Held"))


def sees_self(people: models.QuerySet[Any], person: Actor) -> models.QuerySet[Any]:
    """Who may not read people still knows themself."""
    return people.filter(number=person.number)


def username_of(text: str) -> str:
    """A username as it is kept: compatibility forms joined, no outer spaces, lower case, and no NUL."""
    return unicodedata.normalize("NFKC", text).replace("\x00", "").strip().lower()


def prepare_person(record: Record, change: Change) -> dict[str, Any]:
    """Usernames are kept in lower case, none is empty text; external auditors get a last day."""
    assert isinstance(record, Person)
    further: dict[str, Any] = {}
    if "username" in change.facts:
        further["username"] = username_of(change.facts["username"] or "") or None
    if "roles" in change.facts and isinstance(change.facts["roles"], list | tuple):
        # An own role brings the one in whose place it stands: who asks for that one finds this person too.
        given = {str(code) for code in change.facts["roles"]}
        given |= {base_of(code) for code in given}
        further["roles"] = [code for code in CODES if code in given] + sorted(given - {*CODES})
    if EXTERNAL_AUDITOR in (record.roles or ()) and record.access_until is None:
        further["access_until"] = timezone.localdate() + EXTERNAL_ACCESS
    return further


def check_person(record: Record, change: Change) -> Mapping[str, str]:
    """Roles are known ones, given by an administrator; one administrator always remains."""
    assert isinstance(record, Person)
    faults: dict[str, str] = {}
    if not isinstance(record.roles, list):
        return {"roles": _("Give the roles as a list.")}
    known = known_codes()
    unknown = [str(code) for code in record.roles if code not in known]
    if unknown:
        faults["roles"] = _("There is no role called %(roles)s. The roles are: %(known)s.") % {
            "roles": ", ".join(unknown), "known": ", ".join(known),
        }  # fmt: skip
    was = set(change.old.get("roles") or ())
    # Who changes their own record already wears the new roles here; what they held before counts.
    held = was if change.by.number == record.number else set(change.by.roles)
    if was != set(record.roles) and not (is_system(change.by) or ADMINISTRATOR in held):
        faults["roles"] = _("Only an administrator gives and takes roles.")
    if ADMINISTRATOR in was and not (ADMINISTRATOR in record.roles and record.is_active) and not _others(record):
        faults["roles"] = _("%(person)s is the last administrator. Make somebody else administrator first.") % {
            "person": record.title
        }
    return faults


def _others(person: Person) -> bool:
    return bool(Person.objects.active().holding(ADMINISTRATOR).exclude(pk=person.pk).exists())


def check_team(record: Record, change: Change) -> Mapping[str, str]:
    """Teams form a tree, and escalation comes to an end."""
    assert isinstance(record, Team)
    faults: dict[str, str] = {}
    for name, says in (
        ("parent", _("%(team)s would be part of itself. Choose another team.")),
        ("escalates_to", _("Escalation would come back to %(team)s. Choose another team.")),
    ):
        if name in change.facts and record.pk and _returns(record, name):
            faults[name] = says % {"team": record.title}
    return faults


def _returns(team: Team, name: str) -> bool:
    seen = {team.pk}
    here: Team | None = getattr(team, name)
    while here is not None:
        if here.pk in seen:
            return True
        seen.add(here.pk)
        here = getattr(here, name)
    return False


def prepare_responsibility(record: Record, change: Change) -> dict[str, Any]:
    """Without a title of its own, a responsibility is called by its role and its person."""
    assert isinstance(record, Responsibility)
    if record.title or record.person_id is None:
        return {}
    role: Role | None = record.role
    return {"title": f"{role.title if role else record.authority[:80]}: {record.person.title}"}


def check_responsibility(record: Record, change: Change) -> Mapping[str, str]:
    """It names a role or an authority, a real clause, and ends after it begins."""
    assert isinstance(record, Responsibility)
    faults: dict[str, str] = {}
    if record.role_id is None and not record.authority:
        faults["role"] = _("Name a role, or say what the authority is.")
    if record.clause and not _CLAUSE.fullmatch(record.clause):
        faults["clause"] = _("“%(clause)s” is no clause of the standard. Write it as 8.6.1.") % {
            "clause": record.clause
        }
    if record.until and record.since and record.until < record.since:
        faults["until"] = _("The last day lies before the first.")
    return faults


def prepare_calendar(record: Record, change: Change) -> dict[str, Any]:
    """Who writes “holidays CN” and no years gets the official days of every year that is known."""
    hours = change.facts.get("hours")
    if not isinstance(hours, dict) or hours.get("holidays") != "CN" or hours.get("known_years"):
        return {}
    try:
        return {"hours": with_official_holidays(Calendar.from_definition(hours)).definition()}
    except CalendarFault:
        return {}  # `check_calendar` says what is wrong with it


def check_calendar(record: Record, change: Change) -> Mapping[str, str]:
    """Service hours are a calendar that can be counted in."""
    assert isinstance(record, WorkCalendar)
    if "hours" not in change.facts and not change.creates:
        return {}
    try:
        Calendar.from_definition(record.hours)
    except CalendarFault as fault:
        return {"hours": _(fault.template) % fault.facts}
    return {}


def holidays_lens(calendars: models.QuerySet[Any], value: str) -> models.QuerySet[Any]:
    """A filter of the list: `holidays=unknown`."""
    from gnomon.organization.queries.calendars import short_of_holidays

    if value != "unknown":
        says = _("“%(name)s” can be “unknown”.") % {"name": "holidays"}
        raise InvalidFacts(says, {"holidays": says})
    return short_of_holidays(calendars)
