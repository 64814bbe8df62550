"""What agreements do on a schedule."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from gnomon.agreements import actions, listeners, thresholds
from gnomon.agreements.escalation import calling, running
from gnomon.agreements.escalation.following import follow
from gnomon.agreements.models import Escalation
from gnomon.records.kinds import find_record
from gnomon.standard.plugs import Job


def look_for_thresholds() -> None:
    thresholds.sweep()
    running.sweep()


def follow_escalation(number: str, escalation: int | None = None) -> None:
    record = find_record(number)
    if record is not None:
        follow(record, cause=Escalation.objects.filter(pk=escalation).first() if escalation else None)


def run_escalation(escalation: int) -> None:
    running.run(escalation)


LOOK_FOR_THRESHOLDS = Job(
    "agreements:look_for_thresholds",
    look_for_thresholds,
    every=timedelta(seconds=30),
    title=_("Look for thresholds of clocks"),
)

TELL_THRESHOLD = Job(thresholds.TELL, thresholds.tell, brief=True, title=_("Act on a threshold of a clock"))

FOLLOW_ESCALATION = Job(listeners.FOLLOW, follow_escalation, brief=True, title=_("Let escalations follow the clocks"))

RUN_ESCALATION = Job(running.RUN, run_escalation, title=_("Run the steps of an escalation"))

RETRY_STEP = Job(running.RETRY, running.retry, title=_("Try a step of an escalation again"))

CALL_NEXT = Job(calling.CALL, calling.go_on, title=_("Call the next one in the chain"))

APPLY = Job(actions.APPLY, actions.apply_as, title=_("Let open records obey what was decided"))
