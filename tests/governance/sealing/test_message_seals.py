"""What people were told and read is sealed, hour by hour; whatever is altered, taken or put in later is named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from django.db import connection, transaction
from django.db.models import Model
from tests.governance.notices.working import tell
from tests.makers import a_person

from gnomon.governance.kinds import erasure as ERASURE
from gnomon.governance.models import Message, MessageSeal, Receipt
from gnomon.governance.sealing.messages import LAG, altered_seals, seal_messages
from gnomon.governance.sealing.words import blank, commit
from gnomon.organization.models import Person
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.ledger.canonical import canonical
from gnomon.records.ledger.verification import verify_ledger
from gnomon.records.models import LedgerEntry

pytestmark = [pytest.mark.django_db, pytest.mark.clause("7.4")]
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def eve() -> Person:
    return a_person("Eve Stone", username="eve")


def told(person: Person, at: datetime, *, read: datetime | None = None) -> Receipt:
    cause = f"{person.number}/{at}"
    tell([person.number], about=None, what="other", title="Word", cause=cause)
    Message.objects.filter(cause=cause).update(told_at=at)
    Receipt.objects.filter(message__cause=cause).update(read_at=read)
    return Receipt.objects.get(message__cause=cause)


def sealed(until: datetime = NOW) -> MessageSeal:
    seal = seal_messages(until=until)
    assert seal is not None
    return seal


def test_a_seal_tells_how_much_was_told_and_read_and_the_next_goes_on_from_it(eve: Person) -> None:
    told(eve, NOW - timedelta(hours=2), read=NOW + timedelta(minutes=30))
    told(eve, NOW - timedelta(hours=1), read=NOW - timedelta(minutes=5))
    young = told(eve, NOW + timedelta(minutes=1))

    first = sealed()
    second = sealed(NOW + timedelta(hours=1))

    assert (first.told, first.read, second.told, second.read) == (2, 1, 1, 1)
    assert (second.receipts_after, second.receipts_to) == (first.receipts_to, young.pk)
    assert second.read_after == first.sealed_until == NOW


def test_where_nothing_was_told_nothing_is_sealed(eve: Person) -> None:
    assert seal_messages(until=NOW) is None
    told(eve, NOW - timedelta(hours=1))
    sealed()
    assert seal_messages(until=NOW) is None
    assert seal_messages(until=NOW + timedelta(hours=1)) is None


def test_what_is_younger_than_any_transaction_waits(eve: Person) -> None:
    told(eve, datetime.now(UTC) - LAG + timedelta(minutes=1))
    assert seal_messages() is None
    told(eve, datetime.now(UTC) - LAG - timedelta(minutes=1))
    assert seal_messages() is None, "it came after one that waits"


def read_earlier(receipt: Receipt) -> None:
    Receipt.objects.filter(pk=receipt.pk).update(read_at=NOW - timedelta(days=1))


def never_read(receipt: Receipt) -> None:
    Receipt.objects.filter(pk=receipt.pk).update(read_at=None)


def told_to_another(receipt: Receipt) -> None:
    Receipt.objects.filter(pk=receipt.pk).update(person="PER-000042")


def told_earlier(receipt: Receipt) -> None:
    Message.objects.filter(pk=receipt.message_id).update(told_at=NOW - timedelta(days=9))


def about_another(receipt: Receipt) -> None:
    Message.objects.filter(pk=receipt.message_id).update(number="RSP-000007", kind="responsibility")


def taken_away(receipt: Receipt) -> None:
    receipt.delete()


def put_in(receipt: Receipt) -> None:
    Receipt.objects.create(pk=receipt.pk - 1, message_id=receipt.message_id, person="PER-000099")


@pytest.mark.parametrize(
    "attack", [read_earlier, never_read, told_to_another, told_earlier, about_another, taken_away, put_in]
)
def test_whoever_alters_what_was_told_is_noticed(eve: Person, attack: object) -> None:
    told(eve, NOW - timedelta(hours=2)).delete()  # leaves a key free
    receipt = told(eve, NOW - timedelta(hours=1), read=NOW - timedelta(minutes=5))
    seal = sealed()
    assert list(altered_seals()) == []

    attack(receipt)  # type: ignore[operator]

    assert [each.number for each in altered_seals()] == [seal.number]
    assert seal.number in {fault.number for fault in verify_ledger(files="none").faults}


def test_reading_later_is_no_fault_of_an_earlier_seal(eve: Person) -> None:
    receipt = told(eve, NOW - timedelta(hours=1))
    sealed()
    Receipt.objects.filter(pk=receipt.pk).update(read_at=NOW + timedelta(days=1))
    assert list(altered_seals()) == []


# --- the words ----------------------------------------------------------------------------------


def faults() -> list[str]:
    return [fault.says for fault in verify_ledger(files="none").faults]


@pytest.fixture
def word(eve: Person) -> Message:
    """A message of an hour ago, sealed since; its words may still be erased."""
    receipt = told(eve, NOW - timedelta(hours=1))
    sealed()
    return receipt.message


def an_erasure(person: Person) -> str:
    return str(actions.record(ERASURE, by=SYSTEM, person=person, reason="Letter of 2026-01-05").number)


OTHERS = ({"titles": {"en": "Other", "zh-hans": "别的"}}, {"text": "Other"}, {"texts": {"en": "Other"}})


@pytest.mark.parametrize("other", [*OTHERS, {"salt": "x"}, {"salt": ""}], ids=str)
def test_words_that_are_altered_are_named(word: Message, other: dict[str, object]) -> None:
    assert faults() == []
    Message.objects.filter(pk=word.pk).update(**other)
    assert faults() == [f"—: the words of message {word.pk} are not those that were told."]


def test_other_words_under_a_commitment_of_their_own_are_not_what_was_sealed(word: Message) -> None:
    word.text = "Other"
    commit(word).save()
    assert faults() == ["MSL-000001: who was told of what, or read it when, is no longer what was sealed."]


def test_words_without_their_commitment_are_not_what_was_sealed(word: Message) -> None:
    Message.objects.filter(pk=word.pk).update(text="Other", salt="", commitment="")
    assert faults() == ["MSL-000001: who was told of what, or read it when, is no longer what was sealed."]


@pytest.mark.skipif("connection.vendor == 'postgresql'", reason="PostgreSQL holds columns to their type")
@pytest.mark.parametrize("column", ["titles", "text", "texts", "salt"])
@pytest.mark.parametrize("nonsense", [b"\xff\xfe", "no sense", 0.5], ids=str)
def test_nonsense_in_place_of_words_is_named(word: Message, column: str, nonsense: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        cursor.execute(f"UPDATE governance_message SET {column} = %s", [nonsense])
        cursor.execute("PRAGMA ignore_check_constraints = OFF")
    assert faults() == [f"—: the words of message {word.pk} are not those that were told."]


@pytest.mark.skipif("connection.vendor == 'postgresql'", reason="PostgreSQL holds columns to their type")
@pytest.mark.parametrize("table", [Message, Receipt], ids=lambda one: one.__name__)
def test_nonsense_in_any_other_column_is_named(eve: Person, table: type[Model]) -> None:
    told(eve, NOW - timedelta(hours=1), read=NOW - timedelta(minutes=30))
    sealed()
    unnoticed = set()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
    for part in table._meta.concrete_fields[1:]:
        for nonsense in (b"\xff\xfe", "no sense", 0.5):
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"UPDATE {table._meta.db_table} SET {part.column} = %s", [nonsense])
                if not faults():
                    unnoticed.add((part.name, nonsense))
                transaction.set_rollback(True)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = OFF")
    assert unnoticed == set()


def test_an_erasure_blanks_words_and_leaves_all_seals_whole(eve: Person, word: Message) -> None:
    case = an_erasure(eve)
    blank([word.pk], case=case, by=SYSTEM)
    assert faults() == []
    word.refresh_from_db()
    assert (word.titles, word.text, word.texts, word.salt) == ({"en": "—", "zh-hans": "—"}, "", {}, "")
    entry = LedgerEntry.objects.get(number=case, verb="erasure:blanked")
    assert entry.changes == {"erased_messages": [None, [word.pk]]}


def test_words_that_somebody_else_blanked_are_named(eve: Person, word: Message) -> None:
    Message.objects.filter(pk=word.pk).update(titles={"en": "—", "zh-hans": "—"}, text="", texts={}, salt="")
    assert faults() == [f"—: the words of message {word.pk} were taken out, but no entry tells of an erasure."]


@pytest.mark.parametrize("again", [*OTHERS, {"salt": "x"}], ids=str)
def test_words_that_were_erased_and_are_there_again_are_named(
    eve: Person, word: Message, again: dict[str, object]
) -> None:
    blank([word.pk], case=an_erasure(eve), by=SYSTEM)
    Message.objects.filter(pk=word.pk).update(**again)
    assert faults() == [f"—: the words of message {word.pk} were erased, and are there again."]


def test_a_message_of_before_words_were_committed_to_is_verified_as_it_was(eve: Person) -> None:
    receipt = told(eve, NOW - timedelta(hours=1))
    Message.objects.filter(pk=receipt.message_id).update(salt="", commitment="")
    seal = sealed()
    # one line for each receipt, by hand: key, person, suppressed, told at, the rest of the message without its words
    message = receipt.message
    row = [
        receipt.pk,
        eve.number,
        False,
        1772438400000,
        message.pk,
        message.cause,
        "other",
        "",
        "",
        "",
        [],
        False,
        False,
        "",
    ]
    assert seal.told_digest == sha256(canonical(row) + b"\n").hexdigest()
    assert faults() == []

    blank([message.pk], case=an_erasure(eve), by=SYSTEM)
    assert faults() == []
    Message.objects.filter(pk=message.pk).update(text="There again")
    assert faults() == [f"—: the words of message {message.pk} were erased, and are there again."]


def test_nobody_makes_a_seal_by_hand(olga: Person) -> None:
    from gnomon.governance.sealing.kinds import message_seal
    from gnomon.records.permissions import may

    assert not may(olga, "create", message_seal)
    assert may(olga, "read", message_seal)
