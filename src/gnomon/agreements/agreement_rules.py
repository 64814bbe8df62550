"""What an agreement must say to be understood by clocks (8.3.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from gnomon.agreements.levels import PRIORITIES
from gnomon.agreements.models import OperationalLevelAgreement, ServiceLevelAgreement
from gnomon.records.facts import fact
from gnomon.records.kinds import Change
from gnomon.records.models import Record

LONGEST_MINUTES = 5 * 366 * 24 * 60


TERMS = frozenset({
    "service", "customer", "calendar", "targets", "thresholds", "waiting_pauses_respond", "waiting_pauses_resolve",
    "workload_limits", "exceptions_stated", "exceptions",
})  # fmt: skip
INTERNAL_TERMS = frozenset({"team", "service", "calendar", "targets", "thresholds", "waiting_pauses_resolve"})


def what_follows(_record: Record, change: Change) -> dict[str, Any]:
    """What is revised is agreed by nobody until both sides say so again."""
    if change.move is not None and change.move.name == "revise":
        return {"customer_agreed_at": None, "provider_agreed_at": None}
    return {}


def what_follows_inside(_record: Record, change: Change) -> dict[str, Any]:
    """What is revised, the team has to agree again."""
    return {"team_agreed_at": None} if change.move is not None and change.move.name == "revise" else {}


def what_is_wrong(record: Record, change: Change) -> Mapping[str, str]:
    """Targets, thresholds and dates that make no sense, and terms altered behind the back of one side."""
    assert isinstance(record, ServiceLevelAgreement)
    wrong = _what_any_agreement_lacks(record, change, TERMS)
    if record.is_default and (other := _other_default(record)) is not None:
        refusal = _("%(other)s is the default already. Change that one, or retire it first.")
        wrong["is_default"] = refusal % {"other": other}
    return wrong


def what_is_wrong_inside(record: Record, change: Change) -> Mapping[str, str]:
    """The same of an agreement with a team of our own."""
    assert isinstance(record, OperationalLevelAgreement)
    return _what_any_agreement_lacks(record, change, INTERNAL_TERMS)


def _what_any_agreement_lacks(
    record: ServiceLevelAgreement | OperationalLevelAgreement, change: Change, terms: frozenset[str]
) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if record.status == "agreed" and change.move is None and not change.creates:
        altered = sorted(name for name in terms & change.facts.keys() if _differs(record, name, change))
        refusal = _("%(record)s is agreed. Revise it first, change it, then agree it again.")
        wrong |= dict.fromkeys(altered, refusal % {"record": record.number})
    says = _targets(record.targets)
    if says is None and "targets" in change.facts:
        says = _out_of_order(record.targets)
    if says is not None:
        wrong["targets"] = says
    if (says := _thresholds(record.thresholds)) is not None:
        wrong["thresholds"] = says
    if record.effective_from and record.effective_to and record.effective_to < record.effective_from:
        wrong["effective_to"] = _("The agreement cannot end before it begins.")
    return wrong


def _other_default(record: ServiceLevelAgreement) -> str | None:
    others = ServiceLevelAgreement.objects.filter(is_default=True, status__in=("drafted", "agreed"))
    number: str | None = others.exclude(pk=record.pk).values_list("number", flat=True).first()
    return number if record.status != "retired" else None


def _differs(record: Record, name: str, change: Change) -> bool:
    return bool(fact(getattr(record, name)) != change.old.get(name))


def _targets(targets: Any) -> str | None:
    example = '[{"priority": 1, "respond_minutes": 15, "resolve_minutes": 240}]'
    if not isinstance(targets, list):
        return _("Give targets as a list, for example %(example)s.") % {"example": example}
    seen: set[Any] = set()
    for row in targets:
        if not isinstance(row, dict) or row.get("priority") not in (1, 2, 3, 4):
            return _("Each target names a priority from 1 to 4, for example %(example)s.") % {"example": example}
        if row["priority"] in seen:
            return _("Priority %(priority)s has two targets. Keep one.") % {"priority": row["priority"]}
        seen.add(row["priority"])
        for name in ("respond_minutes", "resolve_minutes"):
            minutes = row.get(name)
            if minutes is None:
                continue
            if isinstance(minutes, bool) or not isinstance(minutes, int | float) or not 0 < minutes <= LONGEST_MINUTES:
                return _("%(name)s of priority %(priority)s must be minutes above 0, or left out for no target.") % {
                    "name": name, "priority": row["priority"],
                }  # fmt: skip
    return None


def _out_of_order(targets: list[dict[str, Any]]) -> str | None:
    """Asked of new targets only: an agreement of before can still be retired."""
    for row in targets:
        respond, resolve = row.get("respond_minutes"), row.get("resolve_minutes")
        if respond is not None and resolve is not None and resolve < respond:
            says = _(
                "%(level)s is to be resolved sooner than responded to. Give it more time to resolve, or less to respond."
            )
            return says % {"level": PRIORITIES[row["priority"]]}
    return None


def _thresholds(thresholds: Any) -> str | None:
    if not isinstance(thresholds, list) or any(isinstance(t, bool) or not isinstance(t, int) for t in thresholds):
        return _("Give thresholds as a list of percentages, for example [50, 75, 90, 100].")
    if any(not 0 < t <= 1000 for t in thresholds):
        return _("A threshold lies above 0 percent.")
    return None
