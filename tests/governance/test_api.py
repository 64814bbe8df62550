"""What I was told, for programs and at the terminal."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from tests.governance.notices.working import tell

from gnomon.governance.notices import latest, unread_count
from gnomon.organization.actions import make_token
from gnomon.records.actors import SYSTEM

pytestmark = pytest.mark.django_db
MESSAGES = "/api/v1/messages"


@pytest.fixture
def bobs(bob):
    _token, secret = make_token(bob, name="test", by=SYSTEM, scopes=["read", "write"])
    return Client(headers={"Authorization": f"Bearer {secret}"})


def say(person, cause):
    tell([person.number], about=None, what="other", title=f"Word {cause}", cause=cause)


def test_messages_come_in_pages_and_are_marked_as_read(bob, alice, bobs):
    for cause in "abc":
        say(bob, cause)
    say(alice, "secret")
    first = bobs.get(f"{MESSAGES}?limit=2").json()
    assert ([one["title"] for one in first["messages"]], first["unread"]) == (["Word c", "Word b"], 3)
    rest = bobs.get(f"{MESSAGES}?limit=2&before={first['next']}").json()
    assert ([one["title"] for one in rest["messages"]], rest["next"]) == (["Word a"], None)
    read = f"{MESSAGES}/read"
    keys = json.dumps({"keys": [latest(alice)[0].pk, rest["messages"][0]["key"]]})
    assert bobs.post(read, keys, content_type="application/json").json() == {"marked": 1}
    assert bobs.post(read, "{}", content_type="application/json").json() == {"marked": 2}
    assert (unread_count(bob), unread_count(alice)) == (0, 1)


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "limit=9999", "before=x", "before=-1"])
def test_nonsense_is_answered_with_a_sentence(bobs, query):
    answer = bobs.get(f"{MESSAGES}?{query}")
    assert answer.status_code == 422
    assert answer.json()["detail"].endswith(".")


def test_nobody_without_a_token_is_told(nobody_browser):
    assert nobody_browser.get(MESSAGES).status_code == 401
