"""Definitions that were filled by hand become records that the ledger knows, and lose nothing."""

from __future__ import annotations

import importlib
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.apps import apps

from gnomon.organization.models import CustomField, WorkflowVersion
from gnomon.organization.workflow_tables import table_of
from gnomon.records.custom import custom_fields
from gnomon.records.definitions import workflow_in_force
from gnomon.records.kinds import kind_named
from gnomon.records.ledger.verification import verify_ledger
from gnomon.resolution.kinds import incident as INCIDENT

carry = importlib.import_module("gnomon.organization.migrations.0003_carry_definitions").carry


class _Rows:
    def __init__(self, rows):
        self.objects = SimpleNamespace(order_by=lambda *_names: rows)


class _Then:
    """The apps as they were before: two tables more."""

    def __init__(self, **tables):
        self.tables = tables

    def get_model(self, app, name):
        return _Rows(self.tables[name]) if app == "records" and name in self.tables else apps.get_model(app, name)


@pytest.mark.django_db
def test_fields_and_versions_are_carried_over_with_their_first_entries():
    room = SimpleNamespace(
        title_en="Room", title_zh="房间", kind="incident", name="room", type="choice", required=True, choices=["a"],
        position=3, retired=False,
    )  # fmt: skip
    old = SimpleNamespace(**{**vars(room), "name": "old", "retired": True})
    table = table_of(INCIDENT.workflow)
    at = datetime(2026, 1, 5, tzinfo=UTC)
    versions = [
        SimpleNamespace(
            kind="incident", version=n, table={**table, "version": n}, in_force=True, recorded_at=at, actor="x"
        )
        for n in (2, 3)
    ]
    carry(_Then(CustomField=[room, old], WorkflowVersion=versions), None)
    assert [(one.number, one.name, one.status) for one in CustomField.objects.order_by("id")] == [
        ("FLD-000001", "room", "in_use"), ("FLD-000002", "old", "retired"),
    ]  # fmt: skip
    assert [field.name for field in custom_fields(kind_named("incident"))] == ["room"]
    assert [(one.edition, one.status) for one in WorkflowVersion.objects.order_by("id")] == [
        (2, "replaced"),
        (3, "in_force"),
    ]
    assert workflow_in_force(INCIDENT).version == 3
    assert verify_ledger().whole
