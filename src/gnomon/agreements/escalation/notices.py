"""Tell people of a step, in words that fit whoever reads them (7.4, 8.6.1 c)."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from gnomon.agreements.models import Escalation, EscalationStep
from gnomon.governance.notices import says, tell
from gnomon.records.models import Record


def notify(
    record: Record, escalation: Escalation, step: EscalationStep, people: Iterable[str], when: str, *,
    call: bool = False, mark: str = "",
) -> None:  # fmt: skip
    """Tell people once for this step; a call waits for no quiet hours and asks for an answer."""
    title = _("%(number)s calls you: %(title)s. Please answer.") if call else _("%(number)s escalated: %(title)s")
    tell(
        people, about=record, what="escalation", title=says(title, number=record.number, title=record.title),
        text=f"{when}. {escalation.policy}", cause=f"escalation/{escalation.pk}/{step.position}{mark}", internal=True,
        urgent=call, links=("acknowledge",) if call else (),
    )  # fmt: skip
