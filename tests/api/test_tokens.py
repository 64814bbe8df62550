"""Tokens made by programs: never more than the asking one holds, shown once, kept by no Idempotency-Key."""

from __future__ import annotations

import pytest
from tests.api.conftest import Program

from gnomon.api.models import KeptAnswer
from gnomon.organization.models import AccessToken
from gnomon.organization.queries import token_of
from gnomon.records.queries import history

pytestmark = pytest.mark.django_db
ADMIN = ["admin", "incident:read", "incident:write"]


@pytest.fixture
def keeper(bob, program):
    return program(bob, scopes=ADMIN)


def test_a_token_is_made_with_its_scopes_and_opens_what_they_name(bob, keeper):
    made = keeper.post("tokens", {"name": "chat", "scopes": ["incident:read"], "days": 30, "calls_per_minute": 60})
    assert made.status_code == 201
    told = made.json()
    token = token_of(told["token"])
    assert (token.person, token.scopes, token.calls_per_minute) == (bob, ["incident:read"], 60)
    assert Program(told["token"]).get("incidents").status_code == 200
    assert Program(told["token"]).post("incidents", {"title": "x"}).status_code == 403
    assert history(bob)[-1].verb == "person:token:made"
    assert "token" not in keeper.get("tokens").json()[0]


@pytest.mark.parametrize("scopes", [["*:read"], ["service:read"], ["incident:read", "*:write"]])
def test_no_token_gives_what_it_does_not_hold(keeper, scopes):
    answer = keeper.post("tokens", {"name": "wide", "scopes": scopes})
    assert answer.status_code == 403
    assert "does not hold" in answer.json()["detail"]
    assert AccessToken.objects.count() == 1


def test_rotation_gives_a_new_text_and_ends_the_former_in_time(keeper):
    made = keeper.post("tokens", {"name": "chat", "scopes": ["incident:read"]}).json()
    again = keeper.post(f"tokens/{made['key']}/rotate", {"overlap_minutes": 0}).json()
    assert again["token"] != made["token"]
    assert token_of(again["token"]).pk == made["key"]
    assert token_of(made["token"]) is None
    assert Program(again["token"]).get("incidents").status_code == 200


def test_a_narrow_token_cannot_take_over_a_wide_one(bob, keeper, program):
    wide = program(bob, scopes=["*:read", "*:write"], calls_per_minute=900)
    key = AccessToken.objects.get(scopes=["*:read", "*:write"]).pk
    assert keeper.post(f"tokens/{key}/rotate", {}).status_code == 403
    assert wide.get("me").status_code == 200


def test_a_revoked_token_opens_nothing(keeper):
    made = keeper.post("tokens", {"name": "chat", "scopes": ["incident:read"]}).json()
    assert keeper.client.delete(f"/api/v1/tokens/{made['key']}").status_code == 204
    assert Program(made["token"]).get("me").status_code == 401
    assert keeper.client.delete(f"/api/v1/tokens/{made['key']}").status_code == 404


def test_tokens_of_others_do_not_exist_and_without_the_scope_none_do(keeper, bobs, carol, program):
    program(carol, scopes=["*:read"], calls_per_minute=9)
    others = AccessToken.objects.get(person=carol).pk
    assert keeper.post(f"tokens/{others}/rotate", {}).status_code == 404
    assert bobs.get("tokens").status_code == 403
    assert bobs.post("tokens", {"name": "x"}).status_code == 403


def test_no_answer_with_a_token_in_it_is_kept(keeper):
    made = keeper.post("tokens", {"name": "chat", "scopes": ["incident:read"]}, Idempotency_Key="k-1")
    assert made.status_code == 201
    assert made["Cache-Control"] == "no-store"
    assert not KeptAnswer.objects.exists()
    again = keeper.post("tokens", {"name": "chat", "scopes": ["incident:read"]}, Idempotency_Key="k-1")
    assert again.status_code == 422
    assert "already" in again.json()["detail"]
