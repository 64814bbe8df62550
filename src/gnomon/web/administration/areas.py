"""The areas of administration: where each thing is set, what is in force, who changed it last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gnomon.records.kinds import Kind, kinds
from gnomon.records.models import LedgerEntry
from gnomon.records.permissions import may
from gnomon.records.queries import names_of
from gnomon.standard.plugs import Actor, Says

IN_FORCE = frozenset({"in_use", "in_force", "agreed", "active", "approved", "live", "held"})


@dataclass(frozen=True, slots=True)
class Area:
    """Something that can be set."""

    name: str
    says: Says
    icon: str = ""
    url: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """An area as a person finds it now."""

    title: str
    says: str
    url: str
    icon: str
    standing: str = ""
    changed_at: datetime | None = None
    changed_by: str = ""


AREAS: tuple[tuple[Says, tuple[Area, ...]], ...] = (
    (
        gettext_lazy("Records and how they move"),
        (
            Area("workflows", gettext_lazy("States and moves of each kind, drawn and in versions"), "git-branch",
                 "/organization/workflows/", "workflow_version"),
            Area("fields", gettext_lazy("Fields of your own for each kind"), "columns",
                 "/organization/fields/", "custom_field"),
            Area("categories", gettext_lazy("What incidents are about, as a tree"), "", "", "category"),
            Area("priorities", gettext_lazy("Which impact and urgency make which priority"), "columns", "", "priority_matrix"),
            Area("levels", gettext_lazy("What priorities, impacts and urgencies are called"), "flag",
                 "/organization/levels/", "level_name"),
            Area("major", gettext_lazy("What makes an incident a major one"), "bolt", "", "major_incident_criteria"),
        ),
    ),
    (
        gettext_lazy("Promises and time"),
        (
            Area("sla", gettext_lazy("Targets, hours and thresholds agreed with customers"), "", "",
                 "service_level_agreement"),
            Area("ola", gettext_lazy("What teams promise one another"), "", "", "operational_level_agreement"),
            Area("escalation", gettext_lazy("What happens when a clock runs down"), "", "", "escalation_policy"),
            Area("notices", gettext_lazy("What people are told of, and in which words"), "mail", "/governance/notices/",
                 "notice_text"),
            Area("hours", gettext_lazy("When clocks run: weeks, holidays, make-up workdays"), "calendar", "",
                 "work_calendar"),
        ),
    ),
    (
        gettext_lazy("People and what they may do"),
        (
            Area("people", gettext_lazy("Who may sign in, and the roles that each holds"), "user", "", "person"),
            Area("teams", gettext_lazy("Who works together, and to whom work escalates"), "users", "", "team"),
            Area("roles", gettext_lazy("What each role answers for; make roles of your own"), "certificate", "", "role"),
            Area("holders", gettext_lazy("Who holds which role; give and take them"), "users-group",
                 "/organization/roles/held"),
            Area("permissions", gettext_lazy("Which role may do what, as the program obeys it; decide otherwise"),
                 "shield-check", "/organization/permissions/", "changed_permission"),
        ),
    ),
)  # fmt: skip
TITLES = {
    "holders": gettext_lazy("Who holds which role"),
    "permissions": gettext_lazy("Permissions"),
    "workflows": gettext_lazy("Workflows"),
}


def cards_for(person: Actor, words: str = "") -> list[tuple[str, list[Card]]]:
    """The areas that this person may read, those that say the words."""
    known = {kind.name: kind for kind in kinds() if may(person, "read", kind)}
    last = _last_changes([area.kind for _title, areas in AREAS for area in areas if area.kind in known])
    names = names_of(entry.actor for entry in last.values())
    groups = []
    for title, areas in AREAS:
        cards = [
            _card(area, known.get(area.kind), last.get(area.kind), names)
            for area in areas
            if not area.kind or area.kind in known
        ]
        cards = [card for card in cards if words.lower() in f"{card.title} {card.says}".lower()]
        if cards:
            groups.append((str(title), cards))
    return groups


def _card(area: Area, kind: Kind | None, last: LedgerEntry | None, names: dict[str, str]) -> Card:
    title = str(TITLES.get(area.name) or (kind.plural if kind else area.name))
    url = area.url or (reverse(f"{kind.name}-list") if kind else "")
    return Card(
        title, str(area.says), url, area.icon or (kind.icon if kind else "settings"), _standing(kind) if kind else "",
        last.recorded_at if last else None, names.get(last.actor, "") if last else "",
    )  # fmt: skip


def _standing(kind: Kind) -> str:
    """How many stand in which status, the ones in force first."""
    counted = kind.model.objects.values_list("status").annotate(count=Count("pk")).order_by("status")
    titles = {state.name: str(state.title) for state in kind.workflow.states}
    rows: Sequence[tuple[str, int]] = sorted(counted, key=lambda row: row[0] not in IN_FORCE)
    return " · ".join(f"{titles.get(status, status)} {count}" for status, count in rows) or _("none yet")


def _last_changes(names: Sequence[str]) -> dict[str, LedgerEntry]:
    """Kind → its newest entry: one look-up in the index of the ledger for each."""
    found = {name: LedgerEntry.objects.filter(kind=name).order_by("-sequence").first() for name in dict.fromkeys(names)}
    return {name: entry for name, entry in found.items() if entry is not None}
