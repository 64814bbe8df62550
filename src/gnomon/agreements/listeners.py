"""What agreements do when something happens to a record."""

from __future__ import annotations

from gnomon.agreements.escalation.means import means_of
from gnomon.agreements.escalation.running import cause_now
from gnomon.agreements.models import EscalationPolicy
from gnomon.jobs.actions import enqueue
from gnomon.jobs.questions import Question
from gnomon.records.listeners import Listener
from gnomon.records.models import LedgerEntry, Record
from gnomon.records.rules import Rules

FOLLOW = "agreements:follow_escalation"
DECIDES = frozenset({
    "status", "priority", "team", "service", "sla", "sla_version", "calendar_version", "opened_at", "responded_at",
    "resolved_at", "ola", "ola_version", "ola_calendar_version",
})  # fmt: skip


_ANY_POLICY = Rules(Question(lambda status: EscalationPolicy.objects.exclude(status=status).values_list("pk")[:1]))


def follow_later(record: Record, entry: LedgerEntry) -> None:
    """Let the escalations of a record follow what was just told of it."""
    if means_of(record.kind.name) is None or (entry.version > 1 and DECIDES.isdisjoint(entry.changes)):
        return
    # An installation that never had a policy pays this one question.
    if not _ANY_POLICY.first(status="drafted"):
        return
    cause = cause_now()
    key = None if cause is None else cause.pk
    enqueue(FOLLOW, key=f"{record.number}/{key or ''}", cause=record.number, number=record.number, escalation=key)


FOLLOW_ESCALATIONS = Listener(follow_later)
