"""Parts of pages of what administrators set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gnomon.organization.consequences import of_field
from gnomon.organization.flows import shown_workflow
from gnomon.organization.models import CustomField, WorkflowVersion
from gnomon.organization.workflow_tables import faults_of
from gnomon.organization.workflow_versions import needs_other_eyes
from gnomon.records.definitions import DRAFTED, IN_FORCE, workflow_from, workflow_in_force
from gnomon.records.kinds import kind_named
from gnomon.records.models import Record
from gnomon.records.panels import Panel
from gnomon.records.permissions import may, may_move
from gnomon.standard.plugs import Actor


def _drawn(record: Record, person: Actor) -> Mapping[str, Any]:
    """The version drawn, beside the one in force while it is not that itself."""
    assert isinstance(record, WorkflowVersion)
    kind, mine = kind_named(record.of_kind), workflow_from(record.table)
    present = workflow_in_force(kind)
    draft = record.status == DRAFTED
    bare = {"states": record.table["states"], "moves": record.table["moves"]}
    return {
        "shown": shown_workflow(kind, mine, beside=None if record.status == IN_FORCE else present),
        "faults": faults_of(kind, bare) if draft else [],
        "draft": draft,
        "edit_url": f"{record.get_absolute_url()}/edit" if draft and may(person, "change", record.kind) else "",
        "other_eyes": draft and needs_other_eyes(record, person),
        "migrate_url": f"{record.get_absolute_url()}/migrate"
        if record.status == IN_FORCE and may_move(person, record.kind, record.kind.workflow.move("put_in_force"))
        else "",
        "older": kind.model.objects.exclude(workflow_version=record.edition).count()
        if record.status == IN_FORCE
        else 0,
        "kind": kind,
        "living": kind.model.objects.filter(workflow_version=record.edition).count() if not draft else 0,
        "record": record,
    }


def _used(record: Record, _person: Actor) -> Mapping[str, Any]:
    assert isinstance(record, CustomField)
    return {"told": of_field(record), "kind": kind_named(record.of_kind)}


DRAWN = Panel(
    kind="workflow_version", name="workflow", template="organization/_version.html", context=_drawn, place="main"
)
USED = Panel(kind="custom_field", name="use", template="organization/_field_use.html", context=_used, place="main")
