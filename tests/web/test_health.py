"""The probe: well, or what is broken."""

from __future__ import annotations

from collections import namedtuple
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError
from django.utils import timezone
from tests.makers import a_team

from gnomon.jobs.models import QueuedJob
from gnomon.records.models import LedgerEntry
from gnomon.web.views import health

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_a_fresh_installation_is_well(nobody_browser):
    answer = nobody_browser.get("/healthz")
    assert answer.status_code == 200
    told = answer.json()
    assert told["well"] is True
    assert told["broken"] == []
    assert told["pending_migrations"] == 0


def test_a_job_that_nobody_takes_is_broken(nobody_browser):
    late = datetime.now(UTC) - timedelta(minutes=11)
    QueuedJob.objects.create(name="seal", created_at=late, run_after=late)
    answer = nobody_browser.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["broken"] == ["queue_age_seconds"]
    assert answer.json()["queue_age_seconds"] >= 660


def test_a_ledger_that_nobody_seals_is_broken(nobody_browser, monkeypatch):
    a_team()
    entry = LedgerEntry.objects.get()
    monkeypatch.setattr(timezone, "now", lambda: entry.recorded_at + timedelta(minutes=10))
    assert nobody_browser.get("/healthz").status_code == 200
    monkeypatch.setattr(timezone, "now", lambda: entry.recorded_at + timedelta(minutes=10, seconds=1))
    answer = nobody_browser.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["broken"] == ["oldest_unsealed_seconds"]


def test_a_full_disk_is_broken(nobody_browser, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(health.shutil, "disk_usage", lambda _path: usage(10, 10, 0))
    assert nobody_browser.get("/healthz").json()["broken"] == ["disk_free_mb"]


def test_a_database_that_is_gone_is_broken_and_said_so(nobody_browser, monkeypatch):
    class Gone:
        vendor = "sqlite"

        def cursor(self):
            raise DatabaseError("gone")

    monkeypatch.setattr(health, "connection", Gone())
    answer = nobody_browser.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["broken"] == ["database"]


def test_tables_of_an_older_version_are_broken(nobody_browser, monkeypatch):
    class Behind:
        def __init__(self, _connection):
            self.loader = self
            self.graph = self

        def leaf_nodes(self):
            return ["new"]

        def migration_plan(self, leaves):
            return leaves

    monkeypatch.setattr(health, "MigrationExecutor", Behind)
    answer = nobody_browser.get("/healthz")
    assert answer.json()["broken"] == ["pending_migrations"]
