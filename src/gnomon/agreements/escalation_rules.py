"""What an escalation policy must say to be run to its end (8.6.1 c)."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from gnomon.agreements.escalation.naming import unknown
from gnomon.agreements.escalation.steps import NEXT_TEAM, fault_of_steps, steps_from
from gnomon.agreements.models import EscalationPolicy
from gnomon.records.kinds import Change
from gnomon.records.models import Record


def what_is_wrong(record: Record, change: Change) -> Mapping[str, str]:
    """Steps that cannot be read, stand out of order, or name people who are not there."""
    assert isinstance(record, EscalationPolicy)
    if (fault := fault_of_steps(record.steps)) is not None:
        return {"steps": fault}
    if record.status == "in_force" and not record.steps:
        return {"steps": _("A policy in force has at least one step.")}
    steps = steps_from(record.steps)
    teams = {step.team for step in steps if step.do == "reassign"} - {NEXT_TEAM, ""}
    nobody = unknown([token for step in steps for token in step.people] + sorted(teams))
    if nobody:
        return {"steps": _("There is nobody called “%(text)s”.") % {"text": ", ".join(nobody)}}
    if any(step.in_hours for step in steps) and record.calendar is None:
        return {"calendar": _("Choose the hours, since a step is only for chosen hours.")}
    return {}
