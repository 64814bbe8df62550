"""What people were told and read is sealed, hour by hour; whatever is altered, taken or put in later is named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.governance.notices.working import tell
from tests.makers import a_person

from gnomon.governance.models import Message, MessageSeal, Receipt
from gnomon.governance.sealing.messages import LAG, altered_seals, seal_messages
from gnomon.organization.models import Person
from gnomon.records.ledger.verification import verify_ledger

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


def test_words_may_be_blanked_by_an_erasure(eve: Person) -> None:
    receipt = told(eve, NOW - timedelta(hours=1))
    sealed()
    Message.objects.filter(pk=receipt.message_id).update(titles={"en": "—"}, text="")
    assert list(altered_seals()) == []


def test_nobody_makes_a_seal_by_hand(olga: Person) -> None:
    from gnomon.governance.sealing.kinds import message_seal
    from gnomon.records.permissions import may

    assert not may(olga, "create", message_seal)
    assert may(olga, "read", message_seal)
