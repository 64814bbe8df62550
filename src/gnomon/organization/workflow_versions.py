"""What must hold of a version of a workflow, and what putting it in force does to the one before (8.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from gnomon.organization.customs import is_kind
from gnomon.organization.models import Person, WorkflowVersion
from gnomon.organization.roles import PROCESS
from gnomon.organization.workflow_tables import faults_of, misshapen, table_of
from gnomon.records.actors import is_system
from gnomon.records.definitions import DRAFTED, IN_FORCE, OWN, workflow_in_force
from gnomon.records.kinds import Change, kind_named
from gnomon.records.models import LedgerEntry, Record
from gnomon.records.queries import history
from gnomon.standard.plugs import Actor


def prepare_version(record: Record, change: Change) -> dict[str, Any]:
    """A new version gets its number and begins as a copy of the one in force; one in force retires the other."""
    assert isinstance(record, WorkflowVersion)
    further: dict[str, Any] = {}
    if change.creates and is_kind(record.of_kind):
        last = WorkflowVersion.objects.filter(of_kind=record.of_kind).aggregate(last=Max("edition"))["last"] or 0
        further["edition"] = record.edition = max(OWN - 1, last) + 1
        if not record.table:
            record.table = table_of(workflow_in_force(kind_named(record.of_kind)))
    if (change.creates or "table" in change.facts) and not misshapen(record.table):
        further["table"] = {**record.table, "name": record.of_kind, "version": record.edition}
    if change.move is not None and change.move.end == IN_FORCE:
        # Before the row is written, for the database lets one version be in force and not two.
        _retire_others(record, change)
    return further


def _retire_others(record: WorkflowVersion, change: Change) -> None:
    from gnomon.records import actions

    for other in WorkflowVersion.objects.filter(of_kind=record.of_kind, status=IN_FORCE).exclude(pk=record.pk):
        says = _("%(number)s is put in force instead.") % {"number": record.number}
        actions.move(other, "replace", by=change.by, because=says)


def check_version(record: Record, change: Change) -> Mapping[str, str]:
    """A draft may have faults, for people save what they have not finished; what is in force has none."""
    assert isinstance(record, WorkflowVersion)
    if not is_kind(record.of_kind):
        says = _("There is no kind of record called %(name)s whose workflow may be changed.")
        return {"of_kind": says % {"name": record.of_kind}}
    if not change.creates and change.facts.get("of_kind", record.of_kind) != change.old.get("of_kind"):
        return {"of_kind": _("A version belongs to its kind for ever. Make a new one for the other kind.")}
    if "table" in change.facts and change.facts["table"] != change.old.get("table"):
        if not change.creates and change.old.get("status") != DRAFTED:
            return {"table": _("Records live by this version, so it does not change. Make a new version from it.")}
        if wrong := misshapen(record.table):
            return {"table": wrong}
    if change.move is not None and change.move.end == IN_FORCE:
        return _not_fit(record, change)
    return {}


def _not_fit(record: WorkflowVersion, change: Change) -> Mapping[str, str]:
    faults = faults_of(kind_named(record.of_kind), record.table)
    if faults:
        return {"table": " ".join(faults[:5])}
    if needs_other_eyes(record, change.by):
        return {
            "table": _("You wrote this version. Somebody else who may put it in force has to look at it and do so.")
        }
    return {}


def needs_other_eyes(record: WorkflowVersion, by: Actor) -> bool:
    """Whether this person wrote the table and somebody else could put it in force."""
    if is_system(by) or by.number not in authors_of(record):
        return False
    others = Person.objects.active().exclude(number=by.number)
    return any(others.holding(role).exists() for role in PROCESS)


def authors_of(record: Record) -> set[str]:
    """Who wrote the table that stands now: since it was born, for a table that grew has many hands."""
    return {told.actor for told in history(record) if "table" in told.changes}


def table_settled(_record: Record, _entry: LedgerEntry) -> None:
    """Pages show the states of the new version from now on."""
    from gnomon.records.definitions import forget_definitions

    forget_definitions()
