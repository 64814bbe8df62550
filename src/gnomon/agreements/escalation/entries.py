"""What the timeline of a record says of its escalation: one entry for each step that ran, was left out or failed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gnomon.agreements.escalation.steps import steps_from
from gnomon.agreements.escalation.wording import deed_words, names_in, when_words
from gnomon.agreements.models import Escalation, EscalationStep
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.models import Record
from gnomon.records.queries import names_of
from gnomon.standard.plugs import Actor

VERB = "escalation"


def leave(
    record: Record, escalation: Escalation, step: EscalationStep | None, outcome: str, *, by: Actor = SYSTEM,
    told: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Leave the entry about a step, or about the whole escalation when there is none; among staff only."""
    says = {
        "policy": escalation.policy, "version": escalation.policy_version, "clock": escalation.clock,
        "outcome": outcome, **(told or {}),
    }  # fmt: skip
    if step is not None:
        says |= {"step": step.position, "table": step.table}
    actions.note(record, VERB, by=by, internal=[None, True], escalation=[None, says])


def in_words(told: dict[str, Any]) -> str:
    """What an entry about escalation says, as a sentence in the language of whoever reads it."""
    outcome, who = str(told.get("outcome", "")), _names(told)
    if outcome == "suppressed":
        says = _("Held back: it would be escalation %(depth)d in a row that one led to another. Look at the policies.")
        return says % {"depth": int(told.get("depth", 0)) + 1}
    facts = {"step": told.get("step", "?"), "policy": told.get("policy", "?"), "who": who, "what": _what(told)}
    said = {
        "again": _("Escalated again to %(who)s."),
        "done": _("Step %(step)s of %(policy)s: %(what)s."),
        "told": _("Step %(step)s of %(policy)s: %(what)s. Told: %(who)s."),
        "called": _("Step %(step)s of %(policy)s: called %(who)s, who has not answered yet."),
        "fallback": _("Step %(step)s of %(policy)s: nobody answered the calls. Told: %(who)s."),
        "unanswered": _("Step %(step)s of %(policy)s: nobody answered the calls, and nobody else is named."),
        "acknowledged": _("Step %(step)s of %(policy)s: the call was answered."),
        "skipped": _("Step %(step)s of %(policy)s was left out: %(why)s"),
        "failed": _("Step %(step)s of %(policy)s failed: %(why)s"),
        "given_up": _("Step %(step)s of %(policy)s failed for good: %(why)s"),
    }.get(outcome, outcome)
    return said % (facts | {"why": why_words(str(told.get("why", "")), str(told.get("error", "")))})


def why_words(code: str, sentence: str = "") -> str:
    """Why a step was left out or failed."""
    reasons = {
        "before": gettext_lazy("it was due before the policy was in force or the record was here."),
        "stopped": gettext_lazy("the clock had stopped."),
        "nobody": gettext_lazy("nobody is there to be told."),
        "no_team": gettext_lazy("the present team escalates to no other."),
        "has_it": gettext_lazy("the team has it already."),
        "gone_team": gettext_lazy("the team is no longer active."),
        "highest": gettext_lazy("the priority is the highest already."),
        "no_priority": gettext_lazy("it has no priority."),
        "matrix": gettext_lazy("the priority matrix knows nothing more pressing."),
        "no_means": gettext_lazy("records of this kind cannot be handed on by themselves."),
    }
    return str(reasons.get(code, sentence or code))


def attempts_words(attempts: int) -> str:
    """How often a step was tried."""
    return ngettext("%(count)d attempt", "%(count)d attempts", attempts) % {"count": attempts}


def _what(told: dict[str, Any]) -> str:
    table = told.get("table")
    if not table:
        return ""
    (step,) = steps_from([table])
    return f"{when_words(step)}: {deed_words(step, names_in([step]))}"


def _names(told: dict[str, Any]) -> str:
    numbers = [str(number) for number in told.get("people", ())]
    names = names_of(numbers) if numbers else {}
    return ", ".join(names[number] for number in numbers)
