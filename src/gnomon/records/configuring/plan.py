"""Carry out a configuration file, or only try to: the plan is the act itself, taken back at its end."""

from __future__ import annotations

import hashlib
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gnomon.records import actions, permissions
from gnomon.records.configuring.declared import Configured, sections
from gnomon.records.configuring.items import facts_of_item, find, item_of
from gnomon.records.configuring.reading import Fault, Item, Read
from gnomon.records.facts import fact
from gnomon.records.ledger.canonical import canonical
from gnomon.records.models import Numbering, Record
from gnomon.records.refusals import InvalidFacts, Refused
from gnomon.standard.plugs import Actor
from gnomon.workflow.tables import Move, Workflow

ADDED, CHANGED, SAME = "added", "changed", "same"
LOCK = "@configured"


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact before and after."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of one item."""

    section: str
    key: str
    line: int
    what: str
    number: str
    differences: tuple[Difference, ...] = ()
    waits: str = ""


@dataclass(slots=True)
class Plan:
    """What a file does here: step by step, what stands here and not in it, and what keeps it from being done."""

    digest: str
    steps: list[Step] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)
    seen: str = ""
    done: bool = False

    @property
    def counts(self) -> dict[str, int]:
        counted = Counter(step.what for step in self.steps)
        return {what: counted.get(what, 0) for what in (ADDED, CHANGED, SAME)} | {"left": len(self.left)}

    @property
    def changes_something(self) -> bool:
        return any(step.what != SAME for step in self.steps)


class _TakenBack(Exception):
    """Ends a transaction that was only meant to see."""


class PlanMoved(Refused):
    """Somebody changed the configuration since the plan was shown."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(
            _("The configuration was changed meanwhile. Look at what the file would do now, then decide again.")
        )
        self.plan = plan


def plan_of(read: Read, *, by: Actor) -> Plan:
    """What the file would do, tried to the last step; nothing of it stays."""
    plan = Plan(read.digest)
    try:
        with transaction.atomic():
            _carry_out(read, plan, by)
            raise _TakenBack
    except _TakenBack:
        pass
    _forget()
    return plan


def apply_configuration(read: Read, *, by: Actor, seen: str = "") -> Plan:
    """Do what the file says in one transaction, or nothing; `seen` is the plan that was decided upon."""
    plan = Plan(read.digest)
    try:
        with transaction.atomic():
            # Whoever comes second waits here, and then sees what the first has done.
            Numbering.take(LOCK)
            _carry_out(read, plan, by)
            if plan.faults or (seen and seen != plan.seen):
                raise _TakenBack
    except _TakenBack:
        _forget()
        if not plan.faults:
            raise PlanMoved(plan) from None
        return plan
    plan.done = True
    return plan


def _forget() -> None:
    """What was read within the transaction that was taken back is not so."""
    from gnomon.records.definitions import forget_definitions, stored_workflow

    stored_workflow.cache_clear()
    forget_definitions()
    for section in sections():
        if section.forget is not None:
            section.forget()


def _carry_out(read: Read, plan: Plan, by: Actor) -> None:
    plan.faults += read.faults
    touched: dict[str, set[str]] = {}
    for item in read.items:
        try:
            with transaction.atomic():
                step = _step(item, read.because, by)
            plan.steps.append(step)
            touched.setdefault(step.section, set()).add(step.number)
        except InvalidFacts as refused:
            plan.faults += [Fault(item.line, f"{name}: {says}") for name, says in refused.fields.items()]
        except Refused as refused:
            plan.faults.append(Fault(item.line, refused.says))
    plan.left = _left(touched)
    plan.seen = _seen(plan)


def _seen(plan: Plan) -> str:
    """A fingerprint of the plan: two that do the same here are the same."""
    told = [
        [s.section, s.key, s.what, [[d.name, fact(d.before), fact(d.after)] for d in s.differences]] for s in plan.steps
    ]
    return hashlib.sha256(canonical([plan.digest, told])).hexdigest()[:32]


def _left(touched: Mapping[str, set[str]]) -> list[tuple[str, str]]:
    """What stands here and not in the file, of the parts that the file has."""
    found = []
    for section in sections():
        if section.kind in touched:
            others = section.of.model.objects.exclude(number__in=touched[section.kind])
            others = others.filter(status__in=section.standing) if section.standing else others
            found += [(section.kind, f"{one.number} {one.title}") for one in others.order_by("pk")[:200]]
    return found


def _step(item: Item, because: str, by: Actor) -> Step:
    section = item.section
    key = " / ".join(str(item.facts[name]) for name in section.key if item.facts[name] is not None)
    record = find(section, item.facts)
    before = item_of(section, record) if record is not None else {}
    facts = facts_of_item(section, item.facts, by)
    if record is None:
        record = actions.record(section.of, by=by, because=because, **facts)
        what = ADDED
    else:
        new = _new(section, before, item.facts, facts)
        if new:
            actions.change(record, by=by, because=because, **new)
        what = CHANGED if new else SAME
    waits = _reach(section, record, item.facts.get("status"), because, by)
    after = item_of(section, record)
    told = tuple(Difference(n, before.get(n), after.get(n)) for n in section.names if before.get(n) != after.get(n))
    return Step(
        section.kind, key, item.line, what if what == ADDED or not told else CHANGED, record.number, told, waits
    )


def _new(
    section: Configured, before: Mapping[str, Any], told: Mapping[str, Any], facts: Mapping[str, Any]
) -> dict[str, Any]:  # fmt: skip
    """The facts that differ, compared as the file would say them, so that a second reading changes nothing."""
    new = {}
    for name in section.fields:
        value = facts[name]
        said = told.get(name) if isinstance(value, Record) else _as_told(section, name, value)
        if said in (None, "", [], {}, False) and before.get(name) in (None, "", [], {}, False):
            continue
        if said != before.get(name):
            new[name] = value
    return new


def _as_told(section: Configured, name: str, value: Any) -> Any:
    plain = fact(value)
    return section.told(name, plain) if section.told is not None else plain


def _reach(section: Configured, record: Record, status: Any, because: str, by: Actor) -> str:
    """Take the record by its moves to where the file has it; says who decides when it has to wait."""
    if status is None or record.status == status:
        return ""
    if section.by_others:
        return _("It waits as a draft: somebody has to look at it and put it in force.")
    for move in _way(section.of.workflow_of(record), record.status, str(status)):
        permissions.require_move(by, section.of, move)
        actions.move(record, move.name, by=by, because=because)
    return ""


def _way(workflow: Workflow, start: str, end: str) -> list[Move]:
    """The shortest way from one status to another; InvalidFacts when none leads there."""
    ways: dict[str, list[Move]] = {start: []}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        if here == end:
            return ways[here]
        for move in workflow.moves_from(here):
            if move.end not in ways:
                ways[move.end] = [*ways[here], move]
                waiting.append(move.end)
    says = _("No move leads from “%(start)s” to “%(end)s”.") % {"start": start, "end": end}
    raise InvalidFacts(says, {"status": says})
