"""The last word of the public ServiceNow log on each of its incidents, put straight into the table.

Measures look at the incident's columns only, so the tests of figures need no ledger; that the import
fills these columns from the events is for the tests of the import to show.
"""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import zstandard
from django.db import connection

from gnomon.jobs.moments import milliseconds
from gnomon.organization.models import Team
from gnomon.resolution.models import Incident

DATA = Path(__file__).parents[3] / "shared" / "data"
LOG = DATA / "uci498_servicenow" / "incident_event_log.csv.zst"
ORACLE = DATA / "oracle" / "uci498.json"
ZONE = ZoneInfo("Asia/Shanghai")


def last_rows() -> list[dict[str, str]]:
    """The last row of each incident in the order of the file."""
    last: dict[str, dict[str, str]] = {}
    with LOG.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
        for row in csv.DictReader(io.TextIOWrapper(stream, encoding="utf-8", newline="")):
            last[row["number"]] = row
    return list(last.values())


def load() -> int:
    """Put the log's incidents into the table in one stroke; how many."""
    rows = last_rows()
    teams: dict[str, int] = {}
    for name in sorted({row["assignment_group"] for row in rows} - {"?"}):
        number = f"TEAM-{len(teams) + 1:06d}"
        team = Team.objects.create(number=number, title=name, status="active", recorded_at=datetime.now(UTC))
        teams[name] = team.pk
    fields = [field for field in Incident._meta.concrete_fields if not field.primary_key]
    usual = Incident(status="closed", version=1)
    blank = {field.attname: field.get_db_prep_save(getattr(usual, field.attname), connection) for field in fields}
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    stored = [list((blank | _incident(at, row, teams)).values()) for at, row in enumerate(rows, 1)]
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {Incident._meta.db_table} ({names}) VALUES ({places})", stored)
    return len(rows)


def _incident(at: int, row: dict[str, str], teams: dict[str, int]) -> dict[str, Any]:
    opened_at = _moment(row["opened_at"])
    return {
        "number": f"INC-{at:06d}", "external_number": row["number"], "title": row["number"],
        "recorded_at": opened_at, "opened_at": opened_at, "resolved_at": _moment(row["resolved_at"]),
        "closed_at": _moment(row["closed_at"]), "category": "" if row["category"] == "?" else row["category"],
        "team_id": teams.get(row["assignment_group"]), "priority": _level(row["priority"]),
        "impact": _level(row["impact"]), "urgency": _level(row["urgency"]), "reopen_count": int(row["reopen_count"]),
        "reassignment_count": int(row["reassignment_count"]), "source_made_sla": row["made_sla"] == "true",
    }  # fmt: skip


def _level(text: str) -> int:
    return int(text[0])


def _moment(text: str) -> int | None:
    """Milliseconds of `29/2/2016 01:16`, day first."""
    if text == "?":
        return None
    day, clock = text.split(" ")
    days, month, year = map(int, day.split("/"))
    hours, minutes = map(int, clock.split(":"))
    return milliseconds(datetime(year, month, days, hours, minutes, tzinfo=ZONE))
