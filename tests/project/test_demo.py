"""The demo is fictional, the same for the same seed, and true in itself."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from gnomon.evaluation.models import MeasureSnapshot
from gnomon.evaluation.queries.measures import evaluate
from gnomon.organization.actions.setup import china_office_hours
from gnomon.organization.roles import ROLES
from gnomon.project import beginning
from gnomon.project.demo import is_loaded, load_demo, sign_ins
from gnomon.project.demo.parameters import parameters
from gnomon.project.demo.simulation import ZONE, Year
from gnomon.records.ledger.verification import verify_ledger
from gnomon.records.models import Comment, LedgerEntry
from gnomon.resolution.models import Incident, MajorIncidentReview

END = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def a_year(**changes: Any) -> list[Any]:
    drawn = {**deepcopy(parameters()), **changes}
    return list(Year(drawn, china_office_hours(), END, ["carol"]).lives())


def test_the_same_seed_draws_the_same_year() -> None:
    assert a_year(incidents=200) == a_year(incidents=200)
    assert a_year(incidents=200) != a_year(incidents=200, seed=1)


def test_there_is_a_sign_in_for_each_role() -> None:
    shown = {role for _username, _password, roles in sign_ins() for role in roles.split(", ")}
    assert shown == {role.en for role in ROLES}


def test_holidays_are_quiet_and_make_up_workdays_are_not() -> None:
    by_day: dict[str, int] = {}
    for life in a_year(incidents=20_000):
        day = life.opened_at.astimezone(ZONE).date().isoformat()
        by_day[day] = by_day.get(day, 0) + 1
    # 2026-01-01 is a holiday on a Thursday; 2026-01-04 a Sunday that is worked
    assert by_day.get("2026-01-01", 0) < by_day["2026-01-08"] / 2
    assert by_day["2026-01-04"] > by_day.get("2026-01-11", 0) * 2


def test_nothing_in_a_life_runs_backwards_or_beyond_the_end() -> None:
    for life in a_year(incidents=500):
        moments = [life.opened_at, life.recorded_at, *(step.at for step in life.steps)]
        assert moments == sorted(moments)
        assert moments[-1] < END or life.recorded_at == moments[-1]


@pytest.mark.django_db
def test_the_demo_loads_whole_and_its_ledger_verifies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(parameters(), "incidents", 150)
    monkeypatch.setitem(parameters(), "requesters", 12)
    beginning.prepare_organization()
    beginning._default_targets()
    load_demo(now=END)
    assert is_loaded()
    assert 100 < Incident.objects.count() < 220
    held = evaluate("role_coverage").figure
    assert (held.part, held.count) == (10, 10)
    past, present = Incident.objects.filter(is_major=True).order_by("id")
    assert MajorIncidentReview.objects.get().incident == past
    assert (present.status, present.children.count(), present.customer_notices.get().status) == (
        "assigned", 1, "published",
    )  # fmt: skip
    assert Incident.objects.filter(status="merged").count() == 1
    assert Comment.objects.count() == LedgerEntry.objects.filter(verb="incident:commented").count() > 0
    assert Incident.objects.exclude(resolved_at=None).filter(resolve_met=None).count() == 0
    measured = MeasureSnapshot.objects.filter(measure="sla_attainment", by="").values_list("day", flat=True)
    assert (len(measured), max(measured)) == (30, timezone.localdate(END) - timedelta(days=1))
    verification = verify_ledger()
    assert verification.whole, verification.as_json()
