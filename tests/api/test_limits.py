"""Rate limits: a bucket for each token, one for each address that sends no good token."""

from __future__ import annotations

import pytest
from django.test import Client

from gnomon.api import limits

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """A clock that stands until a test moves it."""
    moment = [1000.0]
    monkeypatch.setattr(limits, "now", lambda: moment[0])
    limits.forget_calls()
    yield moment
    limits.forget_calls()


def test_a_token_is_let_through_as_often_as_it_may_then_told_to_wait(bob, program, clock):
    caller = program(bob, calls_per_minute=3)
    told = [caller.get("me") for _ in range(4)]
    assert [answer.status_code for answer in told] == [200, 200, 200, 429]
    assert [answer["RateLimit-Remaining"] for answer in told] == ["2", "1", "0", "0"]
    assert told[0]["RateLimit-Limit"] == "3"
    assert told[0]["RateLimit-Policy"] == "3;w=60"
    assert told[3]["Retry-After"] == "20"  # three in sixty seconds is one in twenty
    assert told[3]["Content-Type"] == "application/problem+json"
    assert told[3].json()["detail"].endswith(".")
    clock[0] += 19
    assert caller.get("me").status_code == 429
    clock[0] += 1
    assert caller.get("me").status_code == 200
    assert caller.get("me").status_code == 429


def test_one_token_does_not_use_up_what_another_may(bob, alice, program):
    assert [program(bob, calls_per_minute=1).get("me").status_code for _ in range(1)] == [200]
    assert program(alice, calls_per_minute=1).get("me").status_code == 200


def test_processes_share_the_rate(bob, program, settings):
    settings.WEB_PROCESSES = 3
    caller = program(bob, calls_per_minute=6)
    # A third of six for this process.
    assert [caller.get("me").status_code for _ in range(3)] == [200, 200, 429]


def test_an_address_that_guesses_is_held_up_and_good_tokens_from_it_are_not(bobs, settings):
    settings.API_FAILURES_PER_MINUTE = 2
    guess = Client(headers={"Authorization": "Bearer gnomon_x"})
    assert [guess.get("/api/v1/me").status_code for _ in range(3)] == [401, 401, 429]
    assert guess.get("/api/v1/me")["Retry-After"] == "30"
    assert Client().get("/api/v1/me").status_code == 429
    assert Client().get("/api/v1/me", REMOTE_ADDR="10.0.0.9").status_code == 401
    assert bobs.get("me").status_code == 200


def test_what_is_remembered_of_addresses_has_a_bound(settings, monkeypatch):
    monkeypatch.setattr(limits, "REMEMBERED", 5)
    for n in range(20):
        Client().get("/api/v1/me", REMOTE_ADDR=f"10.0.0.{n}")
    assert len(limits._buckets) == 5


def test_a_limit_costs_no_query(bobs, django_assert_num_queries):
    bobs.get("me")
    with django_assert_num_queries(2):  # the token with its person, and the teams
        bobs.get("me")
