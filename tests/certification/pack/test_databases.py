"""A pack is made from records, not from a database: the same records give the same bytes on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.db import connection, connections
from tests.certification.pack.conftest import House

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        "__import__('django.db').db.connection.vendor != 'postgresql'",
        reason="there is no second database to compare with; name a PostgreSQL in GNOMON_DATABASE_URL",
    ),
]


@contextmanager
def on_sqlite(file: Path) -> Iterator[None]:
    """An empty SQLite database with all our tables in place of the database of the suite."""
    usual = connections["default"]
    engine = "gnomon.project.queued_sqlite"
    settings = {**usual.settings_dict, "ENGINE": engine, "NAME": str(file), "OPTIONS": {}}
    made = import_module(f"{engine}.base").DatabaseWrapper(settings, "default")
    connections["default"] = made
    try:
        with made.schema_editor() as editor:
            for model in apps.get_models():
                editor.create_model(model)
        yield
    finally:
        made.close()
        connections["default"] = usual


def all_rows() -> list[dict[str, Any]]:
    return [
        row
        for model in apps.get_models(include_auto_created=True)
        for row in serializers.serialize("python", model._base_manager.order_by("pk"))
    ]


def test_the_same_records_give_the_same_bytes_on_both_databases(house: House, tmp_path: Path) -> None:
    there, made = house.pack()
    rows = all_rows()
    with on_sqlite(tmp_path / "other.sqlite3"):
        assert connection.vendor == "sqlite"
        connection.disable_constraint_checking()
        for each in serializers.deserialize("python", rows):
            each.save()
        here, again = house.pack()
    assert made == again
    assert here == there
