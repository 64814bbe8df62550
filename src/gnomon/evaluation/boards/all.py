"""The four dashboards, in the order of the switcher, and who opens which first."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from gnomon.evaluation.boards import desk, management, process, service
from gnomon.evaluation.boards.contributed import contributions
from gnomon.evaluation.boards.declared import Asked, Dashboard
from gnomon.evaluation.boards.sheet import Sheet
from gnomon.organization.roles import (
    ADMINISTRATOR,
    AGENT,
    AGREEING,
    AUDITORS,
    CUSTOMER_MANAGER,
    DIRECTING,
    EXTERNAL_AUDITOR,
    INTERNAL_AUDITOR,
    PROCESS_MANAGER,
    SERVICE_OWNER,
    SMS_MANAGER,
    STAFF,
    TOP_MANAGEMENT,
)
from gnomon.records.kinds import kind_named
from gnomon.records.ledger import settled
from gnomon.records.ledger.reading import one_moment
from gnomon.records.permissions import may
from gnomon.standard.plugs import Actor

BOARDS: Sequence[Dashboard] = (
    Dashboard(
        "desk", _("Desk, now"), _("What waits, what is late, and who works on what at this moment."),
        roles=tuple(code for code in STAFF if code not in AUDITORS), read=desk.read,
        first_for=(AGENT, ADMINISTRATOR), narrowed_by=("team", "service"), has_period=False, live=True,
    ),
    Dashboard(
        "process", _("Process"), _("How well a process runs: every measure, its target, and whether a change is a signal."),
        roles=STAFF, read=process.read, first_for=(PROCESS_MANAGER,), narrowed_by=("service", "team", "priority"),
    ),
    Dashboard(
        "service", _("Service"), _("What was agreed with the customer, what was reached, and what went wrong."),
        roles=(*AGREEING, *AUDITORS, TOP_MANAGEMENT), read=service.read,
        first_for=(SERVICE_OWNER, CUSTOMER_MANAGER), narrowed_by=("service", "customer"),
    ),
    Dashboard(
        "management", _("Management"), _("Every measure against its target, and which of them need attention."),
        roles=(*DIRECTING, PROCESS_MANAGER, SERVICE_OWNER, CUSTOMER_MANAGER, *AUDITORS), read=management.read,
        first_for=(SMS_MANAGER, TOP_MANAGEMENT, INTERNAL_AUDITOR, EXTERNAL_AUDITOR),
    ),
)  # fmt: skip


def boards_for(person: Actor) -> list[Dashboard]:
    """The dashboards of a person who may read all incidents: for anybody else figures and lists would not agree."""
    if not may(person, "read", kind_named("incident")):
        return []
    return [board for board in BOARDS if board.is_for(person)]


def first_board(person: Actor) -> Dashboard | None:
    """The one that a person opens first."""
    known = boards_for(person)
    meant = [board for board in known if not set(board.first_for).isdisjoint(person.roles)]
    return next(iter([*meant, *known]), None)


def sheet_of(board: Dashboard, asked: Asked) -> Sheet:
    """What a dashboard shows, with what other apps add to it."""
    settled.look()
    with one_moment():  # or one tile would say what another does not know of yet
        return _sheet_of(board, asked)


def _sheet_of(board: Dashboard, asked: Asked) -> Sheet:
    sheet = board.read(asked)
    added = [section for one in contributions(board.name) if (section := one.read(asked)) is not None]
    return Sheet([*sheet.sections, *added], sheet.lead, "" if added else sheet.empty, sheet.facts)
