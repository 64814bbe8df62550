"""Every kind of row deleted, put in, copied or exchanged is named; and so is every field of every kind of record.

The cases come from the models themselves: a new kind is attacked as soon as it is declared, a new table as soon as
it is there, or it stands among those that prove nothing, with the reason (`no_evidence`).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from tests.certification.conftest import Evidence, evidence
from tests.each_kind import one_of
from tests.records.ledger import no_evidence
from tests.records.ledger.attacks import (
    Table,
    a_story,
    altered,
    copied,
    deleted,
    exchanged,
    key_of,
    rows_of,
    spoilt,
)  # fmt: skip
from tests.records.ledger.test_every_cell import EXEMPT, TABLES

from gnomon.records.facts import NEVER, ledgered
from gnomon.records.kinds import Kind, kinds
from gnomon.records.ledger.check_records import RecordsCheck
from gnomon.records.ledger.check_storage import check_kind
from gnomon.records.ledger.findings import Findings
from gnomon.records.ledger.seal import seal_ledger
from gnomon.records.ledger.triggers import unguard
from gnomon.records.ledger.verification import verify_ledger
from gnomon.records.models import Record
from gnomon.records.refusals import Refused

__all__ = ["evidence"]


def label(table: Table) -> str:
    return str(table._meta.label)


# --- which tables and columns count -------------------------------------------------------------


def test_each_table_is_attacked_or_proves_nothing_for_a_reason() -> None:
    attacked = {label(table) for table in TABLES} | {label(kind.model) for kind in kinds()}
    present = {label(table) for table in apps.get_models(include_auto_created=True)}
    assert attacked & no_evidence.TABLES.keys() == set()
    assert present - attacked - no_evidence.TABLES.keys() == set(), "attack it, or say why it proves nothing"
    assert no_evidence.TABLES.keys() - present == set(), "said of a table that is no more"


def test_each_column_of_a_kind_is_in_the_ledger_or_proves_nothing_for_a_reason() -> None:
    outside = {
        (kind.name, part.name)
        for kind in kinds()
        for part in set(kind.model._meta.concrete_fields) - set(ledgered(kind.model))
        if part.name not in NEVER
    }
    assert outside == no_evidence.COLUMNS.keys()


# --- records of every kind ----------------------------------------------------------------------


@pytest.fixture
def everything(db: None, settings: Any, tmp_path: Path) -> dict[str, list[Record]]:
    """Two records of each kind, or one where there cannot be two; sealed, and the guards gone."""
    settings.HOME = tmp_path
    for _turn in range(2):
        for kind in kinds():
            try:
                with transaction.atomic():
                    one_of(kind)
            except (Refused, IntegrityError):
                assert kind.model._base_manager.exists(), kind.name
    seal_ledger()
    unguard(connection)
    # Those with most to say for themselves: the first were made for others to refer to.
    return {kind.name: list(kind.model._base_manager.order_by("-id")[:2]) for kind in kinds()}


@pytest.fixture
def unchecked(db: None) -> Iterator[None]:
    """SQLite does not ask whether values fit together, so that each column is attacked alone."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        yield
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


@pytest.fixture
def taken_back(everything: dict[str, list[Record]]) -> Iterator[None]:
    """What is left behind would break relations, which Django looks at when a test ends."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def named() -> set[tuple[str, str | None, str | None]]:
    """What verification names: what is wrong, of which record, in which field."""
    return {(fault.what, fault.number, fault.field) for fault in verify_ledger(files="none").faults}


def columns_of(kind: Kind) -> list[models.Field[Any, Any]]:
    return [
        part for part in kind.model._meta.concrete_fields if part.name == "recorded_at" or part in ledgered(kind.model)
    ]


def test_a_house_with_all_kinds_is_whole(everything: dict[str, list[Record]]) -> None:
    assert verify_ledger().faults == ()


def test_each_altered_field_of_each_kind_is_named(
    everything: dict[str, list[Record]], unchecked: None, taken_back: None
) -> None:
    # All fields of one record of each kind at once: each is named for itself.
    hit = set()
    for kind in kinds():
        record = everything[kind.name][0]
        for part in columns_of(kind):
            cell = dict(rows_of(kind.model, part))[record.pk]
            if altered(kind.model, part, record.pk, spoilt(cell)):
                hit.add(("record_differs", record.number, part.name))
    assert len(hit) > 300
    assert hit - named() == set()


@pytest.mark.skipif("connection.vendor == 'postgresql'", reason="PostgreSQL holds columns to their type")
def test_nonsense_in_any_field_of_any_kind_is_named(everything: dict[str, list[Record]], unchecked: None) -> None:
    unnoticed, tried = set(), 0
    for kind in kinds():
        record = everything[kind.name][0]
        for part in columns_of(kind):
            for nonsense in nonsense_for(part):
                with transaction.atomic():
                    if altered(kind.model, part, record.pk, nonsense):
                        tried += 1
                        unnoticed |= set() if is_named(kind) else {(kind.name, part.name, nonsense)}
                    transaction.set_rollback(True)
    assert tried > 400
    assert unnoticed == set()


def nonsense_for(part: models.Field[Any, Any]) -> tuple[Any, ...]:
    """What SQLite keeps in such a column as it stands; of anything else, a column of text makes a text."""
    if isinstance(part, models.CharField | models.TextField):
        return (b"\xff\xfe",)
    if isinstance(part, models.BooleanField | models.DateField | models.DecimalField):
        return (77_777, "no sense") if not isinstance(part, models.DecimalField) else (0.001, "no sense")
    return (0.5,)


def is_named(kind: Kind) -> bool:
    findings = Findings()
    RecordsCheck(findings, lambda _count: None).walk_kind(kind)
    check_kind(kind, findings)
    return bool(findings.ordered())


def test_a_deleted_record_of_each_kind_is_named(everything: dict[str, list[Record]], taken_back: None) -> None:
    gone = {("ledger_without_record", record.number, None) for record, *_rest in everything.values()}
    for kind in kinds():
        assert deleted(kind.model, everything[kind.name][0].pk)
    assert gone - named() == set()


def test_a_record_of_each_kind_put_in_by_hand_is_named(
    everything: dict[str, list[Record]], unchecked: None, taken_back: None
) -> None:
    put_in = set()
    for kind in kinds():
        record = everything[kind.name][0]
        # What must be there once only, such as a user's name, is altered too.
        alone = {
            part.name: spoilt(getattr(record, part.attname))
            for part in kind.model._meta.concrete_fields
            if part.unique and not part.primary_key
        } | {"number": f"{kind.prefix}-999999"}
        assert not copied(kind.model, record.pk), "a number stands once"
        if copied(kind.model, record.pk, **alone) is not None:
            put_in.add(("record_without_ledger", f"{kind.prefix}-999999", None))
    assert len(put_in) > 30
    assert put_in - named() == set()


def test_two_records_of_a_kind_that_exchange_numbers_are_named(
    everything: dict[str, list[Record]], taken_back: None
) -> None:
    swapped = set()
    for kind in kinds():
        number = kind.model._meta.get_field("number")
        if exchanged(kind.model, number):  # type: ignore[arg-type]
            swapped.add(kind.name)
    assert len(swapped) > 30
    kept = {
        kind.name: {row[1] for row in rows_of(kind.model, kind.model._meta.get_field("number"))} for kind in kinds()
    }  # type: ignore[arg-type]
    told = {number for _what, number, _field in named()}
    assert {name for name in swapped if not kept[name] & told} == set()


# --- what hangs on records, and the ledger itself -----------------------------------------------


@pytest.fixture
def story(db: None, settings: Any, tmp_path: Path, evidence: Evidence) -> Record:
    return a_story(settings, tmp_path, evidence)


@pytest.mark.parametrize("table", TABLES, ids=lambda one: one.__name__)
def test_a_row_that_comes_or_goes_is_named(story: Record, table: Table) -> None:
    keys = [key for key, _cell in rows_of(table, key_of(table))]
    unnoticed = []
    for key in {keys[0], keys[len(keys) // 2], keys[-1]}:
        for attack in (deleted, copied):
            with transaction.atomic():
                if attack(table, key) and verify_ledger(files="none").whole:
                    unnoticed.append((attack.__name__, key))
                transaction.set_rollback(True)
    assert unnoticed == []


@pytest.mark.parametrize("table", TABLES, ids=lambda one: one.__name__)
def test_cells_that_two_rows_exchange_are_named(story: Record, table: Table) -> None:
    unnoticed = set()
    for part in table._meta.concrete_fields:
        with transaction.atomic():
            if exchanged(table, part) and verify_ledger(files="none").whole:
                unnoticed.add((table.__name__, part.name))
            transaction.set_rollback(True)
    assert unnoticed <= EXEMPT.keys()
