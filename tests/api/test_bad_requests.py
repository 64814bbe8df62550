"""What clients get wrong: each answer is problem details that say what to do next, and none is a fault of ours."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.resolution.makers import an_incident

from gnomon.organization.actions import make_token, revoke_token
from gnomon.organization.models import AccessToken
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.models import LedgerEntry
from gnomon.resolution.models import Incident

pytestmark = pytest.mark.django_db


def problem(answer, status):
    """The body of a refusal, after a look at its shape."""
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert {"type", "title", "status", "detail"} <= told.keys()
    assert told["status"] == status
    assert told["detail"].endswith((".", "。"))
    return told


# --- who are you ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Bearer x", "Basic Ym9iOmJvYg==", "gnomon_x", "Bearer gnomon_" + "x" * 43]
)
def test_without_a_valid_token_nobody_is_known(db, header):
    an_incident()
    for path in ("incidents", "incidents/INC-000001"):
        answer = Client().get(f"/api/v1/{path}", headers={} if header is None else {"Authorization": header})
        told = problem(answer, 401)
        assert "Authorization: Bearer TOKEN" in told["detail"]
        assert answer["WWW-Authenticate"].startswith('Bearer realm="Gnomon"')
        assert ("invalid_token" in answer["WWW-Authenticate"]) == (header is not None)


def test_a_token_that_is_revoked_expired_or_of_somebody_who_left_opens_nothing(bob, olga):
    token, secret = make_token(bob, name="a", by=SYSTEM)
    call = Client(headers={"Authorization": f"Bearer {secret}"})
    assert call.get("/api/v1/incidents").status_code == 200
    revoke_token(token, by=SYSTEM)
    problem(call.get("/api/v1/incidents"), 401)

    _token, secret = make_token(bob, name="b", by=SYSTEM)
    AccessToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    problem(Client(headers={"Authorization": f"Bearer {secret}"}).get("/api/v1/incidents"), 401)

    token, secret = make_token(bob, name="c", by=SYSTEM)
    bob.refresh_from_db()
    leave = next(move.name for move in bob.kind.workflow.moves_from(bob.status))
    actions.move(bob, leave, by=olga, because="Left the house")
    problem(Client(headers={"Authorization": f"Bearer {secret}"}).get("/api/v1/incidents"), 401)


def test_a_token_that_only_reads_does_not_write(bob, program):
    an_incident()
    reading = program(bob, scopes=["read"])
    assert reading.get("incidents/INC-000001").status_code == 200
    told = problem(reading.post("incidents", {"title": "x"}), 403)
    assert "no scope “incident:write”" in told["detail"]


def test_a_session_in_a_browser_is_no_key_to_the_api(bob_browser):
    problem(bob_browser.get("/api/v1/incidents"), 401)


# --- bodies ---------------------------------------------------------------------------------------

DEEP = b'{"custom": ' + b"[" * 5000 + b"]" * 5000 + b"}"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422), (b"not json", 400), (b"{", 400), (b"{'title': 'x'}", 400), (b"\xff\xfe{}", 400),
        ('{"title": "打印机坏了"}'.encode("gbk"), 400), ('{"title": "x"}'.encode("utf-16"), None),
        (b"[]", 422), (b"null", 422), (b'"title"', 422), (b"42", 422), (DEEP, 400),
        (b'{"title": "\\ud800"}', 422), (b'{"title": "a\\u0000b"}', 422), (b'{"title": "\xed\xa0\x80"}', 422),
        (b'{"title": "x", "impact": 1e400}', 422), (b'{"title": "x", "impact": NaN}', 422),
        (b'{"title": "x", "source": {}}', 422),
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_read_is_said_to_be(bobs, body, status):
    answer = bobs.post("incidents", body)
    if status is None:  # JSON in UTF-16 can be told from its first bytes; whether it is read is the library's choice
        assert answer.status_code in (201, 400)
        return
    problem(answer, status)
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"title": ""}, "title"), ({"title": "  "}, "title"), ({"title": "x" * 10_000}, "title"), ({}, "title"),
        ({"title": None}, "title"), ({"title": 5}, "title"), ({"title": ["x"]}, "title"), ({"title": True}, "title"),
        ({"impact": True}, "impact"), ({"impact": "1"}, "impact"), ({"impact": 1.5}, "impact"),
        ({"impact": 4}, "impact"),
        ({"impact": 2**80}, "impact"), ({"impact": -1}, "impact"),
        ({"is_major": True}, "is_major"), ({"merged_into": "INC-000001"}, "merged_into"), ({"parent": 7}, "parent"),
        ({"opened_at": "yesterday"}, "opened_at"), ({"opened_at": "2026-03-10T09:00:00"}, "opened_at"),
        ({"opened_at": 1_700_000_000}, "opened_at"), ({"opened_at": "2999-01-01T00:00:00Z"}, "opened_at"),
        ({"opened_at": "2026-02-30T00:00:00Z"}, "opened_at"), ({"opened_at": "0001-01-01T00:00:00+14:00"}, "opened_at"),
        ({"service": "SVC-999999"}, "service"), ({"service": "INC-000001"}, "service"), ({"service": 1}, "service"),
        ({"service": "\x00"}, "service"), ({"requester": "PER-999999"}, "requester"),
        ({"channel": "pigeon"}, "channel"), ({"channel": None}, None),
        ({"custom": {"room": "4"}}, "custom.room"), ({"custom": []}, "custom"),
        ({"custom": {"a": {"b": [1] * 99}}}, "custom.a"),
        ({"status": "closed"}, "status"), ({"number": "INC-000007"}, "number"), ({"version": 7}, "version"),
        ({"id": 7}, "id"), ({"due_at": "2026-03-10T09:00:00Z"}, "due_at"), ({"nonsense": 1}, "nonsense"),
    ],
)  # fmt: skip
def test_a_fact_that_cannot_be_taken_is_named(bobs, facts, field):
    body = facts if facts == {} or "title" in facts else {"title": "No mail", **facts}
    answer = bobs.post("incidents", body)
    if field is None:
        assert answer.status_code == 201  # null means: as if nothing were said
        return
    told = problem(answer, 422)
    assert list(told["errors"]) == [field]
    assert all(says.endswith((".", "。")) for says in told["errors"].values())
    assert not LedgerEntry.objects.filter(kind="incident").exists()


def test_every_wrong_fact_is_named_at_once(bobs):
    told = problem(bobs.post("incidents", {"title": "x", "service": "SVC-9", "opened_at": "soon", "team": "X"}), 422)
    assert set(told["errors"]) == {"service", "opened_at", "team"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": ""}, "text"), ({"text": " \n"}, "text"), ({"text": "x" * 100_001}, "text"), ({}, "text"),
        ({"text": None}, "text"), ({"text": "x", "internal": "perhaps"}, "internal"),
        ({"text": "x", "to": "bob"}, "to"),
        ({"text": "\x00"}, "text"),
    ],
)  # fmt: skip
def test_a_comment_that_cannot_be_taken_is_refused(bobs, body, field):
    an_incident()
    told = problem(bobs.post("incidents/INC-000001/comments", body), 422)
    assert list(told["errors"]) == [field]


@pytest.mark.parametrize("extra", [{"because": "x" * 4001}, {"because": None}, {"expect": "1"}, {"expect": 1.5}])
def test_reasons_and_versions_are_held_to_their_types(bobs, extra):
    an_incident()
    answer = bobs.patch("incidents/INC-000001", {"category": "x", **extra})
    problem(answer, 422)


# --- moves ----------------------------------------------------------------------------------------


def test_an_unknown_move_is_not_found_and_the_open_ones_are_named(bobs):
    an_incident()
    told = problem(bobs.post("incidents/INC-000001/moves/explode", {}), 404)
    assert told["detail"] == (
        "INC-000001 has no move “explode”. Open to it now: assign, start, wait, escalate, resolve, cancel, merge."
    )


def test_a_move_from_elsewhere_is_refused_with_those_that_are_open(bobs):
    an_incident()
    told = problem(bobs.post("incidents/INC-000001/moves/close", {}), 409)
    assert "From here:" in told["detail"]


def test_a_move_that_lacks_facts_names_them(bobs):
    an_incident()
    told = problem(bobs.post("incidents/INC-000001/moves/resolve", {}), 422)
    assert set(told["errors"]) == {"resolution", "closure_code"}
    told = problem(bobs.post("incidents/INC-000001/moves/cancel", {}), 422)
    assert told["errors"] == {"because": "Say why."}


def test_a_move_takes_no_facts_but_its_own(bobs):
    an_incident()
    told = problem(bobs.post("incidents/INC-000001/moves/start", {"title": "x"}), 422)
    assert list(told["errors"]) == ["title"]


# --- addresses ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["nonsense", "incidents/INC-000001/nonsense", "incidents/INC-000001/moves/", "", "openapi", "incidents//"]
)
def test_an_address_that_leads_nowhere_is_a_problem_too(bobs, path):
    told = problem(bobs.get(path), 404)
    assert "/api/v1/openapi.json" in told["detail"]


@pytest.mark.parametrize("number", ["INC-999999", "SVC-000001", "x", "%27", "INC-000001%00", "🖨", "x" * 3000])
def test_a_number_that_is_nobodys_is_not_found(bobs, number):
    an_incident()
    problem(bobs.get(f"incidents/{number}"), 404)


def test_a_method_that_an_address_does_not_take_is_said_with_those_it_does(bobs):
    answer = bobs.client.delete("/api/v1/incidents/INC-000001")
    told = problem(answer, 405)
    assert {"GET", "PATCH"} <= set(answer["Allow"].replace(",", " ").split())
    assert "GET" in told["detail"]


def test_a_fault_of_ours_is_told_as_one_and_gives_nothing_away(bobs, monkeypatch):
    from gnomon.api import resources

    monkeypatch.setattr(resources, "as_plain", lambda *_: 1 / 0)
    an_incident()
    told = problem(bobs.get("incidents/INC-000001"), 500)
    assert "ZeroDivision" not in str(told)


def test_refusals_speak_the_language_of_whoever_calls(bob, program):
    bob.language = "zh-hans"
    bob.save()
    answer = program(bob).post("incidents", {"title": ""})
    assert answer.status_code == 422
    english = program(bob, scopes=["read", "write"]).post("incidents", {"title": ""}, Accept_Language="en")
    assert english.json()["errors"] == {"title": "“title” must be filled."}
