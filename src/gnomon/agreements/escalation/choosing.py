"""Which policy a record's escalation follows, and why this one (8.6.1 c)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from gnomon.agreements.models import EscalationPolicy
from gnomon.jobs.questions import Question
from gnomon.records.models import Record

# An agreement says more than a service, a service more than a team, a team more than a priority.
WEIGHTS = {"sla": 8, "service": 4, "team": 2, "priority_at_least": 1}


@dataclass(frozen=True, slots=True)
class Choice:
    """The policy that decides, what of the record it names, and how many others would have fitted."""

    policy: EscalationPolicy
    names: tuple[str, ...]
    others: int

    def facts(self, record: Record) -> dict[str, Any]:
        """The choice as an escalation keeps it, with what it rested on."""
        return {"names": list(self.names), "others": self.others, "of": deciding(record)}


def deciding(record: Any) -> dict[str, Any]:
    """What of a record decides which policy it follows."""
    return {
        "sla": getattr(record, "sla_id", None), "service": getattr(record, "service_id", None),
        "team": getattr(record, "team_id", None), "priority": getattr(record, "priority", None),
    }  # fmt: skip


_IN_FORCE = Question(lambda status: EscalationPolicy.objects.filter(status=status).order_by("id"))


def in_force() -> list[EscalationPolicy]:
    """The policies that count now."""
    return _IN_FORCE.all(status="in_force")


def choose(record: Record, policies: Sequence[EscalationPolicy]) -> Choice | None:
    """The policy that names most of the record; then the one for the graver priority, then the one recorded last."""
    known = deciding(record)
    fitting = [policy for policy in policies if fits(policy, known)]
    if not fitting:
        return None
    chosen = max(fitting, key=lambda policy: (_weight(policy), -(policy.priority_at_least or 9), policy.pk))
    return Choice(chosen, tuple(named(chosen)), len(fitting) - 1)


def fits(policy: EscalationPolicy, known: dict[str, Any]) -> bool:
    """Whether a policy holds for a record of which this is known."""
    if any(getattr(policy, f"{name}_id") not in (None, known[name]) for name in ("sla", "service", "team")):
        return False
    most = policy.priority_at_least
    return most is None or (known["priority"] is not None and known["priority"] <= most)


def named(policy: EscalationPolicy) -> list[str]:
    """What a policy names, the weightiest first."""
    return [name for name in WEIGHTS if getattr(policy, f"{name}_id" if name in _LINKS else name) is not None]


_LINKS = frozenset({"sla", "service", "team"})


def _weight(policy: EscalationPolicy) -> int:
    return sum(WEIGHTS[name] for name in named(policy))


def because(chosen: dict[str, Any]) -> str:
    """Why this policy and no other, as a sentence."""
    titles = {
        "sla": pgettext("escalation", "agreement"), "service": pgettext("escalation", "service"),
        "team": pgettext("escalation", "team"), "priority_at_least": pgettext("escalation", "priority"),
    }  # fmt: skip
    names = pgettext("between names", ", ").join(titles[name] for name in chosen.get("names", ()) if name in titles)
    says = _("This policy, because it names the %(names)s.") if names else _("This policy, because it is for all.")
    said, others = says % {"names": names}, int(chosen.get("others", 0))
    if not others:
        return said
    more = ngettext("%(count)d other fits and says less.", "%(count)d others fit and say less.", others)
    return f"{said} {more % {'count': others}}"
