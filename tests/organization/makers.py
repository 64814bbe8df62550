"""Makers of what administrators set: fields of their own, versions of workflows."""

from __future__ import annotations

from typing import Any

from gnomon.organization.kinds import CUSTOM_FIELD, WORKFLOW_VERSION
from gnomon.organization.workflow_tables import table_of
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.workflow.tables import Workflow


def a_field(name: str, type: str = "text", **facts: Any) -> Any:
    """A custom field of incidents, in use."""
    usual = {"of_kind": "incident", "title": name.title(), "title_zh": "字段"}
    return actions.record(CUSTOM_FIELD, by=SYSTEM, **{**usual, "name": name, "type": type, **facts})


def a_draft(workflow: Workflow, of_kind: str = "incident", by: Any = SYSTEM, **facts: Any) -> Any:
    """A version of a workflow that is not in force yet."""
    table = {name: part for name, part in table_of(workflow).items() if name in {"states", "moves"}}
    return actions.record(
        WORKFLOW_VERSION, by=by, **{"title": "Another way", "of_kind": of_kind, "table": table, **facts}
    )


def a_version(workflow: Workflow, of_kind: str = "incident") -> Any:
    """A version of a workflow in force."""
    return actions.move(a_draft(workflow, of_kind), "put_in_force", by=SYSTEM, because="It suits us better.")
