"""Versions of workflows that administrators made."""

from __future__ import annotations

from functools import lru_cache

from gnomon.records.kinds import Kind
from gnomon.records.models import WorkflowVersion
from gnomon.workflow.tables import Workflow, from_table


@lru_cache(maxsize=256)
def stored_workflow(kind: str, version: int) -> Workflow:
    """A stored version, which never changes; LookupError when there is none."""
    stored = WorkflowVersion.objects.filter(kind=kind, version=version).first()
    if stored is None:
        raise LookupError(f"There is no version {version} of the workflow of {kind}.")
    return from_table(stored.table)


def version_in_force(kind: Kind) -> int:
    """The newest stored version in force, else the one that the kind declares."""
    newest = (
        WorkflowVersion.objects.filter(kind=kind.name, in_force=True)
        .order_by("-version")
        .values_list("version", flat=True)
        .first()
    )
    return max(newest or 0, kind.workflow.version)
