"""Tokens: a program acts as a person, for a while."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from tests.makers import a_person

from gnomon.organization.actions import make_token, revoke_token, rotate_token, use_token
from gnomon.organization.models import AccessToken, Person
from gnomon.organization.queries import person_of_token, token_of
from gnomon.organization.scopes import permits
from gnomon.records.actions import move
from gnomon.records.models import LedgerEntry
from gnomon.records.queries import history
from gnomon.records.refusals import InvalidFacts, NotAllowed

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_a_token_opens_as_its_person(bob):
    made, text = make_token(bob, name="monitoring", by=bob)
    assert person_of_token(text) == bob
    assert token_of(text).scopes == ["*:read", "*:write"]
    assert text.startswith(made.prefix)


def test_the_text_of_a_token_is_kept_nowhere(bob):
    _made, text = make_token(bob, name="monitoring", by=bob)
    kept = repr(list(AccessToken.objects.values())) + repr(list(LedgerEntry.objects.values_list("facts")))
    assert text not in kept
    # what lies between prefix and end is not there either
    assert text[len("gnomon_") + 6 :] not in kept


def test_no_two_tokens_are_alike_and_each_holds_32_random_bytes(bob):
    texts = {make_token(bob, name=f"n{n}", by=bob)[1] for n in range(5)}
    assert len(texts) == 5
    # 32 bytes in base64 without padding are 43 signs
    assert {len(text.removeprefix("gnomon_")) for text in texts} == {43}


@pytest.mark.parametrize("text", ["", "gnomon_", "gnomon_" + "x" * 43, "Bearer something", "gnomon_" + "汉" * 9])
def test_other_texts_open_nothing(bob, text):
    make_token(bob, name="monitoring", by=bob)
    assert person_of_token(text) is None


def test_a_revoked_token_opens_nothing_and_says_so_in_the_ledger(bob):
    made, text = make_token(bob, name="monitoring", by=bob)
    revoke_token(made, by=bob)
    revoke_token(made, by=bob)
    assert person_of_token(text) is None
    verbs = list(LedgerEntry.objects.filter(number=bob.number).values_list("verb", flat=True))
    assert verbs == ["person:recorded", "person:token:made", "person:token:revoked"]


def test_a_token_ends_when_its_time_is_over(bob, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    _made, text = make_token(bob, name="monitoring", by=bob, expires_at=NOON + timedelta(days=30))
    monkeypatch.setattr(timezone, "now", lambda: NOON + timedelta(days=30, seconds=-1))
    assert person_of_token(text) == bob
    monkeypatch.setattr(timezone, "now", lambda: NOON + timedelta(days=30))
    assert person_of_token(text) is None


def test_a_token_without_an_end_ends_after_a_year(bob, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    assert make_token(bob, name="monitoring", by=bob)[0].expires_at == NOON + timedelta(days=365)


def test_the_tokens_of_whoever_left_open_nothing(bob, olga):
    _made, text = make_token(bob, name="monitoring", by=bob)
    move(bob, "leave", by=olga, because="New job")
    assert person_of_token(text) is None


def test_tokens_are_made_by_their_person_or_an_administrator(bob, carol, olga):
    with pytest.raises(NotAllowed):
        make_token(bob, name="monitoring", by=carol)
    made, _text = make_token(bob, name="monitoring", by=olga)
    with pytest.raises(NotAllowed):
        revoke_token(made, by=carol)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "a", "scopes": []}, "scopes"),
        ({"name": "a", "scopes": ["everything"]}, "scopes"),
        ({"name": "a", "scopes": ["ticket:read"]}, "scopes"),
        ({"name": "a", "scopes": ["incident:delete"]}, "scopes"),
        ({"name": "a", "calls_per_minute": 0}, "calls_per_minute"),
        ({"name": "a", "expires_at": datetime(2020, 1, 1, tzinfo=UTC)}, "expires_at"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_field(bob, facts, field):
    with pytest.raises(InvalidFacts) as refused:
        make_token(bob, by=bob, **facts)
    assert list(refused.value.fields) == [field]


def test_a_name_is_used_once_until_it_is_revoked(bob):
    made, _text = make_token(bob, name="monitoring", by=bob)
    with pytest.raises(InvalidFacts, match="already"):
        make_token(bob, name="monitoring", by=bob)
    revoke_token(made, by=bob)
    make_token(bob, name="monitoring", by=bob)


def test_whoever_cannot_sign_in_gets_no_token(olga):
    gone = a_person(access_until=datetime(2020, 1, 1, tzinfo=UTC).date())
    with pytest.raises(InvalidFacts, match="cannot sign in"):
        make_token(gone, name="monitoring", by=olga)


def test_use_is_noted_now_and_then_not_with_each_call(bob, monkeypatch, django_assert_num_queries):
    _made, text = make_token(bob, name="monitoring", by=bob)
    token = token_of(text)
    use_token(token)
    with django_assert_num_queries(0):
        use_token(token)
    with django_assert_num_queries(1):
        assert token_of(text).last_used_at is not None


# --- scopes, rotation -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scopes", "needed", "permitted"),
    [
        (["incident:read"], "incident:read", True), (["incident:read"], "incident:write", False),
        (["incident:write"], "incident:read", False), (["incident:read"], "service:read", False),
        (["*:read"], "service:read", True), (["*:read"], "service:write", False), (["read"], "service:read", True),
        (["*:read", "*:write"], "admin", False), (["admin"], "incident:read", False), (["admin"], "admin", True),
        ([], "incident:read", False), ([], "", True),
    ],
)  # fmt: skip
def test_a_scope_permits_its_own_kind_and_verb_and_no_other(scopes, needed, permitted):
    assert permits(scopes, needed) is permitted


def test_a_rotated_token_has_a_new_text_and_the_old_one_is_good_for_an_hour_more(bob, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    token, old = make_token(bob, name="monitoring", by=bob, expires_at=NOON + timedelta(days=30))
    monkeypatch.setattr(timezone, "now", lambda: NOON + timedelta(days=10))
    _token, new = rotate_token(token, by=bob)
    assert (person_of_token(old), person_of_token(new)) == (bob, bob)
    token.refresh_from_db()
    assert token.expires_at == NOON + timedelta(days=40)  # thirty days of life, from the tenth day on
    monkeypatch.setattr(timezone, "now", lambda: NOON + timedelta(days=10, hours=1))
    assert (person_of_token(old), person_of_token(new)) == (None, bob)
    entry = history(Person.objects.get(pk=bob.pk))[-1]
    assert (entry.verb, old in entry.facts, new in entry.facts) == ("person:token:rotated", False, False)


def test_a_revoked_token_opens_nothing_by_its_former_text_either(bob, olga):
    token, old = make_token(bob, name="monitoring", by=bob)
    _token, new = rotate_token(token, by=bob)
    revoke_token(token, by=bob)
    assert (person_of_token(old), person_of_token(new)) == (None, None)
    with pytest.raises(InvalidFacts, match="was revoked"):
        rotate_token(token, by=bob)


def test_nobody_rotates_the_token_of_another(bob, carol):
    token, _text = make_token(bob, name="monitoring", by=bob)
    with pytest.raises(NotAllowed):
        rotate_token(token, by=carol)
