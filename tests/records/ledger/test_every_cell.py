"""Every cell of every table that counts: altered, it is named.

The cases come from the schema itself. A new column is attacked as soon as it is there; when nothing notices, it needs
a check, or a reason among those below.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, models, transaction
from tests.makers import a_person

from gnomon.certification.actions import run_checks
from gnomon.certification.models import CheckResult, RequirementResult
from gnomon.organization.kinds import TEAM
from gnomon.portfolio.kinds import service as SERVICE
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.ledger.keys import rotate_signing_key
from gnomon.records.ledger.seal import key_folder, seal_ledger
from gnomon.records.ledger.triggers import unguard
from gnomon.records.ledger.verification import verify_ledger
from gnomon.records.models import Attachment, Checkpoint, Comment, Leaf, LedgerEntry, Link, Participant, Record

TABLES: tuple[type[models.Model], ...] = (
    LedgerEntry, Leaf, Checkpoint, Comment, Attachment, Link, Participant, CheckResult, RequirementResult,
)  # fmt: skip
# What may change unseen, and why that proves nothing wrongly.
SURROGATE = "a key of the table alone; no entry, record or page is known by it"
EXEMPT = {
    ("Comment", "id"): SURROGATE,
    ("Attachment", "id"): SURROGATE,
    ("Link", "id"): SURROGATE,
    ("Participant", "id"): SURROGATE,
    ("CheckResult", "seconds"): "how long the check took; no verdict rests on it",
    ("CheckResult", "asked"): "the question in words, beside the columns that the run seals",
    ("Attachment", "media_type"): "a guess by the name; files are served by their ending",
}


@pytest.fixture
def story(db: None, settings: Any, tmp_path: Path) -> Record:
    """A service with all that can hang on a record, a conformity run, a rotated key; sealed twice."""
    settings.HOME = tmp_path
    alice, bob = a_person("Alice Lin", username="alice"), a_person("Bob Reed", username="bob")
    record = actions.record(SERVICE, by=SYSTEM, title="Mail 邮件", owner=alice, description="For 王小明")
    team = actions.record(TEAM, by=SYSTEM, title="Messaging")
    for number in range(2):
        actions.comment(record, f"Word {number}", by=SYSTEM, internal=bool(number))
        actions.attach(record, cast(Any, SimpleUploadedFile("plan.txt", b"%d" % number)), by=SYSTEM)
        actions.join(record, (alice, bob)[number], "watcher", by=SYSTEM)
        actions.link(record, (team, bob)[number], "cares", by=SYSTEM)
    run_checks(clause="8.6.1", by=SYSTEM)
    seal_ledger()
    rotate_signing_key(key_folder())
    actions.change(record, by=SYSTEM, because="Grew", criticality=1)
    actions.change(record, by=SYSTEM, because="Shrank", criticality=3)
    seal_ledger()
    unguard(connection)
    return record


def spoilt(value: Any) -> Any:
    """The same with one thing about it changed, of a type that the column takes."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | Decimal):
        return value + 1
    if isinstance(value, float):
        return value + 0.5
    if isinstance(value, str):
        # The last letter or digit, so that JSON stays JSON and lengths stay what they are.
        for place in range(len(value) - 1, -1, -1):
            if value[place].isalnum():
                return value[:place] + ("1" if value[place] != "1" else "2") + value[place + 1 :]
        return "x"
    if isinstance(value, bytes | memoryview):
        raw = bytes(value)
        return raw[:-1] + bytes([raw[-1] ^ 1]) if raw else b"x"
    if isinstance(value, datetime | date):
        return value.replace(year=value.year - 1)
    return 1 if value is None else json.dumps([value])


def column_of(table: type[models.Model], part: models.Field[Any, Any]) -> tuple[str, str, str]:
    quote = connection.ops.quote_name
    return quote(table._meta.db_table), quote(str(part.column)), quote(str(cast(Any, table)._meta.pk.column))


def rows_of(table: type[models.Model], part: models.Field[Any, Any]) -> list[tuple[Any, Any]]:
    name, column, key = column_of(table, part)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key}, {column} FROM {name} ORDER BY {key}")
        return list(cursor.fetchall())


def altered(table: type[models.Model], part: models.Field[Any, Any], key_value: Any, value: Any) -> bool:
    """Whether the database took it; what its own constraints refuse needs nobody else."""
    name, column, key = column_of(table, part)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {name} SET {column} = %s WHERE {key} = %s", [value, key_value])
            return bool(cursor.rowcount)
    except DatabaseError:
        return False


# --- each column --------------------------------------------------------------------------------


def test_the_story_is_whole(story: Record) -> None:
    assert verify_ledger().faults == ()
    for table in TABLES:
        assert table._default_manager.count() >= 2, f"{table.__name__} has too few rows to be attacked"


@pytest.mark.parametrize("table", TABLES, ids=lambda one: one.__name__)
def test_an_altered_cell_is_named(story: Record, table: type[models.Model]) -> None:
    unnoticed = set()
    for part in table._meta.concrete_fields:
        cells = rows_of(table, part)
        key, value = cells[len(cells) // 2]
        with transaction.atomic():
            if altered(table, part, key, spoilt(value)) and verify_ledger(files="none").whole:
                unnoticed.add((table.__name__, part.name))
            transaction.set_rollback(True)
    assert unnoticed == {cell for cell in EXEMPT if cell[0] == table.__name__}
