"""What the organization set for itself: limits in place of the catalogue's, and how often it planned to do what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.dateparse import parse_datetime

from gnomon.certification.catalogue import catalogue
from gnomon.certification.pack.order import Order
from gnomon.certification.pack.taking import folded
from gnomon.records.ledger.export import Sealed
from gnomon.records.models import LedgerEntry

LIMIT, PLAN, OPERATION = "rule_limit", "planned_activity", "operation"
# What the index tells of each, by kind; all of it is in the ledger.
TOLD: Mapping[str, tuple[str, ...]] = {
    LIMIT: ("requirement", "rule", "values", "share", "since", "withdrawn_at"),
    PLAN: ("activity", "days", "tolerance_days", "since", "withdrawn_at"),
    OPERATION: ("since", "withdrawn_at"),
}


def chosen(order: Order, sealed: Sealed, edition: str) -> list[dict[str, Any]]:
    """What was in force at some time of the period, by clause: own limits, planned activities, start of operation."""
    return sorted(_chosen(order, sealed, edition), key=lambda each: (each["clauses"], each["number"]))


def name_chosen(clauses: Sequence[Mapping[str, Any]], told: Sequence[Mapping[str, Any]]) -> None:
    """Say at each requirement what the organization set for it."""
    for clause in clauses:
        for requirement in clause["requirements"]:
            requirement["chosen"] = [each["number"] for each in told if requirement["id"] in each["requirements"]]


def _chosen(order: Order, sealed: Sealed, edition: str) -> Iterator[dict[str, Any]]:
    entries: dict[str, list[LedgerEntry]] = {}
    for entry in sealed.within(LedgerEntry.objects.filter(kind__in=TOLD)):
        entries.setdefault(entry.number, []).append(entry)
    for number, own in entries.items():
        facts = folded(own)
        kind = own[0].kind
        asked = _asked(kind, facts, order, edition)
        if (asked or kind == OPERATION) and _in_force(facts, order):
            yield {
                "number": number,
                "kind": kind,
                "requirements": asked,
                "clauses": sorted({one.partition("-")[0] for one in asked}),
                **{name: facts.get(name) for name in TOLD[kind]},
            }


def _asked(kind: str, facts: Mapping[str, Any], order: Order, edition: str) -> Sequence[str]:
    """The requirements within the order that it bears on."""
    if kind == LIMIT:
        return [facts["requirement"]] if order.covers(str(facts.get("requirement"))) else []
    activity = facts.get("activity") if kind == PLAN else None
    return [
        each.id
        for each in catalogue(edition).requirements
        if activity and each.interval == activity and order.covers(each.id)
    ]


def _in_force(facts: Mapping[str, Any], order: Order) -> bool:
    since, until = (parse_datetime(str(facts.get(name) or "")) for name in ("since", "withdrawn_at"))
    if since is not None and since >= order.period.end:
        return False
    return until is None or until > order.period.start
