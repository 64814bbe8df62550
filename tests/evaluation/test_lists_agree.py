"""Golden rule (i): what a figure says it counts is what its list shows; every measure, dimension and value."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import resolve
from tests.evaluation.conftest import BEGIN

from gnomon.evaluation.periods import STEPS
from gnomon.evaluation.queries import lists
from gnomon.evaluation.queries.measures import evaluate, measures, whole_past
from gnomon.records.kinds import kind_named
from gnomon.records.listing import Listing
from gnomon.resolution.models import Incident
from gnomon.standard.periods import Period

pytestmark = pytest.mark.django_db
OF_INCIDENTS = sorted(name for name, measure in measures().items() if measure.kind == "incident")

NOW = datetime(2026, 11, 15, 3, 30, tzinfo=UTC)
PERIODS = {
    "some months": Period(BEGIN + timedelta(days=40, minutes=7), BEGIN + timedelta(days=200)),
    "a day": Period(BEGIN + timedelta(days=100), BEGIN + timedelta(days=101)),
    "into the future": Period(BEGIN + timedelta(days=250), NOW + timedelta(days=30)),
    "before all": Period(BEGIN - timedelta(days=30), BEGIN - timedelta(days=20)),
}


class Bob:
    """Works the desk; only his number and roles matter here."""

    number = "PER-000001"
    roles = ("agent",)


def counted_by_list(url: str) -> int:
    """How many records the list page of an address holds for Bob."""
    parts = urlsplit(url)
    kind, _dash, what = str(resolve(parts.path).url_name).rpartition("-")
    assert what == "list"
    return Listing(kind_named(kind), Bob(), parse_qs(parts.query, strict_parsing=True)).count()


def test_the_sample_has_something_of_everything(mixed_year: list[Incident]) -> None:
    for name in OF_INCIDENTS:
        for by in ("service", "month"):
            groups = evaluate(name, whole_past(measures()[name], NOW), by, now=NOW).groups
            assert sum(1 for group in groups if group.figure.count) > 2, (name, by)


@pytest.mark.parametrize("by", ["", "service", "team", "priority", "customer", "category", *STEPS])
@pytest.mark.parametrize("name", OF_INCIDENTS)
def test_a_figure_and_its_list_count_the_same(mixed_year: list[Incident], name: str, by: str) -> None:
    if by and by not in (*STEPS, *measures()[name].dimensions):
        return
    for says, period in PERIODS.items():
        if by == "day" and period.length > timedelta(days=60):
            continue
        found = evaluate(name, period, by, now=NOW)
        assert found.figure.count == counted_by_list(found.url), (says, found.url)
        for group in found.groups:
            assert group.figure.count == counted_by_list(group.url), (says, by, group.key, group.url)
        if by and by not in STEPS:
            assert sum(group.figure.count for group in found.groups) == found.figure.count
        if by in STEPS and found.measure.at:
            assert sum(group.figure.count for group in found.groups) == found.figure.count


@pytest.mark.parametrize("name", [name for name in OF_INCIDENTS if measures()[name].how == "share"])
def test_the_part_of_a_share_has_its_list_too(mixed_year: list[Incident], name: str) -> None:
    measure = measures()[name]
    for period in PERIODS.values():
        figure = evaluate(name, period, now=NOW).figure
        given = lists.parameters(measure, period, {}, NOW)
        assert figure.part == counted_by_list(lists.address("incident", lists.held(measure, given)))
        others = lists.missed(measure, given)
        if others is not None:
            assert figure.count - (figure.part or 0) == counted_by_list(lists.address("incident", others))


def test_filters_narrow_figure_and_list_alike(mixed_year: list[Incident]) -> None:
    within: dict[str, Any] = {"priority": ["1", "2"], "service": ["XS-0"], "team": ["none"]}
    period = whole_past(measures()["incidents_opened"], NOW)
    for name in OF_INCIDENTS:
        found = evaluate(name, period, "month", within=within, now=NOW)
        assert found.figure.count == counted_by_list(found.url)
        for group in found.groups:
            assert group.figure.count == counted_by_list(group.url), (name, group.key)


def test_nothing_counted_is_no_zero(mixed_year: list[Incident]) -> None:
    for name, measure in measures().items():
        figure = evaluate(name, PERIODS["before all"], now=NOW).figure
        assert figure.count == 0, name
        assert figure.value == (0 if measure.how == "count" else None), name
        assert figure.median is None
