"""People are told of something once for each cause, and only what they may know (7.4)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from tests.governance.notices.working import tell
from tests.makers import a_person
from tests.resolution.makers import an_incident

from gnomon.governance.models import Message, Receipt
from gnomon.governance.notices import latest, mark_read, unread_count
from gnomon.records import actions
from gnomon.records.actors import SYSTEM

pytestmark = [pytest.mark.django_db, pytest.mark.clause("7.4")]


@pytest.fixture
def outage(bob, carol):
    return an_incident("No mail", requester=carol, by=bob)


def told(person):
    return [receipt.message.cause for receipt in latest(person)]


def say(people, outage, cause="outage/1", **more):
    tell([one.number for one in people], about=outage, what="test", title="Look", cause=cause, **more)


def test_each_person_is_told_once_for_one_cause_however_often_it_is_said(outage, bob, carol, alice):
    say([bob, carol], outage)
    say([bob, bob, alice], outage)
    assert told(bob) == told(carol) == told(alice) == ["outage/1"]
    assert (Message.objects.count(), Receipt.objects.count()) == (1, 3)


def test_whose_access_has_ended_is_told_no_more_by_a_process_that_knew_them(outage, carol, monkeypatch):
    """The worker runs for weeks; whoever may come in until today is nobody to be told tomorrow."""
    carol.access_until = timezone.localdate()
    carol.save(update_fields=["access_until"])
    say([carol], outage, "outage/today")
    tomorrow = timezone.localdate() + timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda: tomorrow)
    say([carol], outage, "outage/tomorrow")
    assert told(carol) == ["outage/today"]


def test_another_cause_is_another_message(outage, bob):
    say([bob], outage, "outage/1")
    say([bob], outage, "outage/2")
    assert told(bob) == ["outage/2", "outage/1"]
    assert unread_count(bob) == 2


def test_nothing_is_told_when_the_cause_is_taken_back(outage, bob):
    with transaction.atomic():
        say([bob], outage)
        transaction.set_rollback(True)
    assert told(bob) == []


def test_a_title_is_kept_in_both_languages_with_its_gaps_filled(outage, bob):
    tell([bob.number], about=outage, what="test", title=_("%(n)s yes"), n=_("yes"), cause="c")
    tell([bob.number], about=outage, what="test", title=_("Incident"), cause="d")
    message = latest(bob)[0].message
    assert message.titles == {"en": "Incident", "zh-hans": "事件"}
    with translation.override("zh-hans"):
        assert str(message) == "事件"
    assert latest(bob)[1].message.titles["zh-hans"] == "是 yes"


def test_whoever_did_it_is_not_told_of_it(outage, bob, alice):
    say([bob, alice], outage, by=bob.number)
    assert (told(bob), told(alice)) == ([], ["outage/1"])


def test_eve_is_not_told_of_what_she_may_not_see(outage, eve):
    say([eve], outage)
    assert told(eve) == []


def test_a_requester_is_told_of_her_own_but_not_what_is_said_among_staff(outage, bob, carol):
    say([bob, carol], outage, "public")
    say([bob, carol], outage, "secret", internal=True)
    assert (told(carol), told(bob)) == (["public"], ["secret", "public"])


def test_another_requester_is_not_told_of_carols_incident(outage):
    say([somebody := a_person("Tom Else", username="tom", roles=["requester"])], outage)
    assert told(somebody) == []


def test_whoever_left_is_not_told(outage, alice):
    actions.move(alice, "leave", by=SYSTEM, because="Left the house")
    say([alice], outage)
    assert told(alice) == []


def test_unknown_numbers_and_the_system_itself_are_passed_over(outage):
    tell(["system", "PER-999999", ""], about=outage, what="test", title="Look", cause="c")
    assert not Message.objects.exists()


def test_a_message_about_no_record_goes_where_its_address_says(bob):
    tell([bob.number], about=None, what="test", title="Look", cause="c", url="/governance/messages")
    assert latest(bob)[0].message.url == "/governance/messages"


def test_a_cause_without_end_is_refused(outage, bob):
    with pytest.raises(ValueError, match="at most 200"):
        say([bob], outage, "x" * 201)


def test_reading_is_remembered_for_oneself_alone(outage, bob, alice):
    say([bob, alice], outage)
    assert mark_read(bob) == 1
    assert (unread_count(bob), unread_count(alice)) == (0, 1)
    assert mark_read(bob, [latest(alice)[0].pk]) == 0
    assert unread_count(alice) == 1


def test_telling_many_costs_as_many_queries_as_telling_two(outage, django_assert_num_queries):
    staff = [a_person(f"Person {n}", username=f"p{n}", roles=["agent"]) for n in range(12)]
    numbers = [one.number for one in staff]
    # people, message, how much was told lately, receipts; and a savepoint around them
    with django_assert_num_queries(6):
        tell(numbers[:2], about=outage, what="test", title="Look", cause="few")
    with django_assert_num_queries(6):
        tell(numbers, about=outage, what="test", title="Look", cause="many")


def test_too_much_about_one_record_is_held_back_with_one_word_about_it(outage, bob, alice):
    for n in range(23):
        say([bob], outage, f"c{n}")
    say([alice], outage, "c0")
    titles = [receipt.message.titles["en"] for receipt in latest(bob)]
    assert titles[1:] == ["Look"] * 20
    assert titles[0].startswith("So much happens to INC-000001")
    assert Receipt.objects.filter(person=bob.number, suppressed=True).count() == 3
    assert unread_count(bob) == 21
    assert told(alice) == ["c0"]


def test_what_is_urgent_is_held_back_later(outage, bob):
    for n in range(25):
        say([bob], outage, f"c{n}", urgent=True)
    assert len(told(bob)) == 25
