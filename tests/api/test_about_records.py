"""What hangs on records by REST: comments, ledger, moves."""

from __future__ import annotations

import pytest
from tests.organization.makers import a_field
from tests.resolution.makers import an_incident

from gnomon.records import actions

pytestmark = pytest.mark.django_db
ONE = "incidents/INC-000001"


@pytest.fixture
def hers(carol):
    return an_incident(by=carol)


def test_comments_are_read_oldest_first_and_among_staff_only_by_staff(bobs, carols, hers, bob):
    actions.comment(hers, "Rang her", by=bob)
    actions.comment(hers, "She is rude", by=bob, internal=True)
    assert [c["text"] for c in bobs.get(f"{ONE}/comments").json()["comments"]] == ["Rang her", "She is rude"]
    assert [c["text"] for c in carols.get(f"{ONE}/comments").json()["comments"]] == ["Rang her"]
    assert carols.post(f"{ONE}/comments", {"text": "x", "internal": True}).status_code == 422


def test_comments_come_in_pages(bobs, hers, bob):
    for n in range(5):
        actions.comment(hers, f"Word {n}", by=bob)
    page = bobs.get(f"{ONE}/comments?limit=2").json()
    rest = bobs.get(f"{ONE}/comments?limit=3&cursor={page['next']}").json()
    assert [c["text"] for c in page["comments"] + rest["comments"]] == [f"Word {n}" for n in range(5)]
    assert rest["next"] is None
    an_incident()
    assert bobs.get(f"incidents/INC-000002/comments?cursor={page['next']}").status_code == 422
    assert bobs.get(f"{ONE}/entries?cursor={page['next']}").status_code == 422


def test_staff_read_the_ledger_of_a_record_in_full(bobs, hers, bob):
    actions.change(hers, by=bob, category="vpn", because="She said so")
    actions.comment(hers, "Rude", by=bob, internal=True)
    told = bobs.get(f"{ONE}/entries").json()["entries"]
    assert [(entry["version"], entry["verb"]) for entry in told] == [(1, "recorded"), (2, "changed"), (3, "commented")]
    assert told[1]["facts"]["category"] == ["", "vpn"]
    assert told[1]["because"] == "She said so"
    assert len(told[1]["digest"]) == 64
    page = bobs.get(f"{ONE}/entries?limit=2").json()
    assert [e["version"] for e in bobs.get(f"{ONE}/entries?cursor={page['next']}").json()["entries"]] == [3]


def test_requesters_read_of_the_ledger_what_their_page_shows(carols, hers, bob):
    actions.change(hers, by=bob, source={"secret": "x"}, because="Between us")
    actions.comment(hers, "Rude", by=bob, internal=True)
    actions.comment(hers, "On it", by=bob)
    actions.move(hers, "start", by=bob, because="Between us, too")
    told = carols.get(f"{ONE}/entries").json()["entries"]
    assert [entry["verb"] for entry in told] == ["recorded", "commented", "start"]
    assert told[1]["facts"] == {"text": [None, "On it"]}
    assert told[2]["facts"]["status"] == ["new", "in_progress"]
    assert not {"workflow_version", "source", "internal"} & {name for entry in told for name in entry["facts"]}
    assert {entry["because"] for entry in told} == {""}
    assert {entry["digest"] for entry in told} == {""}


def test_open_moves_are_those_that_ones_roles_permit(bobs, carols, hers):
    names = [move["name"] for move in bobs.get(f"{ONE}/moves").json()["moves"]]
    assert {"assign", "start", "resolve"} <= set(names)
    assert "close" not in names
    resolve = next(move for move in bobs.get(f"{ONE}/moves").json()["moves"] if move["name"] == "resolve")
    assert set(resolve["needs"]) == {"resolution", "closure_code"}
    assert not {"assign", "start", "resolve"} & {move["name"] for move in carols.get(f"{ONE}/moves").json()["moves"]}


@pytest.mark.parametrize("below", ["comments", "files", "links", "people", "entries", "moves"])
def test_what_hangs_on_a_record_is_for_those_who_may_know_of_it(carols, below):
    an_incident()
    assert carols.get(f"{ONE}/{below}").status_code == 404


def test_kinds_are_told_with_their_custom_fields(bobs, carols):
    a_field("room", "choice", choices=["A", "B"])
    names = {kind["name"]: kind for kind in bobs.get("kinds").json()["kinds"]}
    assert names["incident"]["path"] == "/api/v1/incidents"
    assert "create" in names["incident"]["may"]
    told = bobs.get("kinds/incident").json()
    assert told["fields"]["properties"]["custom"]["properties"]["room"]["enum"] == ["A", "B"]
    assert told["fields"]["properties"]["impact"]["type"] == "integer"
    assert "resolve" in {move["name"] for move in told["moves"]}
    assert bobs.get("kinds/nonsense").status_code == 404
    assert "conformity_run" not in {kind["name"] for kind in carols.get("kinds").json()["kinds"]}
