"""Lists, records and status changes are found by index, at some thousand rows, on either database (golden test j).

Counts of questions stand in test_query_counts.py; that each of them reads few rows is told here by the database itself.
`./run bench pages` measures the same at a million.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.resolution.makers import an_incident

from gnomon.agreements.models import ClockProjection
from gnomon.records import actions
from gnomon.records.models import LedgerEntry
from gnomon.resolution.models import Incident

pytestmark = pytest.mark.django_db
ROWS = 4000
# What grows with the incidents; tables of settings are read whole, and rightly so.
GROWING = (
    "resolution_incident", "records_ledgerentry", "agreements_clockprojection", "agreements_teamclock",
    "records_comment", "records_attachment", "records_link", "records_participant",
)  # fmt: skip


@pytest.fixture
def thousands(bob):
    """Some thousand incidents with entries and clocks, put in as rows; the last one was recorded by the action."""
    pattern = an_incident("The pattern", by=bob, impact=3, urgency=3)
    entry = LedgerEntry.objects.get(number=pattern.number)
    begun = datetime(2026, 1, 5, tzinfo=UTC)
    clock = {f.attname: None for f in ClockProjection._meta.concrete_fields if not f.primary_key and f.null}
    incidents, entries, clocks = [], [], []
    for n in range(ROWS):
        moment = begun + timedelta(minutes=n)
        values = {f.attname: getattr(pattern, f.attname) for f in Incident._meta.concrete_fields if not f.primary_key}
        status = "closed" if n % 10 else "new"
        incidents.append(
            Incident(
                **values | {"number": f"INC-9{n:05}", "opened_at": moment, "recorded_at": moment, "status": status}
            )
        )
        kept = {f.attname: getattr(entry, f.attname) for f in LedgerEntry._meta.concrete_fields if not f.primary_key}
        entries.append(LedgerEntry(**kept | {"number": f"INC-9{n:05}", "recorded_at": moment, "happened_at": moment}))
        clocks += [
            ClockProjection(**clock | {"kind": "incident", "number": f"INC-9{n:05}", "name": name, "state": "stopped"})
            for name in ("respond", "resolve")
        ]
    Incident.objects.bulk_create(incidents, batch_size=500)
    ClockProjection.objects.bulk_create(clocks, batch_size=500)
    LedgerEntry.objects.bulk_create(entries, batch_size=500)
    last = an_incident("The last one", by=bob, impact=2, urgency=2)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return last


def scans(captured: CaptureQueriesContext) -> list[str]:
    """The questions for which the database goes through a whole growing table, with how it says so."""
    found = []
    for query in captured.captured_queries:
        sql = query["sql"]
        if not sql.startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            continue
        found += [f"{told}: {sql[:300]}" for told in _whole_tables(sql)]
    return found


def _whole_tables(sql: str) -> list[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            steps = [row[3] for row in cursor.fetchall()]
            # “SCAN t USING INDEX”, or by row number with nothing to sort, walks in order and ends with the page.
            ends = "LIMIT" in sql and not any("TEMP B-TREE" in step for step in steps)
            whole = [step for step in steps if step.startswith("SCAN") and "INDEX" not in step and _grows(step)]
            return [] if ends else whole
        # At some thousand rows PostgreSQL may rightly read a table; here it is asked whether it could do otherwise.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        told = cursor.fetchone()[0]
        cursor.execute("SET LOCAL enable_seqscan = on")
        plan = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
        return [f"{step['Node Type']} {step['Relation Name']}" for step in _steps(plan) if _reads_whole(step)]


def _steps(plan: dict) -> list[dict]:
    """All steps but those below a limit, which end when there is enough."""
    below = () if plan["Node Type"] == "Limit" else plan.get("Plans", ())
    return [plan, *(step for one in below for step in _steps(one))]


def _reads_whole(step: dict) -> bool:
    """Rows of a growing table one after the other, or an index from one end to the other to look at each row."""
    if step.get("Relation Name") not in GROWING:
        return False
    along = step["Node Type"].startswith("Index") and "Index Cond" not in step and "Filter" in step
    return step["Node Type"].endswith("Seq Scan") or along


def _grows(step: str) -> bool:
    return any(re.search(rf"\b{table}\b", step) for table in GROWING)


def test_a_scan_is_seen(thousands):
    with CaptureQueriesContext(connection) as captured:
        list(Incident.objects.filter(version__gt=1_000_000))
    assert len(scans(captured)) == 1


def test_the_list_the_record_and_a_status_change_read_by_index(thousands, bob, bob_browser):
    here = thousands.get_absolute_url()
    for path in (
        "/resolution/incidents/",
        "/resolution/incidents/?phase=unresolved&sort=due_at",
        here,
        f"{here}/history",
    ):
        with CaptureQueriesContext(connection) as captured:
            assert bob_browser.get(path).status_code == 200
        assert scans(captured) == [], path
    with CaptureQueriesContext(connection) as captured:
        actions.move(thousands, "start", by=bob)
    assert scans(captured) == []
    assert thousands.status == "in_progress"
