"""What an escalation policy would do to open records if they followed it; nothing is written (8.6.1 c)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from gnomon.agreements.escalation.choosing import choose, in_force
from gnomon.agreements.escalation.following import rounds_of
from gnomon.agreements.escalation.steps import Step, steps_from
from gnomon.agreements.models import ClockProjection, Escalation, EscalationPolicy
from gnomon.agreements.policies import remembering
from gnomon.agreements.previews import OPEN, batches

ALIVE = (Escalation.State.RUNNING, Escalation.State.PAUSED)


@dataclass(frozen=True, slots=True)
class Follower:
    """An open record that would follow the policy: whose it follows now, which steps are past, and the next one."""

    number: str
    now_follows: str
    past: int
    next: Step | None
    next_at: datetime | None


def followers(
    policy: EscalationPolicy, facts: Mapping[str, Any], *, now: datetime | None = None
) -> list[Follower]:  # fmt: skip
    """The open records that would follow the policy if it said `facts` and were in force."""
    now = now or timezone.now()
    for name, value in facts.items():
        setattr(policy, name, value)
    others = [one for one in in_force() if one.pk != policy.pk]
    return list(_followers(policy, others, now))


def _followers(policy: EscalationPolicy, others: Sequence[EscalationPolicy], now: datetime) -> Iterator[Follower]:
    reading, steps = remembering(), steps_from(policy.steps)
    rows = ClockProjection.objects.filter(state__in=OPEN).values_list("kind", "number", "name")
    if policy.sla_id is not None:
        rows = rows.filter(sla=policy.sla.number)  # type: ignore[union-attr]
    for wanted, some, histories in batches(rows):
        records = {record.number: record for record in some}
        present = dict(
            Escalation.objects.filter(number__in=list(histories), state__in=ALIVE).values_list("number", "policy")
        )
        for number, history in histories.items():
            choice = choose(records[number], [*others, policy])
            if choice is None or choice.policy.pk != policy.pk or not wanted[number]:
                continue
            due = [
                (at, step)
                for one in rounds_of(history, now, reading)
                for own in [[step for step in steps if step.clock == one.clock]]
                for at, step in zip(one.due(own, now), own, strict=True)
                if at is not None
            ]
            coming = min((pair for pair in due if pair[0] > now), key=lambda pair: pair[0], default=(None, None))
            past = sum(at <= now for at, _step in due)
            yield Follower(number, present.get(number, ""), past, coming[1], coming[0])
