"""Merging, splitting and parts by REST: the same actions as by hand, the same refusals (8.6.1)."""

from __future__ import annotations

from typing import Any

import pytest
from tests.resolution.makers import a_service, an_incident

from gnomon.organization.models import Person
from gnomon.records import actions
from gnomon.records.models import LedgerEntry
from gnomon.resolution.models import Incident

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.6.1")]


def test_a_merge_answers_where_it_went_and_what_differs(bobs: Any) -> None:
    source, target = an_incident(service=a_service()), an_incident()
    told = bobs.post(f"incidents/{source.number}/merge", {"into": target.number, "because": "Same"})
    assert told.status_code == 200, told.content
    assert told.json() == {
        "number": source.number, "status": "merged", "merged_into": target.number,
        "warnings": [f"{source.number} is about another service than {target.number}."],
    }  # fmt: skip
    assert bobs.get(f"incidents/{source.number}").json()["merged_into"] == target.number
    assert [r["number"] for r in bobs.get(f"incidents?merged_into={target.number}").json()["records"]] == [
        source.number
    ]
    told = bobs.post(f"incidents/{source.number}/unmerge", {"because": "Not the same"})
    assert (told.json()["status"], told.json()["merged_into"]) == ("new", None)


@pytest.mark.parametrize(
    ("body", "status"),
    [({"into": "INC-999999", "because": "x"}, 422), ({"because": "x"}, 422), ({"into": 7, "because": "x"}, 422),
     ({"into": "INC-000001", "because": "x"}, 422), ({"into": "INC-000002", "because": "\x00"}, 422),
     ({"into": "INC-000002", "because": " "}, 422), ({"into": "INC-000002"}, 422)],
)  # fmt: skip
def test_a_merge_that_cannot_be_is_refused_in_a_sentence(bobs: Any, body: dict[str, Any], status: int) -> None:
    source, _target = an_incident(), an_incident()
    told = bobs.post(f"incidents/{source.number}/merge", body)
    assert told.status_code == status, told.content
    assert told.json()["detail"].endswith(".")
    source.refresh_from_db()
    assert source.status == "new"


def test_a_comment_on_a_merged_record_finds_its_way(bobs: Any, bob: Person) -> None:
    source, target = an_incident(), an_incident()
    actions.move(source, "merge", by=bob, because="Same", merged_into=target)
    assert bobs.post(f"incidents/{source.number}/comments", {"text": "Still"}).status_code == 201
    assert LedgerEntry.objects.filter(number=target.number, verb="incident:replied").count() == 1


def test_a_split_is_recorded_with_what_goes_along(bobs: Any, bob: Person) -> None:
    source = an_incident()
    actions.comment(source, "And the printer", by=bob)
    said = LedgerEntry.objects.get(verb="incident:commented").sequence
    told = bobs.post(f"incidents/{source.number}/split", {"title": "Printer", "because": "Two", "entries": [said]})
    assert told.status_code == 201, told.content
    assert (told.json()["split_from"], told.json()["carried"]) == (source.number, [said])
    bad = bobs.post(f"incidents/{source.number}/split", {"title": "Printer", "because": "Two", "entries": [2**70]})
    assert bad.status_code == 422


def test_parts_are_resolved_each_with_its_own_answer(bobs: Any, bob: Person) -> None:
    whole, part, stranger = an_incident(), an_incident(), an_incident()
    assert bobs.patch(f"incidents/{part.number}", {"parent": whole.number}).json()["parent"] == whole.number
    refused = bobs.post(f"incidents/{whole.number}/parts/resolve", {})
    assert (refused.status_code, "is not resolved itself" in refused.json()["detail"]) == (409, True)
    actions.move(whole, "resolve", by=bob, resolution="Restarted", closure_code="solved")
    bad = bobs.post(f"incidents/{whole.number}/parts/resolve", {"numbers": [stranger.number]})
    assert (bad.status_code, "is no part of" in bad.json()["detail"]) == (422, True)
    told = bobs.post(f"incidents/{whole.number}/parts/resolve", {})
    assert told.json() == [{"number": part.number, "done": True, "says": "Resolved"}]


def test_requesters_and_strangers_do_none_of_it(carols: Any, carol: Person) -> None:
    own, other = an_incident(requester=carol), an_incident()
    for place, body in (("merge", {"into": own.number, "because": "x"}), ("unmerge", {"because": "x"}),
                        ("split", {"title": "x", "because": "x", "description": "y"}), ("parts/resolve", {}),
                        ("review", None)):  # fmt: skip
        assert carols.post(f"incidents/{own.number}/{place}", body).status_code in {403, 409}, place
        assert carols.post(f"incidents/{other.number}/{place}", body).status_code == 404, place
    assert Incident.objects.count() == 2
