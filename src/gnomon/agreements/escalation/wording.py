"""Steps as sentences (8.6.1 c)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from gnomon.agreements.escalation.naming import titles_of
from gnomon.agreements.escalation.steps import NEXT_TEAM, Step, steps_from


def clock_words(name: str) -> str:
    """The time that a clock measures, inside a sentence."""
    titles = {
        "respond": pgettext("escalation", "time to respond"),
        "resolve": pgettext("escalation", "time to resolve"),
        "team": pgettext("escalation", "time of the team"),
    }
    return titles.get(name, name)


def when_words(step: Step) -> str:
    """When a step falls due."""
    clock = clock_words(step.clock)
    if step.percent is not None:
        return _("At %(percent)d %% of the %(clock)s") % {"percent": step.percent, "clock": clock}
    minutes = step.minutes or 0
    if minutes < 0:
        says = ngettext(
            "%(minutes)d minute before the %(clock)s is over", "%(minutes)d minutes before the %(clock)s is over",
            -minutes,
        )  # fmt: skip
    else:
        says = ngettext(
            "%(minutes)d minute after the %(clock)s is over", "%(minutes)d minutes after the %(clock)s is over",
            minutes,
        )  # fmt: skip
    return says % {"minutes": abs(minutes), "clock": clock}


def deed_words(step: Step, titles: Mapping[str, str]) -> str:
    """What a step does."""
    whom = _listed(step.whom, titles)
    if step.do == "notify":
        return _("tell %(whom)s") % {"whom": whom}
    if step.do == "raise_priority":
        return _("raise the priority")
    if step.do == "reassign":
        if step.team in ("", NEXT_TEAM):
            return _("hand it to the team that the present one escalates to")
        return _("hand it to %(team)s") % {"team": titles.get(step.team, step.team)}
    says = ngettext(
        "call %(whom)s, each after %(wait)d minute without an answer",
        "call %(whom)s, each after %(wait)d minutes without an answer", step.wait,
    )  # fmt: skip
    called = says % {"whom": whom, "wait": step.wait}
    if not step.fallback:
        return called
    return _("%(called)s; if nobody answers, tell %(fallback)s") % {
        "called": called, "fallback": _listed(step.fallback, titles)
    }  # fmt: skip


def sentence(step: Step, titles: Mapping[str, str]) -> str:
    """The whole step as a sentence."""
    said = _("%(when)s: %(deed)s") % {"when": when_words(step), "deed": deed_words(step, titles)}
    return _("%(step)s, within chosen hours.") % {"step": said} if step.in_hours else _("%(step)s.") % {"step": said}


def sentences(table: Iterable[Mapping[str, Any]]) -> list[str]:
    """The steps of a policy as sentences, with one query for all names."""
    steps = steps_from(table)
    titles = names_in(steps)
    return [sentence(step, titles) for step in steps]


def names_in(steps: Sequence[Step]) -> dict[str, str]:
    """The names of all that steps speak of."""
    return titles_of(token for step in steps for token in (*step.people, step.team) if token != NEXT_TEAM)


def _listed(tokens: Sequence[str], titles: Mapping[str, str]) -> str:
    return pgettext("between names", ", ").join(titles.get(token, token) for token in tokens)
