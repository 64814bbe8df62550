"""9.1: whichever engine answers, a measure says the same."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evaluation import uci
from tests.evaluation.conftest import shared
from tests.evaluation.lake.stories import BEGIN, END, live

from gnomon.evaluation.figures import Figure
from gnomon.evaluation.lake.engines import evaluate_in
from gnomon.evaluation.lake.exporting import export_ledger
from gnomon.evaluation.queries.measures import evaluate, measures, whole_past
from gnomon.integrations.presets import preset
from gnomon.records.actors import SYSTEM
from gnomon.records.imports import runs
from gnomon.records.ledger.seal import seal_ledger
from gnomon.standard.periods import Period

pytestmark = [pytest.mark.django_db, pytest.mark.clause("9.1")]
NOW = datetime(2026, 8, 1, tzinfo=UTC)
MIDDLE = BEGIN + timedelta(days=30, hours=5)
PERIODS = (Period(BEGIN, END + timedelta(days=60)), Period(BEGIN, MIDDLE), Period(NOW, NOW))
Ask = Callable[..., Any]


def same(ours: Figure, theirs: Figure) -> bool:
    """Counts are equal; what was divided or lies between two values agrees to the last digits of a double."""
    if (ours.count, ours.part) != (theirs.count, theirs.part):
        return False
    pairs = [(ours.value, theirs.value), (ours.median, theirs.median), (ours.p90, theirs.p90)]
    return all(a == b or (a is not None and b == pytest.approx(a, rel=1e-12)) for a, b in pairs)


def hold_together(ask: Ask, name: str, period: Period, by: str = "", **more: Any) -> None:
    ours = evaluate(name, period, by, **more)
    theirs = ask(name, period, by, **more)
    assert same(ours.figure, theirs.figure), (name, period, by, ours.figure, theirs.figure)
    ours_by, theirs_by = ({group.key: group.figure for group in found.groups} for found in (ours, theirs))
    assert ours_by.keys() == theirs_by.keys(), (name, by)
    for key, figure in ours_by.items():
        assert same(figure, theirs_by[key]), (name, by, key, figure, theirs_by[key])


def lake_at(folder: Path) -> Path:
    seal_ledger(sweep=True)
    export_ledger(folder)
    return folder


@pytest.fixture
def random_lake(tmp_path: Path) -> Path:
    live(seed=91)
    return lake_at(tmp_path / "lake")


@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
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


@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
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


def in_duckdb(lake: Path) -> Ask:
    return lambda name, period, by="", **more: evaluate_in("lake", lake, name, period, by, **more)


# --- the real log, and the distributed engine ---


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    pyspark = pytest.importorskip("pyspark.sql", reason="Spark is an extra: uv sync --extra spark, and Java 17.")
    builder = pyspark.SparkSession.builder.master("local[2]").appName("gnomon tests")
    for name, value in {
        "spark.ui.enabled": "false", "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.shuffle.partitions": "1", "spark.sql.adaptive.enabled": "false",
        "spark.sql.codegen.wholeStage": "false", "spark.ui.showConsoleProgress": "false",
    }.items():  # fmt: skip
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except Exception as error:  # noqa: BLE001 - without Java it raises whatever the bridge to it raises
        pytest.skip(f"Spark does not start here, it needs Java 17: {error}")
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def real_lake(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """The public log with its whole history in the ledger, as a lake."""
    if not uci.LOG.exists():
        pytest.skip("The public log is not on this machine.")

    def fill() -> Path:
        mapping = preset("servicenow")
        runs.carry_out(runs.begin(uci.LOG, mapping, by=SYSTEM), uci.LOG, mapping, by=SYSTEM)
        return lake_at(tmp_path_factory.mktemp("real") / "lake")

    with shared(django_db_blocker, fill) as lake:
        yield lake


OF_INCIDENTS = sorted(name for name, measure in measures().items() if measure.kind == "incident")


@pytest.mark.parametrize("name", OF_INCIDENTS)
def test_duckdb_says_what_the_database_says_of_the_real_log(real_lake: Path, name: str) -> None:
    period = whole_past(measures()[name])
    for by in ("", "priority", "month"):
        hold_together(
            in_duckdb(real_lake), name, period, by if by in measures()[name].dimensions else "", now=period.end
        )
    hold_together(in_duckdb(real_lake), name, Period(period.start, period.start + timedelta(days=45)), now=period.end)


def test_spark_says_what_the_database_says_of_the_real_log(real_lake: Path, spark: Any) -> None:
    ask = in_spark(real_lake, spark)
    for name in OF_INCIDENTS:
        period = whole_past(measures()[name])
        hold_together(ask, name, Period(period.start, period.start + timedelta(days=90)), now=period.end)
    hold_together(ask, "incident_mttr", whole_past(measures()["incident_mttr"]), "priority")


def test_spark_says_what_the_database_says_of_a_random_life(random_lake: Path, spark: Any) -> None:
    ask = in_spark(random_lake, spark)
    for name, measure in measures().items():
        if measure.kind != "incident":
            hold_together(ask, name, PERIODS[0], now=NOW)
    hold_together(ask, "incident_mttr", PERIODS[0], "service", now=NOW, as_of=MIDDLE)


def in_spark(lake: Path, session: Any) -> Ask:
    return lambda name, period, by="", **more: evaluate_in("spark", lake, name, period, by, session=session, **more)
