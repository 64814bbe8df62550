"""Figures over the public ServiceNow log equal those that pandas gave for it, measured independently."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.evaluation import uci
from tests.evaluation.conftest import shared

from gnomon.evaluation.queries.measures import evaluate
from gnomon.evaluation.telling import report
from gnomon.standard.periods import Period

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not (uci.LOG.exists() and uci.ORACLE.exists()), reason="The public log is not on this machine."),
]
WHOLE = ("2016-02-01", "2017-03-01")


@pytest.fixture(scope="module")
def oracle(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """The log in the table, and what is known of it."""
    with shared(django_db_blocker, uci.load) as count:
        known = json.loads(uci.ORACLE.read_text())
        assert count == known["incidents"]
        yield known


def told(name: str, by: str = "", period: tuple[str, str] = WHOLE) -> dict[str, Any]:
    return report(name, *period, by)


def test_time_to_resolve(oracle: dict[str, Any]) -> None:
    known = oracle["opened_to_resolved_hours"]
    for period in (WHOLE, ("", "")):
        found = told("incident_mttr", period=period)
        assert [found[name] for name in ("count", "value", "median", "p90")] == [
            known["all"][name] for name in ("n", "mean", "median", "p90")
        ]
        assert found["unit"] == "hours"


def test_time_to_resolve_by_priority(oracle: dict[str, Any]) -> None:
    groups = {group["key"]: group for group in told("incident_mttr", "priority")["groups"]}
    for name, known in oracle["opened_to_resolved_hours"]["by_priority"].items():
        found = groups[name[0]]
        assert [found[key] for key in ("count", "value", "median", "p90")] == pytest.approx(
            [known[key] for key in ("n", "mean", "median", "p90")], abs=1e-4
        )
        assert found["title"] == name[4:]


def test_the_share_that_the_source_held_to_be_in_time(oracle: dict[str, Any]) -> None:
    known = oracle["made_sla_last_event"]
    found = told("incident_source_sla", "priority")
    assert (found["part"], found["count"]) == (known["true"], known["true"] + known["false"])
    assert found["value"] == 63.42
    for name, row in oracle["made_sla_rate_by_priority_last"].items():
        (group,) = [group for group in found["groups"] if group["key"] == name[0]]
        assert (group["part"], group["count"]) == (row["true"], row["n"])


def test_reopened_and_reassigned(oracle: dict[str, Any]) -> None:
    reopened = told("reopen_rate")
    assert (reopened["part"], reopened["count"]) == (oracle["reopen_last"]["reopened_incidents"], 24918)
    assert reopened["value"] == pytest.approx(100 * oracle["reopen_last"]["rate"], abs=1e-4)
    reassigned, known = told("reassignment_count"), oracle["reassignment_last"]
    assert [reassigned[key] for key in ("count", "value", "median", "p90")] == [
        known[key] for key in ("n", "mean", "median", "p90")
    ]


def test_opened_by_month_and_the_largest_team(oracle: dict[str, Any]) -> None:
    found = told("incidents_opened", "month")
    assert {group["key"]: group["count"] for group in found["groups"] if group["count"]} == oracle["opened_per_month"]
    teams = told("incidents_opened", "team")["groups"]
    known = oracle["top_assignment_groups_last"]
    assert [(group["title"], group["count"]) for group in teams[:10]] == [
        ("None" if name == "?" else name, count) for name, count in known.items()
    ]
    categories = told("incidents_opened", "category")["groups"]
    assert {group["key"]: group["count"] for group in categories[:10]} == oracle["category_last_top10"]


def test_what_was_not_closed_at_the_start_of_a_month(oracle: dict[str, Any]) -> None:
    zone = ZoneInfo(uci.ZONE.key)
    known = oracle["open_backlog_at_month_start(opened<t, closed>=t)"]
    for day, count in known.items():
        end = datetime.fromisoformat(day).replace(tzinfo=zone).astimezone(UTC)
        assert evaluate("incident_unclosed", Period(end, end)).figure.count == count
    by_month = {group["key"]: group["count"] for group in told("incident_unclosed", "month")["groups"]}
    assert [by_month[month] for month in ("2016-02", "2016-03", "2016-11")] == [
        known[day] for day in ("2016-03-01", "2016-04-01", "2016-12-01")
    ]
