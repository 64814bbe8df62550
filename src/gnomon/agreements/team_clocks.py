"""The clocks of teams, one for each turn; kept beside those of the customer and never mixed with them (8.3.4.2)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from gnomon.agreements.clock.definitions import TEAM
from gnomon.agreements.clock.derive import derive_final
from gnomon.agreements.clock.turns import Assignment, Turn, turns
from gnomon.agreements.clock_rows import OF_TEAMS, ClockRow, row_of
from gnomon.agreements.histories import History, Pins
from gnomon.agreements.models import OperationalLevelAgreement
from gnomon.agreements.pins import version_in_force
from gnomon.agreements.policies import PolicyOf, policy_of
from gnomon.organization.models import Team
from gnomon.portfolio.models import Service
from gnomon.records.kinds import kind_of
from gnomon.records.models import Record

NOT_PINNED: dict[str, Any] = {"ola": None, "ola_version": None, "ola_calendar_version": None}


def internal_pins_for(team: Team | None, service: Service | None, *, on: date | None = None) -> dict[str, Any]:
    """The facts that pin the turn of a team to the internal agreement in force for it.

    One that names the service wins over one for all services, then the one that took effect last, then the one
    recorded last. Under revision it stays in force as it was last agreed.
    """
    if team is None:
        return dict(NOT_PINNED)
    wanted = Q(service=None) if service is None else Q(service=None) | Q(service=service)
    known = OperationalLevelAgreement.objects.filter(wanted, team=team, status__in=("drafted", "agreed"))
    found: list[tuple[bool, str, int, OperationalLevelAgreement, int]] = []
    for agreement in known.select_related("calendar"):
        version = version_in_force(agreement, on or timezone.localdate())
        if version is not None:
            begins = agreement.effective_from.isoformat() if agreement.effective_from else ""
            found.append((agreement.service_id is not None, begins, agreement.pk, agreement, version))
    if not found:
        return dict(NOT_PINNED)
    *_order, chosen, version = max(found, key=lambda row: row[:3])
    calendar = chosen.calendar
    return {
        "ola": chosen, "ola_version": version,
        "ola_calendar_version": None if calendar is None else calendar.version,
    }  # fmt: skip


def turns_of(history: History) -> list[Turn]:
    """The turns of a record, those without an agreement too."""
    return turns(history.happenings, history.assignments)


def pins_of(assignment: Assignment) -> Pins:
    """The versions that a turn obeys, as policies are asked for them."""
    return Pins(assignment.at, assignment.agreement, assignment.agreement_version, assignment.calendar_version)


def last_moment(history: History) -> datetime:
    """The last happening that a team's clock heeds."""
    return max([history.until, *(one.at for one in history.assignments)])


def rows_of(record: Record, history: History, policy: PolicyOf = policy_of) -> list[ClockRow]:
    """Where the clock of each turn stands that was pinned to an agreement."""
    if not history.has_internal:
        return []
    until, kind = last_moment(history), kind_of(type(record)).name
    return [_row(kind, record.number, turn, until, policy) for turn in turns_of(history) if turn.assignment.agreement]


def _row(kind: str, number: str, turn: Turn, until: datetime, policy: PolicyOf) -> ClockRow:
    pins = pins_of(turn.assignment)
    clock = derive_final(TEAM, policy(pins, TEAM.measure), turn.happenings, until)
    return row_of(kind, number, clock, pins, nth=turn.nth, team=turn.assignment.team or "")


def keep_turns(record: Record, history: History, policy: PolicyOf = policy_of) -> None:
    """Bring the team clocks of one record up to its history; costs nothing where no team has an agreement."""
    if history.has_internal:
        OF_TEAMS.put([record.number], rows_of(record, history, policy))
