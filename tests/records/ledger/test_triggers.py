"""The database refuses to change the ledger, whoever asks."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from tests.makers import a_team

from gnomon.records.ledger.seal import seal_ledger
from gnomon.records.ledger.triggers import TABLES, guard, missing_guards, unguard


@pytest.fixture(autouse=True)
def _something_sealed(db: None) -> None:
    a_team()
    seal_ledger()


def refused(statement: str) -> str:
    with pytest.raises(DatabaseError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(refusal.value)


@pytest.mark.parametrize("table", TABLES)
def test_what_the_ledger_holds_is_neither_changed_nor_deleted(table: str) -> None:
    column = TABLES[table][-1]
    assert f"{table} refuses UPDATE" in refused(f"UPDATE {table} SET {column} = {column}")
    assert f"{table} refuses DELETE" in refused(f"DELETE FROM {table}")


@pytest.mark.parametrize("table", TABLES)
def test_what_the_ledger_holds_is_not_replaced_by_insertion(table: str) -> None:
    if connection.vendor == "postgresql":
        assert f"{table} refuses TRUNCATE" in refused(f"TRUNCATE {table}")
    else:
        assert f"{table} refuses REPLACE" in refused(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


def test_a_dropped_guard_is_missed_and_put_back() -> None:
    assert missing_guards(connection) == []
    unguard(connection)
    assert len(missing_guards(connection)) == 3 * (2 if connection.vendor == "postgresql" else 3)
    guard(connection)
    guard(connection)
    assert missing_guards(connection) == []
