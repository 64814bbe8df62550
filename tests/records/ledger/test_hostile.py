"""Somebody with all rights on the database changes something, and `gnomon ledger verify` names it.

Eve drops the guards first, as anybody would. What she lacks are the keys of the installation.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gnomon.organization.kinds import TEAM
from gnomon.organization.models import Person
from gnomon.portfolio.kinds import service as SERVICE
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.ledger.entries import entry_digest
from gnomon.records.ledger.findings import Fault, Verification
from gnomon.records.ledger.merkle import Frontier
from gnomon.records.ledger.seal import seal_ledger
from gnomon.records.ledger.triggers import guard, unguard
from gnomon.records.ledger.verification import verify_ledger
from gnomon.records.models import Checkpoint, Leaf, LedgerEntry, Record


def change(statement: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        assert cursor.rowcount != 0, "the attack must hit something"


@pytest.fixture
def mail(alice: Person, bob: Person) -> Record:
    """A service with a history: sealed in two batches, its last entry still unsealed."""
    record = actions.record(SERVICE, by=SYSTEM, title="Mail 邮件", owner=alice, criticality=2)
    actions.comment(record, "Moved to new disks", by=SYSTEM)
    actions.attach(record, cast(Any, SimpleUploadedFile("plan.txt", b"1. Move")), by=SYSTEM)
    team = actions.record(TEAM, by=SYSTEM, title="Messaging")
    seal_ledger()
    actions.change(record, by=SYSTEM, because="Grew", criticality=1, team=team)
    actions.link(record, team, "cares", by=SYSTEM)
    actions.join(record, bob, "watcher", by=SYSTEM)
    actions.move(record, "go_live", by=SYSTEM)
    seal_ledger()
    actions.change(record, by=SYSTEM, description="For everyone")
    unguard(connection)
    return record


def sequence_of(record: Record, version: int) -> int:
    return LedgerEntry.objects.get(number=record.number, version=version).sequence


def first(verification: Verification) -> Fault:
    assert not verification.whole
    assert verification.first is not None
    return verification.first


# --- all is well ------------------------------------------------------------------------------


def test_an_untouched_ledger_is_whole(mail: Record) -> None:
    guard(connection)
    verification = verify_ledger()
    assert verification.faults == ()
    assert verification.whole
    assert verification.unguarded == ()
    entries = LedgerEntry.objects.count()
    assert (verification.entries, verification.sealed, verification.unsealed) == (entries, entries - 1, 1)
    assert verification.checkpoints == 2
    # Alice, Bob, the service and its team
    assert verification.records == 4
    assert verification.as_json()["whole"] is True


def test_dropped_guards_are_told_though_the_ledger_is_whole(mail: Record) -> None:
    verification = verify_ledger()
    assert verification.whole
    assert "records_ledgerentry_is_never_deleted" in verification.unguarded or connection.vendor == "postgresql"
    assert len(verification.unguarded) >= 6


def test_an_empty_ledger_is_whole(db: None) -> None:
    verification = verify_ledger()
    assert verification.whole
    assert verification.entries == verification.records == 0


# --- entries ----------------------------------------------------------------------------------

ALTERATIONS = {
    "kind": "team", "number": "SVC-000999", "version": 77, "verb": "service:retire", "actor": "PER-000666",
    "recorded_at": 1, "happened_at": 1, "facts": '{"criticality":[2,4]}', "because": "Nobody knows",
    "personal": '{"description":[null,"x","AAAAAAAAAAAAAAAAAAAA"]}',
}  # fmt: skip


@pytest.mark.parametrize("column", ALTERATIONS)
@pytest.mark.parametrize("version", [4, 8])
def test_an_altered_column_of_an_entry_is_named(mail: Record, column: str, version: int) -> None:
    sequence = sequence_of(mail, version)  # 4 is sealed, 8 is not yet
    change(f"UPDATE records_ledgerentry SET {column} = %s WHERE sequence = %s", ALTERATIONS[column], sequence)
    fault = first(verify_ledger())
    assert (fault.what, fault.sequence) == ("altered", sequence)
    assert f"Entry {sequence}" in fault.says


@pytest.mark.parametrize("column", ["digest", "seal"])
@pytest.mark.parametrize("version", [4, 8])
def test_an_altered_digest_or_seal_is_named(mail: Record, column: str, version: int) -> None:
    sequence = sequence_of(mail, version)
    change(f"UPDATE records_ledgerentry SET {column} = %s WHERE sequence = %s", b"x" * 32, sequence)
    fault = first(verify_ledger())
    assert fault.sequence == sequence
    if (column, version) == ("seal", 8):
        # Without a leaf nothing tells it from an entry that somebody added.
        assert fault.what == "added"
    else:
        assert (fault.what, fault.field) == ("altered", column)


def test_one_byte_is_enough(mail: Record) -> None:
    sequence = sequence_of(mail, 2)
    change(
        "UPDATE records_ledgerentry SET personal = replace(personal, 'new disks', 'mew disks') WHERE sequence = %s",
        sequence,
    )
    fault = first(verify_ledger())
    assert (fault.what, fault.sequence, fault.number, fault.version) == ("altered", sequence, mail.number, 2)
    assert fault.says == f"Entry {sequence} ({mail.number} #2): it was altered after it was sealed."


def test_an_alteration_with_its_digest_leaf_and_root_made_anew_is_named(mail: Record) -> None:
    # Eve does all that the program would, but the keys are not in the database.
    entry = LedgerEntry.objects.get(number=mail.number, version=2)
    personal = entry.personal.replace("new disks", "old disks")
    change("UPDATE records_ledgerentry SET personal = %s WHERE sequence = %s", personal, entry.sequence)
    digest = digest_of(entry.sequence)
    change("UPDATE records_ledgerentry SET digest = %s WHERE sequence = %s", digest, entry.sequence)
    change("UPDATE records_leaf SET digest = %s WHERE sequence = %s", digest, entry.sequence)
    for checkpoint in Checkpoint.objects.order_by("size"):
        frontier = Frontier()
        frontier.extend(bytes(leaf.digest) for leaf in Leaf.objects.order_by("position")[: checkpoint.size])
        change(
            "UPDATE records_checkpoint SET root = %s, frontier = %s WHERE size = %s",
            frontier.root(), frontier.packed(), checkpoint.size,
        )  # fmt: skip
    fault = first(verify_ledger())
    assert fault.sequence == entry.sequence
    assert fault.what == "added"
    assert "this installation did not write it" in fault.says


def digest_of(sequence: int) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, number, version, verb, actor, recorded_at, happened_at, facts, because, personal "
            "FROM records_ledgerentry WHERE sequence = %s",
            [sequence],
        )
        return entry_digest(*cursor.fetchone())


@pytest.mark.parametrize("version", [1, 4, 7])
def test_a_deleted_sealed_entry_is_named_with_its_record(mail: Record, version: int) -> None:
    sequence = sequence_of(mail, version)
    change("DELETE FROM records_ledgerentry WHERE sequence = %s", sequence)
    fault = first(verify_ledger())
    assert (fault.what, fault.sequence) == ("missing", sequence)
    assert (fault.kind, fault.number, fault.version) == ("service", mail.number, version)


def test_a_deleted_unsealed_entry_is_named(mail: Record) -> None:
    change("DELETE FROM records_ledgerentry WHERE sequence = %s", sequence_of(mail, 8))
    fault = first(verify_ledger())
    assert (fault.what, fault.number, fault.version) == ("missing", mail.number, 8)
    assert fault.says == f"{mail.number} counts 8 entries, but the ledger has 7."


def test_a_deleted_entry_with_its_leaf_is_named(mail: Record) -> None:
    sequence = sequence_of(mail, 4)
    change("DELETE FROM records_leaf WHERE sequence = %s", sequence)
    change("DELETE FROM records_ledgerentry WHERE sequence = %s", sequence)
    verification = verify_ledger()
    assert first(verification).what == "missing"
    assert any(fault.number == mail.number and fault.version == 4 for fault in verification.faults)


@pytest.mark.parametrize("versions", [(2, 4), (4, 5), (1, 8)])
def test_two_entries_that_changed_places_are_named(mail: Record, versions: tuple[int, int]) -> None:
    one, two = (sequence_of(mail, version) for version in versions)
    swap("records_ledgerentry", one, two)
    fault = first(verify_ledger())
    assert fault.what in {"reordered", "altered"}
    assert fault.sequence == one
    assert fault.what == "reordered" or versions == (1, 8)


def swap(table: str, one: int, two: int) -> None:
    for old, new in ((one, -1), (two, one), (-1, two)):
        change(f"UPDATE {table} SET sequence = %s WHERE sequence = %s", new, old)


def test_entries_and_leaves_that_changed_places_together_are_named(mail: Record) -> None:
    one, two = sequence_of(mail, 4), sequence_of(mail, 6)
    swap("records_ledgerentry", one, two)
    digests = {leaf.sequence: bytes(leaf.digest) for leaf in Leaf.objects.filter(sequence__in=[one, two])}
    change("UPDATE records_leaf SET digest = %s WHERE sequence = %s", digests[two], one)
    change("UPDATE records_leaf SET digest = %s WHERE sequence = %s", digests[one], two)
    assert first(verify_ledger()).what in {"reordered", "root_differs"}


@pytest.mark.parametrize("gap", [False, True])
def test_an_added_entry_with_a_right_digest_is_named(mail: Record, gap: bool) -> None:
    # Eve's own entry says that the mail service was retired; she even finds a hole in the sequence for it.
    row = ["service", mail.number, 9, "service:retire", "system", 5, 5, '{"status":["live","retired"]}', "Too old"]
    sequence = -5 if gap else 10**6
    add(sequence, row)
    fault = next(fault for fault in verify_ledger().faults if fault.sequence == sequence)
    assert (fault.what, fault.number, fault.version) == ("added", mail.number, 9)


def add(sequence: int, row: Any) -> None:
    change(
        "INSERT INTO records_ledgerentry (sequence, kind, number, version, verb, actor, recorded_at, happened_at,"
        " facts, because, digest, seal) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        sequence, *row, entry_digest(*row), b"s" * 32,
    )  # fmt: skip


def test_an_added_entry_is_not_taken_into_the_tree(mail: Record) -> None:
    add(10**6, ["service", mail.number, 9, "service:retire", "system", 5, 5, "{}", ""])
    assert seal_ledger() == 1  # the honest one that waited
    assert not Leaf.objects.filter(sequence=10**6).exists()
    assert first(verify_ledger()).what == "added"


def test_an_added_entry_with_a_leaf_is_named(mail: Record) -> None:
    row = ["service", mail.number, 9, "service:retire", "system", 5, 5, "{}", ""]
    add(10**6, row)
    size = Checkpoint.objects.order_by("-size").first().size  # type: ignore[union-attr]
    digest = digest_of(10**6)
    change("INSERT INTO records_leaf (position, sequence, digest) VALUES (%s, %s, %s)", size, 10**6, digest)
    verification = verify_ledger()
    assert verification.counts["added"] >= 1
    assert any(fault.sequence == 10**6 and fault.what == "added" for fault in verification.faults)


# --- the tree ---------------------------------------------------------------------------------


def test_an_altered_leaf_is_named(mail: Record) -> None:
    sequence = sequence_of(mail, 4)
    change("UPDATE records_leaf SET digest = %s WHERE sequence = %s", b"x" * 32, sequence)
    verification = verify_ledger()
    assert (first(verification).what, first(verification).sequence) == ("altered", sequence)
    assert first(verification).field == "leaf"
    assert len(verification.faults) == 1  # the entry speaks for itself: the root still holds


def test_a_leaf_turned_to_another_entry_is_named(mail: Record) -> None:
    sequence = sequence_of(mail, 4)
    change("UPDATE records_leaf SET sequence = 4711 WHERE sequence = %s", sequence)
    fault = first(verify_ledger())
    assert (fault.what, fault.sequence) == ("reordered", sequence)


@pytest.mark.parametrize("version", [1, 4, 7])
def test_a_deleted_leaf_is_named_with_its_entry(mail: Record, version: int) -> None:
    sequence = sequence_of(mail, version)
    change("DELETE FROM records_leaf WHERE sequence = %s", sequence)
    verification = verify_ledger()
    fault = first(verification)
    assert fault.what == "missing"
    if version < 7:  # the very last leaf has no neighbour after it that would show the gap
        assert (fault.sequence, fault.field) == (sequence, "leaf")
        assert len(verification.faults) == 1


def test_leaves_that_changed_places_are_named(mail: Record) -> None:
    swap("records_leaf", sequence_of(mail, 4), sequence_of(mail, 6))
    assert first(verify_ledger()).what == "reordered"


def test_moved_leaves_are_named(mail: Record) -> None:
    one, two = (Leaf.objects.get(sequence=sequence_of(mail, version)).position for version in (4, 6))
    for old, new in ((one, -1), (two, one), (-1, two)):
        change("UPDATE records_leaf SET position = %s WHERE position = %s", new, old)
    fault = first(verify_ledger())
    assert fault.what == "reordered"


# --- checkpoints ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("root", b"x" * 32), ("previous", b"x" * 32), ("sealed_at", 5), ("key_id", "0" * 16),
        ("signature", b"x" * 64), ("size", 5),
    ],
)  # fmt: skip
def test_an_altered_checkpoint_is_named(mail: Record, column: str, value: Any) -> None:
    size = Checkpoint.objects.order_by("size").first().size  # type: ignore[union-attr]
    change(f"UPDATE records_checkpoint SET {column} = %s WHERE size = %s", value, size)
    fault = first(verify_ledger())
    assert fault.what == "unsigned"
    assert "bears no signature of this installation" in fault.says


def test_an_altered_frontier_is_named(mail: Record) -> None:
    change("UPDATE records_checkpoint SET frontier = %s", b"x" * 64)
    fault = first(verify_ledger())
    assert (fault.what, fault.field) == ("altered", "frontier")


def test_a_deleted_first_checkpoint_is_missed_by_the_next(mail: Record) -> None:
    change("DELETE FROM records_checkpoint WHERE size = (SELECT min(size) FROM records_checkpoint)")
    fault = first(verify_ledger())
    assert (fault.what, fault.field) == ("missing", "checkpoint")


def test_a_deleted_last_checkpoint_leaves_its_leaves_behind(mail: Record) -> None:
    change("DELETE FROM records_checkpoint WHERE size = (SELECT max(size) FROM records_checkpoint)")
    fault = first(verify_ledger())
    assert (fault.what, fault.field) == ("added", "leaf")
    assert "stand under no checkpoint" in fault.says


# --- records ----------------------------------------------------------------------------------

FIELDS = {
    "title": "Mail", "status": "retired", "owner_id": None, "recorded_at": 1, "version": 9, "workflow_version": 2,
    "custom": '{"cost": 5}', "description": "For nobody", "criticality": 4, "in_scope": False, "team_id": None,
}  # fmt: skip


@pytest.mark.parametrize("column", FIELDS)
def test_a_record_changed_by_sql_is_named_with_its_field(mail: Record, column: str) -> None:
    change(f"UPDATE portfolio_service SET {column} = %s WHERE number = %s", FIELDS[column], mail.number)
    verification = verify_ledger()
    fault = first(verification)
    if column == "version":
        assert (fault.what, fault.number, fault.field) == ("missing", mail.number, "version")
    else:
        assert (fault.what, fault.number, fault.field) == ("record_differs", mail.number, column.removesuffix("_id"))
    assert len(verification.faults) == 1


def test_a_field_that_differs_is_shown_beside_the_entry_that_set_it(mail: Record) -> None:
    change("UPDATE portfolio_service SET criticality = 4 WHERE number = %s", mail.number)
    fault = first(verify_ledger())
    assert fault.sequence == sequence_of(mail, 4)
    assert fault.says == (
        f"{mail.number}: “criticality” is “4” in the record, but “1” by entry {sequence_of(mail, 4)}."
    )


def test_a_record_made_by_sql_is_named(mail: Record) -> None:
    with connection.cursor() as cursor:
        names = [column.name for column in connection.introspection.get_table_description(cursor, "portfolio_service")]
    columns = ", ".join(name for name in names if name not in {"id", "number"})
    change(f"INSERT INTO portfolio_service (number, {columns}) SELECT 'SVC-000666', {columns} FROM portfolio_service")
    fault = first(verify_ledger())
    assert (fault.what, fault.number) == ("record_without_ledger", "SVC-000666")


def test_a_record_deleted_by_sql_is_named(mail: Record) -> None:
    change("DELETE FROM portfolio_service WHERE number = %s", mail.number)
    fault = first(verify_ledger())
    assert (fault.what, fault.kind, fault.number) == ("ledger_without_record", "service", mail.number)
    assert fault.sequence == sequence_of(mail, 1)


@pytest.mark.parametrize(
    ("statement", "field"),
    [
        ("UPDATE records_comment SET text = 'Moved to old disks'", "comment"),
        ("UPDATE records_comment SET internal = NOT internal", "comment"),
        ("UPDATE records_comment SET actor = 'PER-000002'", "comment"),
        ("DELETE FROM records_comment", "comment"),
        ("UPDATE records_attachment SET name = 'other.txt'", "attachment"),
        ("UPDATE records_attachment SET sha256 = 'abc'", "attachment"),
        ("UPDATE records_attachment SET internal = NOT internal", "attachment"),
        ("DELETE FROM records_attachment", "attachment"),
        ("UPDATE records_link SET relation = 'blocks'", "link"),
        ("DELETE FROM records_link", "link"),
        ("UPDATE records_participant SET part = 'approver'", "participant"),
        ("DELETE FROM records_participant", "participant"),
    ],
)
def test_what_hangs_on_a_record_is_checked_too(mail: Record, statement: str, field: str) -> None:
    change(statement)
    verification = verify_ledger()
    fault = first(verification)
    assert (fault.what, fault.number, fault.field) == ("attached_differs", mail.number, field)
    assert len(verification.faults) == 1


def test_what_was_taken_off_again_is_not_missed(mail: Record, bob: Person) -> None:
    actions.leave(mail, bob, "watcher", by=SYSTEM)
    actions.join(mail, bob, "approver", by=SYSTEM)
    assert verify_ledger().whole


# --- nonsense ---------------------------------------------------------------------------------


@pytest.fixture
def unchecked(db: None) -> Iterator[None]:
    """A database that lets constraints be broken, until the test ends: all tests share the connection."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        yield
        cursor.execute("PRAGMA ignore_check_constraints = OFF")


@pytest.mark.skipif("connection.vendor == 'postgresql'", reason="PostgreSQL holds columns to their type")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE records_ledgerentry SET because = CAST(x'ff00fe' AS TEXT)",
        "UPDATE records_ledgerentry SET facts = CAST(x'ff00fe' AS TEXT)",
        "UPDATE records_ledgerentry SET facts = 'no json'",
        "UPDATE records_ledgerentry SET facts = x'00'",
        "UPDATE records_ledgerentry SET personal = 'no json'",
        "UPDATE records_ledgerentry SET personal = '{\"title\":5}'",
        "UPDATE records_ledgerentry SET personal = CAST(x'ff00fe' AS TEXT)",
        "UPDATE records_ledgerentry SET recorded_at = 'yesterday'",
        "UPDATE records_ledgerentry SET digest = 'text', seal = 5",
        "UPDATE records_leaf SET digest = 7",
        "UPDATE records_leaf SET sequence = 'a' || sequence",
        "UPDATE records_checkpoint SET sealed_at = 'then'",
        "UPDATE records_checkpoint SET root = 1, signature = 2, frontier = 3, previous = 4",
        "UPDATE portfolio_service SET recorded_at = 'then'",
        "UPDATE portfolio_service SET custom = 'no json'",
        "UPDATE portfolio_service SET title = CAST(x'ff00fe' AS TEXT)",
        "UPDATE records_comment SET text = CAST(x'ff00fe' AS TEXT)",
        "UPDATE records_comment SET happened_at = 'then'",
    ],
)
def test_nonsense_in_a_column_is_a_fault_and_not_a_crash(mail: Record, statement: str, unchecked: None) -> None:
    change(statement)
    verification = verify_ledger()
    assert not verification.whole
    assert all(fault.says.encode() for fault in verification.faults)


# --- whatever it is ---------------------------------------------------------------------------

CELLS = {
    "records_ledgerentry": (
        "sequence", "kind", "number", "version", "verb", "actor", "recorded_at", "happened_at", "facts", "because",
        "personal", "digest", "seal",
    ),
    "records_leaf": ("position", "sequence", "digest"),
    "records_checkpoint": ("size", "root", "previous", "sealed_at", "key_id", "signature", "frontier"),
    "portfolio_service": ("number", "title", "criticality", "description", "recorded_at", "version", "status"),
}  # fmt: skip


def spoilt(value: Any, data: st.DataObject) -> Any:
    """The value with one thing about it changed."""
    if value is None or isinstance(value, int):
        return (value or 0) + data.draw(st.integers(1000, 2000))
    if isinstance(value, str):
        place = data.draw(st.integers(0, max(len(value) - 1, 0)))
        other = data.draw(st.sampled_from([char for char in "0aZ é圭" if char != value[place : place + 1]]))
        return value[:place] + other + value[place + 1 :]
    raw = bytearray(value)
    if not raw:
        return b"\0"
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    return bytes(raw)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_single_cell_can_be_changed(mail: Record, data: st.DataObject) -> None:
    table = data.draw(st.sampled_from(sorted(CELLS)))
    column = data.draw(st.sampled_from(CELLS[table]))
    key = CELLS[table][0]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key}, {column} FROM {table} ORDER BY {key}")
        cells = cursor.fetchall()
    if column == "sequence" and table == "records_ledgerentry":
        cells.pop()  # until it is sealed, nothing depends on the place of the newest entry
    chosen, value = data.draw(st.sampled_from(cells))
    with transaction.atomic():
        change(f"UPDATE {table} SET {column} = %s WHERE {key} = %s", spoilt(value, data), chosen)
        assert not verify_ledger().whole
        transaction.set_rollback(True)
