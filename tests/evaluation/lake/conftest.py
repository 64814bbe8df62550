"""Spark, where it is installed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest


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
