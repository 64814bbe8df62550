"""The steps of an escalation policy: when, what, and to whom; as plain data that people can read (8.6.1 c)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

CLOCKS: Final = ("respond", "resolve", "team")
DEEDS: Final = ("notify", "reassign", "raise_priority", "call")
NEXT_TEAM: Final = "next"
ASIDES: Final = ("assignee", "assignee_lead", "team", "team_lead", "service_owner", "major_manager")
MOST_STEPS, MOST_PEOPLE = 20, 20
LONGEST_MINUTES, HIGHEST_PERCENT, LONGEST_WAIT = 366 * 24 * 60, 1000, 24 * 60
_KNOWN = frozenset({"clock", "percent", "minutes", "do", "whom", "team", "wait", "fallback", "in_hours"})


@dataclass(frozen=True, slots=True)
class Step:
    """One step: at `percent` of the target, or `minutes` of service time after it (before it when negative).

    `whom` names people by what they are to the record (`assignee`, `team_lead` …), by role (`role:agent`) or by
    number. A call goes to them one after another, `wait` minutes apart, until somebody answers; then to the
    `fallback`. A step that is only for chosen hours waits for the next opening.
    """

    clock: str
    do: str
    percent: int | None = None
    minutes: int | None = None
    whom: tuple[str, ...] = ()
    team: str = NEXT_TEAM
    wait: int = 15
    fallback: tuple[str, ...] = ()
    in_hours: bool = False

    def seconds(self, target: int) -> int:
        """How much of the clock's time has passed when the step is due."""
        if self.percent is not None:
            return -(-target * self.percent // 100)
        return max(0, target + 60 * (self.minutes or 0))

    @property
    def people(self) -> tuple[str, ...]:
        return (*self.whom, *self.fallback)


def steps_from(table: Iterable[Mapping[str, Any]]) -> list[Step]:
    """The steps out of what a policy says; for data that `fault_of_steps` found nothing wrong with."""
    return [_step_from(dict(row)) for row in table]


def _step_from(row: dict[str, Any]) -> Step:
    lists: dict[str, Any] = {name: tuple(row[name]) for name in ("whom", "fallback") if name in row}
    facts: dict[str, Any] = row | lists
    return Step(**facts)


def fault_of_steps(table: Any) -> str | None:
    """What is wrong with the steps of a policy, in a sentence; people and teams are checked elsewhere."""
    if not isinstance(table, list) or not all(isinstance(row, dict) for row in table):
        return _("Give the steps as a list.")
    if len(table) > MOST_STEPS:
        return _("A policy has at most %(most)d steps; this has %(has)d.") % {"most": MOST_STEPS, "has": len(table)}
    for position, row in enumerate(table, 1):
        if (fault := _fault(row)) is not None:
            return _("Step %(position)d: %(fault)s") % {"position": position, "fault": fault}
    return _out_of_order(steps_from(table))


def _fault(row: Mapping[str, Any]) -> str | None:
    unknown = sorted(set(map(str, row)) - _KNOWN)
    if unknown:
        return _("There is no “%(name)s”.") % {"name": unknown[0]}
    if row.get("clock") not in CLOCKS:
        return _("Choose the clock: %(clocks)s.") % {"clocks": ", ".join(CLOCKS)}
    if row.get("do") not in DEEDS:
        return _("Choose what is done: %(deeds)s.") % {"deeds": ", ".join(DEEDS)}
    if not isinstance(row.get("in_hours", False), bool) or not isinstance(row.get("team", ""), str):
        return _("It holds a value that cannot be read.")
    return _fault_of_time(row) or _fault_of_people(row)


def _fault_of_time(row: Mapping[str, Any]) -> str | None:
    percent, minutes = row.get("percent"), row.get("minutes")
    if (percent is None) == (minutes is None):
        return _("Say when: at a percentage, or minutes before or after the target.")
    if percent is not None and not _is_whole(percent, 1, HIGHEST_PERCENT):
        return _("A percentage is a whole number from 1 to %(most)d.") % {"most": HIGHEST_PERCENT}
    if minutes is not None and not _is_whole(minutes, -LONGEST_MINUTES, LONGEST_MINUTES):
        return _("Minutes are a whole number of at most a year.")
    if not _is_whole(row.get("wait", 15), 1, LONGEST_WAIT):
        return _("Wait from 1 to %(most)d minutes for an answer.") % {"most": LONGEST_WAIT}
    return None


def _fault_of_people(row: Mapping[str, Any]) -> str | None:
    for name in ("whom", "fallback"):
        people = row.get(name, [])
        if not isinstance(people, list | tuple) or not all(isinstance(one, str) for one in people):
            return _("Give people as a list of names.")
        if len(people) > MOST_PEOPLE:
            return _("Name at most %(most)d.") % {"most": MOST_PEOPLE}
        if len(set(people)) != len(people):
            return _("Somebody is named twice.")
    if row["do"] in {"notify", "call"} and not row.get("whom"):
        return _("Say who is told.")
    return None


def _is_whole(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _out_of_order(steps: Sequence[Step]) -> str | None:
    """The steps of each clock stand in the order in which they fall due, as far as that can be known."""
    last: dict[str, Step] = {}
    for position, step in enumerate(steps, 1):
        before = last.get(step.clock)
        if before is not None and _surely_later(before, step):
            says = _("Step %(position)d falls due before the step ahead of it. Put the steps in order.")
            return says % {"position": position}
        last[step.clock] = step
    return None


def _surely_later(one: Step, other: Step) -> bool:
    """Whether `one` falls due after `other` whatever the target is."""
    if (one.percent is None) == (other.percent is None):
        return (one.percent or one.minutes or 0) > (other.percent or other.minutes or 0)
    past, early = _past(one), _past(other)
    return past is not None and early is not None and past > early


def _past(step: Step) -> int | None:
    """-1 before the target, 0 at it, 1 after it; None for what a long target turns round."""
    place = step.minutes if step.percent is None else step.percent - 100
    return 0 if not place else 1 if place > 0 else -1
