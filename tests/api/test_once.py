"""Idempotency-Key: however often a request is sent, it is carried out once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone
from tests.makers import a_person
from tests.resolution.makers import an_incident

from gnomon.api import once
from gnomon.api.models import KeptAnswer
from gnomon.records import actions
from gnomon.records.actions import thinking
from gnomon.records.kinds import kind_named
from gnomon.records.models import Attachment, LedgerEntry
from gnomon.resolution.models import Incident

pytestmark = pytest.mark.django_db
KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"


def test_sent_again_it_is_answered_as_before_and_recorded_once(bobs):
    first = bobs.post("incidents", {"title": "No mail"}, Idempotency_Key=KEY)
    again = bobs.post("incidents", {"title": "No mail"}, Idempotency_Key=f'"{KEY}"')
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    for name in ("ETag", "Location", "Content-Type"):
        assert again[name] == first[name]
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert Incident.objects.count() == 1


@pytest.mark.parametrize("body", [{"title": "Other"}, {"title": "No mail", "impact": 1}, b'{"title":  "No mail"}'])
def test_the_key_with_another_request_is_refused(bobs, body):
    bobs.post("incidents", {"title": "No mail"}, Idempotency_Key=KEY)
    answer = bobs.post("incidents", body, Idempotency_Key=KEY)
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["Idempotency-Key"]
    assert bobs.post("incidents/batch", {"records": [{"title": "No mail"}]}, Idempotency_Key=KEY).status_code == 422
    assert Incident.objects.count() == 1


def test_changes_moves_comments_files_and_batches_happen_once(bobs):
    an_incident()
    one = "incidents/INC-000001"
    wishes = [
        ("patch", one, {"category": "vpn"}), ("post", f"{one}/moves/start", {}), ("post", f"{one}/comments", {"text": "x"}),
        ("post", "incidents/batch", {"records": [{"title": "a"}, {"title": ""}]}),
    ]  # fmt: skip
    for n, (method, path, body) in enumerate(wishes):
        told = [getattr(bobs, method)(path, body, Idempotency_Key=f"k{n}") for _ in range(3)]
        assert len({answer.content for answer in told}) == 1, path
    for _ in range(2):
        file = SimpleUploadedFile("a.txt", b"abc")
        answer = bobs.client.post(f"/api/v1/{one}/files", {"file": file}, headers={"Idempotency-Key": "f"})
        assert answer.status_code == 201
    assert Attachment.objects.count() == 1
    assert [e.verb.partition(":")[2] for e in LedgerEntry.objects.filter(number="INC-000001").order_by("version")] == [
        "recorded", "changed", "start", "commented", "attached",
    ]  # fmt: skip
    assert Incident.objects.count() == 2


def test_a_refusal_is_not_kept_but_judged_anew(bobs):
    an_incident()
    assert bobs.post("incidents/INC-000001/moves/close", {}, Idempotency_Key=KEY).status_code == 409
    assert not KeptAnswer.objects.exists()
    bobs.post("incidents/INC-000001/moves/resolve", {"resolution": "x", "closure_code": "solved"})
    assert bobs.post("incidents/INC-000001/moves/close", {}, Idempotency_Key=KEY).status_code == 200


def test_a_key_is_a_persons_own(bobs, carols):
    bobs.post("incidents", {"title": "Bob's"}, Idempotency_Key=KEY)
    answer = carols.post("incidents", {"title": "Carol's"}, Idempotency_Key=KEY)
    assert (answer.status_code, answer.json()["title"]) == (201, "Carol's")


def test_a_key_goes_on_with_a_new_token(bob, program):
    first = program(bob).post("incidents", {"title": "x"}, Idempotency_Key=KEY)
    assert (
        program(bob, scopes=["*:write"]).post("incidents", {"title": "x"}, Idempotency_Key=KEY).content == first.content
    )


def test_answers_are_kept_for_a_day(bobs, monkeypatch):
    now = timezone.now()
    bobs.post("incidents", {"title": "x"}, Idempotency_Key=KEY)
    KeptAnswer.objects.update(made_at=now - timedelta(hours=23))
    once.forget_answers()
    assert bobs.post("incidents", {"title": "x"}, Idempotency_Key=KEY)["Idempotency-Replayed"] == "true"
    KeptAnswer.objects.update(made_at=now - timedelta(hours=24))
    assert "Idempotency-Replayed" not in bobs.post("incidents", {"title": "x"}, Idempotency_Key=KEY)
    assert Incident.objects.count() == 2
    KeptAnswer.objects.update(made_at=now - timedelta(hours=24))
    once.forget_answers()
    assert not KeptAnswer.objects.exists()


@pytest.mark.parametrize("key", ["", "x" * 256, "a b", "ключ", '"'])
def test_a_key_that_is_none_is_refused(bobs, key):
    answer = bobs.post("incidents", {"title": "x"}, Idempotency_Key=key)
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["Idempotency-Key"]
    assert not Incident.objects.exists()


def test_while_the_first_is_at_work_a_second_is_told_to_wait(bobs, bob):
    with once._alone(bob.number, KEY):
        answer = bobs.post("incidents", {"title": "x"}, Idempotency_Key=KEY)
    assert answer.status_code == 409
    assert answer["Retry-After"] == "1"
    assert bobs.post("incidents", {"title": "x"}, Idempotency_Key=KEY).status_code == 201


def test_what_it_did_and_what_was_answered_stand_or_fall_together(bobs, monkeypatch):
    """Whoever is killed before the commit has done nothing; so has whoever cannot keep the answer."""

    def cannot(*_args, **_facts):
        raise OSError("The disk is full.")

    with monkeypatch.context() as broken:
        broken.setattr(once, "insert", cannot)
        assert bobs.post("incidents", {"title": "x"}, Idempotency_Key=KEY).status_code == 500
    assert not Incident.objects.exists()
    assert bobs.post("incidents", {"title": "x"}, Idempotency_Key=KEY).status_code == 201
    assert Incident.objects.count() == 1


def test_it_is_worked_out_before_the_turn_as_without_a_key(bobs, bob, monkeypatch):
    """Whoever sends a key, or the version seen, keeps no other writer waiting for longer."""
    an_incident()
    turns = []

    def heard(execute, sql, params, many, context):
        turns.append(sql.split()[0] if sql.split()[0] in ("SAVEPOINT", "UPDATE", "INSERT", "RELEASE") else "ask")
        return execute(sql, params, many, context)

    bobs.patch("incidents/INC-000001", {"category": "a"})
    monkeypatch.setattr(thinking.Alteration, "_think", spied := Spy(thinking.Alteration._think, turns))
    with connection.execute_wrapper(heard):
        answer = bobs.patch("incidents/INC-000001", {"category": "vpn"}, Idempotency_Key=KEY, If_Match='"2"')
    assert (answer.status_code, answer["ETag"][:2]) == (200, '"3')
    assert spied.at == [0], "nothing had begun when it was thought about, and nobody thought twice"


class Spy:
    """Notes how many statements had begun a part of a transaction when it was called."""

    def __init__(self, run, turns):
        self.run, self.turns, self.at = run, turns, []

    def __get__(self, thought, _owner):
        def called():
            self.at.append(self.turns.count("SAVEPOINT"))
            return self.run(thought)

        return called


def test_what_was_done_meanwhile_is_no_refusal_for_whoever_asks_again(bobs, bob):
    """The first request has moved it: the second finds no such move any more, and is answered as the first was."""
    an_incident()
    first = bobs.post("incidents/INC-000001/moves/start", {}, Idempotency_Key=KEY, If_Match='"1"')
    again = bobs.post("incidents/INC-000001/moves/start", {}, Idempotency_Key=KEY, If_Match='"1"')
    assert (first.status_code, again.content) == (200, first.content)


def test_secrets_are_not_kept_for_whoever_asks_again(program):
    """What is shown once stands in no store of answers: the second request makes another secret."""
    yuan = a_person("Yuan Gao", roles=["process_manager"])
    hook = actions.record(kind_named("webhook_subscription"), by=yuan, title="Chat", url="https://example.org/hook")
    path = f"webhook-subscriptions/{hook.number}/secret"
    yuans = program(yuan, scopes=["*:read", "*:write", "admin"])
    told = [yuans.post(path, {}, Idempotency_Key=KEY) for _ in range(2)]
    assert [answer.status_code for answer in told] == [201, 201]
    assert told[0].json()["secret"] != told[1].json()["secret"]
    assert not KeptAnswer.objects.exists()
