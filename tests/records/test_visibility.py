"""What a person may not know of does not exist for them: on every page, at every address, of every kind."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from tests.each_kind import one_of
from tests.resolution.makers import an_incident

from gnomon.organization.actions import make_token
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kinds
from gnomon.records.models import Attachment, LedgerEntry

pytestmark = pytest.mark.django_db
KINDS = pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.name)


def addresses(record):
    """Every address of a record that the kind's declaration gives it: method and path."""
    here = record.get_absolute_url()
    yield from [("get", here), ("get", f"{here}/history"), ("get", f"{here}/edit"), ("get", f"{here}/link")]
    yield from [("post", f"{here}/edit"), ("post", f"{here}/link"), ("post", f"{here}/comment")]
    yield from [("post", f"{here}/attach"), ("get", f"{here}/files/1"), ("get", f"{here}/nonsense")]
    yield from [("get", f"{here}/files"), ("get", f"{here}/files/1/preview"), ("get", f"{here}/people")]
    yield from [
        ("post", f"{here}/{place}")
        for place in ("people", "people/leave", "people/watch", "link/undo", "timeline/usual")
    ]
    for move in record.kind.workflow.moves:
        yield from [("get", f"{here}/{move.name}"), ("post", f"{here}/{move.name}")]


@KINDS
def test_eve_cannot_learn_that_a_record_exists(kind, eve_browser, nobody_browser):
    record = one_of(kind)
    before = LedgerEntry.objects.count()
    absent = record.get_absolute_url().replace(record.number, f"{kind.prefix}-999999")
    for method, address in addresses(record):
        sent = {"title": "x", "text": "x", "because": "x", "relation": "related", "other": "x"}
        answer = getattr(eve_browser, method)(address, sent)
        assert answer.status_code == 404, (method, address)
        assert record.title not in answer.content.decode()
        # and not by comparing either: a record that does not exist answers the same
        elsewhere = getattr(eve_browser, method)(address.replace(record.get_absolute_url(), absent), sent)
        assert (elsewhere.status_code, len(elsewhere.content)) == (404, len(answer.content)), (method, address)
    assert LedgerEntry.objects.count() == before
    assert nobody_browser.get(record.get_absolute_url()).status_code == 302


@KINDS
def test_eve_finds_no_record_in_lists_search_suggestions_or_exports(kind, eve_browser):
    record = one_of(kind)
    words = record.title.replace("_", " ")
    root = f"/{kind.app}/{kind.path}/"
    for address in (root, f"{root}?q={words}", f"{root}?number={record.number}", f"/search?q={words}",
                    f"/search?q={record.number}", f"/suggest/{kind.name}?q={words}"):  # fmt: skip
        answer = eve_browser.get(address, follow=True)
        assert answer.status_code in (200, 404), address
        body = answer.content.decode().replace(f"q={words}", "").replace(f'value="{words}"', "")
        assert f"{record.number}</" not in body, address
        assert f"{record.number} {record.title}" not in body, address
    for form in ("csv", "xlsx"):
        assert eve_browser.get(f"{root}export.{form}").status_code == 403
    assert eve_browser.post(f"{root}bulk", {"move": "x", "number": record.number}).status_code in (403, 404)


@KINDS
def test_eve_gets_nothing_from_the_api(kind, eve, settings):
    record = one_of(kind)
    _token, secret = make_token(eve, name="all", by=SYSTEM)
    program = Client(headers={"Authorization": f"Bearer {secret}"})
    root = f"/api/v1/{kind.path}"
    for address in (root, f"{root}?number={record.number}", f"{root}?q={record.title}"):
        answer = program.get(address)
        assert answer.status_code == 200
        assert record.number not in [row["number"] for row in answer.json()["records"]]
    before = LedgerEntry.objects.count()
    for method, place, body in [
        ("get", "", None), ("patch", "", {}), ("post", "/comments", {"text": "x"}), ("post", "/moves/nonsense", {}),
        *(("post", f"/moves/{move.name}", {}) for move in kind.workflow.moves),
    ]:  # fmt: skip
        answer = getattr(program, method)(
            f"{root}/{record.number}{place}",
            None if body is None else json.dumps(body),
            content_type="application/json",
        )
        assert answer.status_code == 404, (method, place)
        assert answer["Content-Type"] == "application/problem+json"
    assert program.post(root, "{}", content_type="application/json").status_code == 403
    assert LedgerEntry.objects.count() == before


def test_eve_sees_herself_and_nobody_else(eve, bob, eve_browser):
    assert eve_browser.get(eve.get_absolute_url()).status_code == 200
    assert eve_browser.get(bob.get_absolute_url()).status_code == 404
    assert "Bob Reed" not in eve_browser.get("/organization/people/").content.decode()


def test_a_requester_sees_her_own_and_those_she_takes_part_in(bob, carol, carol_browser):
    hers, watched, other = an_incident(by=carol), an_incident(by=bob), an_incident(by=bob)
    actions.join(watched, carol, "watcher", by=bob)
    assert carol_browser.get(hers.get_absolute_url()).status_code == 200
    assert carol_browser.get(watched.get_absolute_url()).status_code == 200
    assert carol_browser.get(other.get_absolute_url()).status_code == 404
    for method, address in addresses(other):
        assert getattr(carol_browser, method)(address).status_code == 404, address
    assert carol_browser.get(f"{hers.get_absolute_url()}/edit").status_code == 403  # hers, but not to rewrite
    listed = carol_browser.get("/resolution/incidents/")
    assert {row.number for row in listed.context["rows"]} == {hers.number, watched.number}
    assert listed.context["total"] == 2


def test_a_number_alone_tells_nothing(bob, eve_browser):
    incident = an_incident(by=bob)
    there, absent = eve_browser.get(f"/go/{incident.number}"), eve_browser.get("/go/INC-999999")
    assert there.status_code == absent.status_code == 302
    assert eve_browser.get(there.url).status_code == eve_browser.get(absent.url).status_code == 404
    assert eve_browser.get("/go/XXX-1").status_code == 404


def test_a_file_is_reached_only_through_its_own_record(bob, carol, carol_browser, settings, tmp_path):
    from django.core.files.uploadedfile import SimpleUploadedFile

    settings.HOME = tmp_path
    hers, other = an_incident(by=carol), an_incident(by=bob)
    kept = actions.attach(other, SimpleUploadedFile("a.txt", b"x"), by=bob)
    assert Attachment.objects.get() == kept
    for record in (hers, other):
        assert carol_browser.get(f"{record.get_absolute_url()}/files/{kept.pk}").status_code == 404
