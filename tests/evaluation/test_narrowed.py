"""9.1: figures narrowed by any dimensions, put together from what was counted, are those that the records give."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from tests.evaluation.conftest import BEGIN, make_mixed_year
from tests.evaluation.figures_told import directly, told
from tests.evaluation.living import live_on
from tests.evaluation.sample import make_ratings_and_agreements
from tests.makers import a_team
from tests.resolution.stage import a_service, an_incident, at, resolve

from gnomon.evaluation.actions import amend_tallies
from gnomon.evaluation.queries import together
from gnomon.evaluation.queries.measures import measures
from gnomon.evaluation.queries.sources import Sources
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named
from gnomon.resolution.models import Incident
from gnomon.standard.periods import Period

pytestmark = [pytest.mark.django_db, pytest.mark.clause("9.1")]

NOW = at("07-20 09:17")
MAY_TO_JULY = Period(at("05-03 16:00"), at("07-20 16:00"))
JUNE = Period(at("05-31 16:00"), at("06-30 16:00"))
LONG_BEFORE = Period(at("02-01 00:00"), at("02-02 07:31"))  # nothing lies in it

Narrowing = Mapping[str, Sequence[str]]


def pairs_of(each: Mapping[str, Sequence[str]]) -> list[Narrowing]:
    """Every value of each dimension, and every two of different ones."""
    singles = [{name: [value]} for name, values in each.items() for value in values]
    return [*singles, *({**one, **other} for one, other in combinations(singles, 2) if one.keys() != other.keys())]


def test_every_pair_of_dimensions_over_records_of_several_kinds() -> None:
    make_ratings_and_agreements(make_mixed_year(120))
    amend_tallies()
    spring = Period(BEGIN + timedelta(days=40), BEGIN + timedelta(days=100))
    periods = [spring, Period(BEGIN, BEGIN + timedelta(days=300, hours=5))]
    each = {"service": ("XS-1",), "team": ("XT-0",), "priority": ("none",), "customer": ("XC-0",)}
    for within in [*pairs_of(each), {"team": ["NOBODY"]}, {"service": ["none"], "team": ["none"], "priority": ["2"]}]:
        assert told(NOW, periods, within) == directly(NOW, periods, within), within


@pytest.mark.parametrize("seed", range(3))
def test_lives_that_go_on_after_they_were_counted(seed: int) -> None:
    draw, incidents = random.Random(seed), list[Incident]()
    teams = [a_team("Desk"), a_team("Network"), None]
    services = [a_service("Mail"), a_service("Web"), None]
    customers = [actions.record(kind_named("customer"), by=SYSTEM, title="Harbour Office"), None]
    known = {"team": teams, "service": services, "customer": customers}
    each = {name: [one.number if one else "none" for one in some] for name, some in known.items()}
    narrowings = pairs_of({**each, "priority": ["1", "3", "none"]})
    for step in range(36):
        live_on(draw, incidents, teams, service=services, customer=customers)
        if draw.random() < 0.2:
            amend_tallies(anew=draw.random() < 0.2)
        if step % 9 == 8:
            for within in draw.sample(narrowings, 2):
                periods = [JUNE, MAY_TO_JULY, LONG_BEFORE]
                assert told(NOW, periods, within) == directly(NOW, periods, within), within


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Kolkata"])
def test_readers_elsewhere_have_days_of_their_own(zone: str) -> None:
    draw, incidents = random.Random(zone), list[Incident]()
    for _step in range(25):
        live_on(draw, incidents)
    amend_tallies()
    with timezone.override(ZoneInfo(zone)):
        start = datetime(2026, 6, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)
        periods = [Period(start, start + timedelta(days=30)), Period(start + timedelta(hours=5, minutes=3), NOW)]
        for within in ({}, {"priority": ["3"]}):
            assert told(NOW, periods, within) == directly(NOW, periods, within)


def test_several_values_of_a_dimension_count_together() -> None:
    for impact in (1, 2, 3):
        an_incident("06-02 09:00", impact=impact)
    amend_tallies()
    # of urgency 2 each: priorities 2, 3 and 4
    assert opened_in_june({"priority": ["2", "4"]}) == 2


def test_of_nothing_there_is_no_share() -> None:
    resolve(an_incident("06-02 09:00"), "06-02 11:00")
    amend_tallies()
    for name in ("incident_sla", "incident_mttr"):
        measure = measures()[name]
        sources = Sources([measure], [JUNE], {"priority": ["1"]}, NOW)
        assert (sources.whole(measure, JUNE).value, sources.whole(measure, JUNE).count) == (None, 0)


def test_narrowed_figures_come_from_what_was_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not a single record is counted for them."""
    desk = a_team("Desk")
    an_incident("06-02 09:00", team=desk)
    an_incident("06-02 10:00")
    amend_tallies()
    an_incident("06-03 09:00", team=desk)  # told since

    def asked_of_the_records(wanted: Any, *_given: Any) -> Any:
        assert not list(wanted)
        return {}

    monkeypatch.setattr(together, "sums_over", asked_of_the_records)
    assert opened_in_june({"team": [desk.number], "priority": ["3"]}) == 2


def opened_in_june(within: Narrowing) -> float | None:
    opened = measures()["incidents_opened"]
    return Sources([opened], [JUNE], within, NOW).figure(opened, JUNE).value
