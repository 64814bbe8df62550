"""What somebody with all rights on the database can do to a row, and a house to do it in.

Everything is read off the schema: a new column or table is attacked as soon as it is there.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any, cast

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, models, transaction
from tests.certification.conftest import Evidence
from tests.governance.notices.working import tell
from tests.makers import a_person

from gnomon.certification.actions import draw_sample, run_checks
from gnomon.evaluation.actions import take_snapshots
from gnomon.evaluation.actions.snapshot_seals import seal_snapshots
from gnomon.evaluation.models import MeasureSnapshot
from gnomon.governance import notices
from gnomon.governance.models import Message
from gnomon.governance.sealing.messages import seal_messages
from gnomon.governance.sealing.words import commit
from gnomon.organization.kinds import TEAM
from gnomon.portfolio.kinds import service as SERVICE
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.ledger.keys import rotate_signing_key
from gnomon.records.ledger.seal import key_folder, seal_ledger
from gnomon.records.ledger.triggers import unguard
from gnomon.records.models import Record
from gnomon.standard.plugs import Finding

Table = type[models.Model]
Part = Any


def a_story(settings: Any, home: Path, evidence: Evidence) -> Record:
    """A service with all that can hang on a record, a conformity run, a rotated key; sealed twice, unguarded."""
    # Populations without a pattern, so that they are kept in parts of their own.
    chance = Random(1)
    for requirement in ("8.6.1-b", "8.6.1-e"):
        seen = [f"INC-{number:06d}" for number in chance.sample(range(1, 30_000), 4_000)]
        evidence.says(requirement, Finding(seen, late=seen[:2], failed=seen[2:4]))
    settings.HOME = home
    alice = a_person("Alice Lin", username="alice", roles=["service_owner"])
    bob = a_person("Bob Reed", username="bob", roles=["agent"])
    record = actions.record(SERVICE, by=SYSTEM, title="Mail 邮件", owner=alice, description="For 王小明")
    team = actions.record(TEAM, by=SYSTEM, title="Messaging")
    for number in range(2):
        actions.comment(record, f"Word {number}", by=SYSTEM, internal=bool(number))
        actions.attach(record, cast(Any, SimpleUploadedFile("plan.txt", b"%d" % number)), by=SYSTEM)
        actions.join(record, (alice, bob)[number], ("watcher", "approver")[number], by=SYSTEM)
        actions.link(record, (team, bob)[number], "cares", by=SYSTEM)
    run_checks(clause="8.6.1", by=SYSTEM)
    for number, person in enumerate((alice, bob, alice)):
        tell([person.number], about=record, what="other", title=f"Told {number}", cause=f"{record.number}/{number}")
        notices.mark_read(person)
    for message in Message.objects.all():
        message.texts = {
            "en": f"So {message.cause}",
            "zh-hans": "如此",
        }  # as where an organisation has words of its own
        commit(message).save()
    seal_messages(until=datetime.now(UTC))
    take_snapshots(date(2026, 1, 5), names=["incident_mttr"])
    MeasureSnapshot(
        measure="incident_mttr",
        day=date(2026, 1, 6),
        by="team",
        key=team.number,
        value=1.5,
        count=2,
        part=1,
        median=1.25,
        p90=1.75,
        version=1,
        definition="0" * 16,
        taken_at=datetime.now(UTC),
    ).save()
    seal_snapshots(until=datetime.now(UTC))
    draw_sample("8.6.1-b", by=SYSTEM, rule=1, method="stratified", stratified_by="outcome", size=9)
    seal_ledger()
    rotate_signing_key(key_folder())
    actions.change(record, by=SYSTEM, because="Grew", criticality=1)
    actions.change(record, by=SYSTEM, because="Shrank", criticality=3)
    seal_ledger()
    unguard(connection)
    return record


# --- one cell -----------------------------------------------------------------------------------


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


def names_of(table: Table, part: Part) -> tuple[str, str, str]:
    """Table, column and key, as statements write them."""
    quote = connection.ops.quote_name
    return quote(table._meta.db_table), quote(str(part.column)), quote(str(cast(Any, table)._meta.pk.column))


def key_of(table: Table) -> Part:
    return cast(Part, cast(Any, table)._meta.pk)


def rows_of(table: Table, part: Part) -> list[tuple[Any, Any]]:
    """Key and cell of each row, in the order of the keys."""
    name, column, key = names_of(table, part)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key}, {column} FROM {name} ORDER BY {key}")
        return list(cursor.fetchall())


def altered(table: Table, part: Part, key_value: Any, value: Any) -> bool:
    """Whether the database took it; what its own constraints refuse needs nobody else."""
    name, column, key = names_of(table, part)
    return done(f"UPDATE {name} SET {column} = %s WHERE {key} = %s", [value, key_value])


def exchanged(table: Table, part: Part) -> bool:
    """The first two rows whose cells in this column differ exchange them; whether the database took it."""
    name, column, key = names_of(table, part)
    cells = rows_of(table, part)
    other = next((cell for cell in cells[1:] if cell[1] != cells[0][1]), None)
    if other is None:
        return False
    (one, mine), (two, theirs) = cells[0], other
    aside = fresh(max(value for _key, value in cells if value is not None))  # for what no two rows may have at once
    put = f"UPDATE {name} SET {column} = %s WHERE {key} = %s"
    if part.primary_key:
        return all(done(put, move) for move in ((aside, mine), (mine, theirs), (theirs, aside)))
    return all(done(put, move) for move in ((aside, one), (mine, two), (theirs, one)))


# --- a whole row --------------------------------------------------------------------------------


def deleted(table: Table, key_value: Any) -> bool:
    name, _column, key = names_of(table, key_of(table))
    return done(f"DELETE FROM {name} WHERE {key} = %s", [key_value])


def copied(table: Table, key_value: Any, **changed: Any) -> Any:
    """The key of a copy with all cells but these as they were; None when the database refuses it."""
    own = key_of(table)
    name, _column, key = names_of(table, own)
    new = fresh(max(value for value, _cell in rows_of(table, own)))
    values = {str(table._meta.get_field(field).column): value for field, value in changed.items()}  # type: ignore[union-attr]
    values[str(own.column)] = new
    columns = [str(part.column) for part in table._meta.concrete_fields]
    taken = ", ".join("%s" if column in values else connection.ops.quote_name(column) for column in columns)
    put = ", ".join(map(connection.ops.quote_name, columns))
    told = [values[column] for column in columns if column in values]
    stored = done(f"INSERT INTO {name} ({put}) SELECT {taken} FROM {name} WHERE {key} = %s", [*told, key_value])
    return new if stored else None


def fresh(newest: Any) -> Any:
    """A value that no other row has."""
    if isinstance(newest, bytes | memoryview):
        return b"\xff" + bytes(newest)[1:-1] + b"\xff"
    if isinstance(newest, str):
        return "~" + newest[1:]
    return spoilt(newest) if isinstance(newest, bool | date) else newest + 1


def done(statement: str, values: Sequence[Any]) -> bool:
    """Whether the database did it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            return bool(cursor.rowcount)
    except DatabaseError:
        return False
