"""9.1: of the public log, the database, DuckDB and Spark say the same; where Spark is installed, since it takes minutes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.evaluation import uci
from tests.evaluation.conftest import shared
from tests.evaluation.lake.holding import hold_together, in_duckdb, in_spark, lake_at

from gnomon.evaluation.queries.measures import measures, whole_past
from gnomon.integrations.presets import preset
from gnomon.records.actors import SYSTEM
from gnomon.records.imports import runs
from gnomon.standard.periods import Period

pytestmark = [pytest.mark.django_db, pytest.mark.clause("9.1")]
OF_INCIDENTS = sorted(name for name, measure in measures().items() if measure.kind == "incident")


@pytest.fixture(scope="module")
def real_lake(
    spark: Any, django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
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


def test_duckdb_says_what_the_database_says(real_lake: Path) -> None:
    ask = in_duckdb(real_lake)
    for name in OF_INCIDENTS:
        period = whole_past(measures()[name])
        hold_together(ask, name, period, "team" if "team" in measures()[name].dimensions else "", now=period.end)
        hold_together(ask, name, Period(period.start, period.start + timedelta(days=45)), now=period.end)


def test_spark_says_what_the_database_says(real_lake: Path, spark: Any) -> None:
    ask = in_spark(real_lake, spark)
    for name in OF_INCIDENTS:
        period = whole_past(measures()[name])
        hold_together(ask, name, Period(period.start, period.start + timedelta(days=90)), now=period.end)
    hold_together(ask, "incident_mttr", whole_past(measures()["incident_mttr"]), "priority")
