"""Addresses that apps add to REST: found, permitted, described."""

from __future__ import annotations

import pytest
from ninja import NinjaAPI, Router
from tests.resolution.makers import an_incident

from gnomon.api import errors
from gnomon.api.operations import add_endpoint
from gnomon.organization.actions import make_token
from gnomon.organization.kinds import PERSON
from gnomon.organization.models import AccessToken
from gnomon.records.endpoints import Call, Endpoint, Given
from gnomon.records.refusals import InvalidFacts

pytestmark = pytest.mark.django_db


def test_whoever_calls_is_told_who_they_are(bobs, bob):
    told = bobs.get("me").json()
    assert (told["number"], told["roles"], told["teams"]) == (bob.number, ["agent"], [])


class Wave(Given):
    hand: str


def test_an_endpoint_gets_the_record_the_body_and_the_parts_of_its_address(bob, rf):
    seen: list[Call] = []

    def wave(call: Call) -> dict[str, str]:
        seen.append(call)
        return {"waved": call.given["hand"]}

    endpoint = Endpoint("wave_person", "post", "wave/{to}", wave, "Wave", kind="person", takes=Wave, status=201)
    _token, key = make_token(bob, name="waving", by=bob)
    router, api = Router(), NinjaAPI(urls_namespace="waving")
    errors.install(api)
    add_endpoint(router, endpoint, PERSON)
    api.add_router("/people", router)
    pattern = next(p for p in api.urls[0] if "wave" in str(p.pattern))

    def call(number: str, body: str):
        request = rf.post("/people", body, content_type="application/json", headers={"Authorization": f"Bearer {key}"})
        return pattern.callback(request, number=number, to="alice")

    answer = call(bob.number, '{"hand": "left"}')
    assert (answer.status_code, answer.content) == (201, b'{"waved":"left"}')
    assert (seen[0].record, seen[0].person, seen[0].place) == (bob, bob, {"to": "alice"})
    assert call("PER-999999", '{"hand": "left"}').status_code == 404
    assert call(bob.number, '{"hand": 1}').status_code == 422
    assert call(bob.number, '{"hand": "left", "foot": "right"}').status_code == 422
    assert len(seen) == 1
    AccessToken.objects.update(scopes=["incident:write", "person:read"])
    assert call(bob.number, '{"hand": "left"}').status_code == 403


@pytest.mark.parametrize("text", ["0", "501", "-1", "x", "٣", "1e2", "9" * 400])
def test_a_count_that_is_none_is_refused_by_name(bob, text):
    with pytest.raises(InvalidFacts) as refused:
        Call(person=bob, query={"limit": text}).number("limit", 50, 500)
    assert list(refused.value.fields) == ["limit"]


def test_what_lies_below_a_record_is_for_those_who_may_know_of_it(bobs, carols):
    an_incident()
    assert bobs.get("incidents/INC-000001").status_code == 200
    assert carols.get("incidents/INC-000001").status_code == 404
