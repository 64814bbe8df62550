"""9.1: whichever engine answers, a measure says the same."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evaluation.lake.holding import hold_together, in_duckdb, in_spark, lake_at
from tests.evaluation.lake.stories import BEGIN, END, live

from gnomon.evaluation.queries.measures import measures
from gnomon.standard.periods import Period

pytestmark = [pytest.mark.django_db, pytest.mark.clause("9.1")]
NOW = datetime(2026, 8, 1, tzinfo=UTC)
MIDDLE = BEGIN + timedelta(days=30, hours=5)
PERIODS = (Period(BEGIN, END + timedelta(days=60)), Period(BEGIN, MIDDLE), Period(NOW, NOW))


@pytest.fixture
def random_lake(tmp_path: Path) -> Path:
    live(seed=91)
    return lake_at(tmp_path / "lake")


@settings(max_examples=2, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32))
def test_duckdb_says_what_the_database_says_of_any_life(
    db: None, tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    with transaction.atomic():
        live(seed)
        lake = lake_at(tmp_path_factory.mktemp("lakes") / "lake")
        draw = random.Random(seed)
        for name, measure in measures().items():
            by = draw.choice(("", "month", *measure.dimensions))
            hold_together(in_duckdb(lake), name, draw.choice(PERIODS), by, now=NOW)
        transaction.set_rollback(True)


@settings(max_examples=2, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32), hours=st.integers(0, 120 * 24))
def test_the_past_is_the_same_in_the_lake(
    db: None, tmp_path_factory: pytest.TempPathFactory, seed: int, hours: int
) -> None:
    with transaction.atomic():
        live(seed)
        lake = lake_at(tmp_path_factory.mktemp("lakes") / "lake")
        as_of = BEGIN + timedelta(hours=hours)
        for name in measures():
            hold_together(in_duckdb(lake), name, PERIODS[0], now=NOW, as_of=as_of)
        transaction.set_rollback(True)


def test_figures_are_narrowed_alike(random_lake: Path) -> None:
    within = {"priority": ["2", "3", "none"], "category": ["mail", "none"]}
    for name in ("incidents_opened", "incident_mttr", "incident_backlog", "reopen_rate"):
        hold_together(in_duckdb(random_lake), name, PERIODS[0], "service", within=within, now=NOW)


def test_spark_says_what_the_database_says_of_a_random_life(random_lake: Path, spark: Any) -> None:
    ask = in_spark(random_lake, spark)
    for name, measure in measures().items():
        if measure.kind != "incident":
            hold_together(ask, name, PERIODS[0], now=NOW)
    hold_together(ask, "incident_mttr", PERIODS[0], "service", now=NOW, as_of=MIDDLE)
