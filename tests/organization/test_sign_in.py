"""Getting in with a password, and the limit on guessing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import authenticate
from django.utils import timezone
from tests.makers import a_person

from gnomon.organization import actions
from gnomon.organization.models import Person, SignInFailures
from gnomon.organization.queries import locked_until
from gnomon.records.models import LedgerEntry
from gnomon.records.refusals import InvalidFacts, NotAllowed

pytestmark = pytest.mark.django_db

RIGHT = "seven small stones"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Clock:
    """Time that moves only when told to."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(monkeypatch):
    frozen = Clock(NOON)
    monkeypatch.setattr(timezone, "now", frozen)
    return frozen


@pytest.fixture
def ada():
    return a_person("Ada Byron", username="ada", password=RIGHT)


def attempt(password, username="ada"):
    return authenticate(None, username=username, password=password)


def test_name_and_password_open_the_door(ada):
    assert attempt(RIGHT) == ada
    assert attempt(RIGHT, username=" ADA ") == ada


def test_a_wrong_password_an_unknown_name_and_nothing_at_all_open_nothing(ada):
    assert attempt("guess") is None
    assert attempt(RIGHT, username="nobody") is None
    assert attempt("") is None
    assert authenticate(None, username="", password="") is None
    assert attempt("guess", username="a\x00b") is None  # which PostgreSQL cannot even be asked for


def test_people_without_a_password_cannot_be_entered_with_an_empty_one():
    a_person(username="caller")
    assert attempt("", username="caller") is None


def test_an_unknown_name_costs_one_hash_like_a_known_one(ada, monkeypatch):
    hashed = []
    from django.contrib.auth.hashers import MD5PasswordHasher

    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *args: hashed.append(1) or encode(*args))
    attempt("guess")
    known, hashed[:] = len(hashed), []
    attempt("guess", username="nobody")
    assert len(hashed) == known == 1


def test_whoever_left_does_not_come_in(ada, olga):
    from gnomon.records.actions import move

    move(ada, "leave", by=olga, because="New job")
    assert attempt(RIGHT) is None


def test_after_five_wrong_passwords_even_the_right_one_waits_fifteen_minutes(ada, clock):
    for _again in range(5):
        attempt("guess")
    assert locked_until("ADA") == NOON + timedelta(minutes=15)
    assert attempt(RIGHT) is None
    clock.now += timedelta(minutes=14, seconds=59)
    assert attempt(RIGHT) is None
    clock.now += timedelta(seconds=1)
    assert attempt(RIGHT) == ada


def test_the_fifth_attempt_may_still_be_the_right_one(ada, clock):
    for _again in range(4):
        attempt("guess")
    assert attempt(RIGHT) == ada
    assert locked_until("ada") is None
    # and the count begins anew: four more wrong ones lock nobody out
    for _again in range(4):
        attempt("guess")
    assert attempt(RIGHT) == ada


def test_wrong_passwords_long_apart_are_no_guessing(ada, clock):
    for _again in range(10):
        attempt("guess")
        clock.now += timedelta(minutes=15)
    assert locked_until("ada") is None


def test_waiting_out_a_lock_gives_five_attempts_again(ada, clock):
    for _again in range(5):
        attempt("guess")
    clock.now += timedelta(minutes=15)
    attempt("guess")
    assert locked_until("ada") is None


def test_names_that_do_not_exist_are_locked_out_alike(clock):
    for _again in range(5):
        attempt("guess", username="nobody")
    assert locked_until("nobody") == NOON + timedelta(minutes=15)


def test_a_lock_out_is_written_down_once(ada, clock):
    for _again in range(9):
        attempt("guess")
    noted = LedgerEntry.objects.filter(number=ada.number, verb="person:locked_out")
    assert [entry.changes["until"] for entry in noted] == [[None, "2026-03-02T12:15:00.000Z"]]


def test_attempts_sent_at_once_are_counted_before_passwords_are_looked_at(ada, clock):
    allowed = [actions.begin_attempt("ada").allowed for _again in range(100)]
    assert sum(allowed) == 5


def test_what_was_typed_as_a_name_is_not_kept(clock):
    attempt("guess", username=RIGHT)
    assert RIGHT not in repr(list(SignInFailures.objects.values()))


def test_old_failures_are_forgotten(clock):
    attempt("guess", username="first")
    clock.now += timedelta(days=1, seconds=1)
    attempt("guess", username="second")
    assert SignInFailures.objects.count() == 1


@pytest.mark.parametrize(
    ("password", "because"),
    [
        ("short", "too short"),
        ("password123", "too common"),
        ("83620957113", "entirely numeric"),
        ("adabyron12", "too similar"),
    ],
)
def test_weak_passwords_are_refused_with_the_reason(ada, password, because):
    with pytest.raises(InvalidFacts, match=because):
        actions.change_own_password(ada, RIGHT, password)


def test_reasons_are_given_in_chinese_to_those_who_read_it(ada):
    from django.utils import translation

    with translation.override("zh-hans"), pytest.raises(InvalidFacts) as refused:
        actions.change_own_password(ada, RIGHT, "short")
    assert "密码" in refused.value.fields["password"]


def test_ones_own_password_changes_only_with_the_present_one(ada):
    with pytest.raises(InvalidFacts, match="present password"):
        actions.change_own_password(ada, "guess", "eight large stones")
    actions.change_own_password(ada, RIGHT, "eight large stones")
    assert attempt("eight large stones") == ada
    assert attempt(RIGHT) is None
    entry = LedgerEntry.objects.filter(number=ada.number).last()
    assert (entry.verb, entry.actor, entry.facts) == ("person:password:changed", ada.number, "{}")


def test_only_administrators_give_passwords_to_others(ada, bob, olga):
    with pytest.raises(NotAllowed):
        actions.give_password(ada, "eight large stones", by=bob)
    actions.give_password(ada, "eight large stones", by=olga)
    assert attempt("eight large stones") == ada


def test_people_change_their_own_settings_and_nothing_more(carol):
    actions.change_own_settings(carol, language="zh-hans", time_zone="Asia/Tokyo")
    entry = LedgerEntry.objects.filter(number=carol.number).last()
    assert (entry.verb, entry.actor) == ("person:changed", carol.number)
    assert Person.objects.get(pk=carol.pk).language == "zh-hans"
    with pytest.raises(NotAllowed, match="roles"):
        actions.change_own_settings(carol, roles=["administrator"])
