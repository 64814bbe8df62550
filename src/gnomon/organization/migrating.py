"""Records that live by older versions of a workflow, and the way of many of them to the one in force (8.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from gnomon.jobs.actions import enqueue
from gnomon.organization.models import Person, WorkflowVersion
from gnomon.records import permissions
from gnomon.records.actions.migrating import migrate
from gnomon.records.actors import SYSTEM
from gnomon.records.definitions import IN_FORCE
from gnomon.records.kinds import Kind, kind_named
from gnomon.records.permissions import may_move
from gnomon.records.refusals import InvalidFacts, NotAllowed, Refused
from gnomon.standard.plugs import Actor
from gnomon.workflow.tables import State, Workflow

JOB = "workflow:migrate"
AT_ONCE = 200
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Group:
    """Records of one version that stand in one state, and where they may go."""

    edition: int
    state: State
    count: int
    kept: bool
    targets: list[State]

    @property
    def name(self) -> str:
        return f"to-{self.edition}-{self.state.name}"


def older_records(version: WorkflowVersion) -> QuerySet[Any]:
    """The records of the kind that live by any other version."""
    return kind_named(version.of_kind).model.objects.exclude(workflow_version=version.edition)


def groups_of(version: WorkflowVersion) -> list[Group]:
    """Where older records stand, each with the states of its phase in this version."""
    kind = kind_named(version.of_kind)
    target = kind.workflow_version(version.edition)
    rows = older_records(version).values_list("workflow_version", "status").annotate(count=Count("pk"))
    return [_group(kind, target, *row) for row in sorted(rows)]


def _group(kind: Kind, target: Workflow, edition: int, status: str, count: int) -> Group:
    state = kind.workflow_version(edition).state(status)
    alike = [one for one in target.states if one.phase is state.phase]
    return Group(edition, state, count, any(one.name == status for one in alike), alike)


def require_migrating(version: WorkflowVersion, by: Actor) -> None:
    """Who puts versions in force takes records to them."""
    move = version.kind.workflow.move("put_in_force")
    if not may_move(by, version.kind, move):
        permissions.require_move(by, version.kind, move)
    if version.status != IN_FORCE:
        says = _("%(number)s is not in force, so no record can be taken to it.") % {"number": version.number}
        raise InvalidFacts(says, {"version": says})


@transaction.atomic
def begin_migration(
    version: WorkflowVersion, states: Mapping[str, str], *, by: Actor, because: str, numbers: tuple[str, ...] = ()
) -> None:
    """Store the job that takes records to this version: all older ones, or those of `numbers`."""
    require_migrating(version, by)
    if not because.strip():
        raise InvalidFacts(_("Say why."), {"because": _("Say why.")})
    enqueue(
        JOB, key=version.number, number=version.number, states=dict(states), by=by.number, because=because.strip(),
        numbers=list(numbers), after=0,
    )  # fmt: skip


def go_on(*, number: str, states: dict[str, str], by: str, because: str, numbers: list[str], after: int) -> None:
    """Take the next records along, then ask for those behind them; refused ones stay as they are."""
    version = WorkflowVersion.objects.filter(number=number, status=IN_FORCE).first()
    person: Actor | None = SYSTEM if by == SYSTEM.number else Person.objects.active().filter(number=by).first()
    if version is None or person is None:
        return
    waiting = older_records(version).filter(pk__gt=after).order_by("pk")
    some = list((waiting.filter(number__in=numbers) if numbers else waiting)[:AT_ONCE])
    for record in some:
        try:
            require_migrating(version, person)
            with transaction.atomic():
                migrate(record, version.edition, by=person, status=_wanted(record, states), because=because)
        except (Refused, NotAllowed):
            continue
    if len(some) == AT_ONCE:
        enqueue(
            JOB, number=number, states=states, by=by, because=because, numbers=numbers, after=some[-1].pk,
        )  # fmt: skip


def _wanted(record: Any, states: Mapping[str, str]) -> str:
    return states.get(f"{record.workflow_version}-{record.status}", record.status)


class _OnlyTried(Exception):
    """Takes back what was tried."""


def refusals(version: WorkflowVersion, states: Mapping[str, str], *, by: Actor) -> list[tuple[Any, str]]:
    """The first older records that would be refused now, each with the sentence."""
    found = []
    for record in older_records(version).order_by("pk")[:SHOWN]:
        try:
            with transaction.atomic():
                migrate(record, version.edition, by=by, status=_wanted(record, states), because=_("Tried."))
                raise _OnlyTried
        except _OnlyTried:
            continue
        except Refused as refused:
            found.append((record, refused.says))
    return found
