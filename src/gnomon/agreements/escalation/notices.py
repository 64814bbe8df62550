"""Tell people of a step, in words that fit whoever reads them (7.4, 8.6.1 c)."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import lazy

from gnomon.agreements.escalation.steps import Step
from gnomon.agreements.escalation.wording import when_words
from gnomon.agreements.models import Escalation, EscalationStep
from gnomon.agreements.notices import CALLED, ESCALATED
from gnomon.governance.notices import says, tell
from gnomon.records.models import Record

_when = lazy(when_words, str)


def notify(
    record: Record, escalation: Escalation, step: EscalationStep, people: Iterable[str], plan: Step, *,
    call: bool = False, mark: str = "",
) -> None:  # fmt: skip
    """Tell people once for this step; a call waits for no quiet hours and asks for an answer."""
    tell(
        people, CALLED if call else ESCALATED, about=record,
        text=says("%(when)s. %(policy)s", when=_when(plan), policy=escalation.policy),
        cause=f"escalation/{escalation.pk}/{step.position}{mark}",
    )  # fmt: skip
