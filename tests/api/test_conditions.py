"""Conditional requests: nothing is sent twice, nothing is written over what was not seen."""

from __future__ import annotations

import pytest
from tests.resolution.makers import an_incident

from gnomon.records import actions
from gnomon.records.actions.thinking import Alteration
from gnomon.resolution.models import Incident

pytestmark = pytest.mark.django_db
ONE = "incidents/INC-000001"


@pytest.mark.parametrize("path", [ONE, "incidents", f"{ONE}?fields=number", f"{ONE}/comments", f"{ONE}/links"])
def test_what_is_known_already_is_not_sent_again(bobs, path):
    incident = an_incident()
    actions.comment(incident, "Rang her", by=incident.owner or _system())
    first = bobs.get(path)
    assert first.status_code == 200
    for known in (first["ETag"], f'"x", {first["ETag"]}', f"W/{first['ETag']}", "*"):
        again = bobs.get(path, If_None_Match=known)
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert bobs.get(path, If_None_Match='"x"').content == first.content


def _system():
    from gnomon.records.actors import SYSTEM

    return SYSTEM


def test_a_derived_column_that_moved_is_sent_though_the_version_is_the_same(bobs):
    an_incident()
    tag = bobs.get(ONE)["ETag"]
    Incident.objects.update(due_at="2026-03-10T09:00:00Z")
    answer = bobs.get(ONE, If_None_Match=tag)
    assert answer.status_code == 200
    assert bobs.patch(ONE, {"category": "vpn"}, If_Match=tag).status_code == 200  # nobody wrote meanwhile


@pytest.mark.parametrize("tag", ['"1"', "1", '"1-0123456789abcdef"', '"1", "7"'])
def test_a_version_that_has_moved_on_is_412_with_what_changed(bobs, alice, tag):
    actions.change(an_incident(), by=alice, category="mail", urgency=1)
    for answer in (
        bobs.patch(ONE, {"category": "vpn"}, If_Match=tag),
        bobs.post(f"{ONE}/moves/start", {}, If_Match=tag),
        bobs.post(f"{ONE}/comments", {"text": "x"}, If_Match=tag),
    ):
        assert answer.status_code == 412
    told = bobs.patch(ONE, {"category": "vpn"}, If_Match='"1"').json()
    assert told["changed"] == {"category": ["", "mail"], "urgency": [None, 1]}
    assert told["by"] == alice.number
    assert Incident.objects.get().category == "mail"
    assert Incident.objects.get().version == 2


@pytest.mark.parametrize("tag", ['"1"', "1", '"1-0123456789abcdef"'])
def test_people_who_join_an_outage_refuse_nobody_who_works_on_it(bobs, alice, carol, dave, tag):
    """“I am hit too” by the dozen, while a program thinks; what the version number says is not what is compared."""
    incident = an_incident()
    for person in (carol, dave):
        actions.join(incident, person, "affected", by=person)
    assert bobs.post(f"{ONE}/comments", {"text": "At work on it"}, If_Match=tag).status_code == 201
    incident.refresh_from_db()
    actions.leave(incident, dave, "affected", by=dave)
    assert bobs.patch(ONE, {"category": "vpn"}, If_Match='"4"').status_code == 200
    assert bobs.patch(ONE, {"category": "mail"}, If_Match=tag).status_code == 412, "words were said and a field changed"
    assert bobs.patch(ONE, {"category": "mail"}, If_Match='"7"').status_code == 412, "nobody has seen what is to come"


@pytest.mark.parametrize("named", ["header", "body"])
def test_a_refused_write_is_sent_again_in_one_step_when_nothing_overlaps(bobs, alice, named):
    actions.change(an_incident(), by=alice, category="mail")
    headers, body = ({"If_Match": '"1"'}, {}) if named == "header" else ({}, {"expect": 1})
    told = bobs.patch(ONE, {"urgency": 1} | body, **headers).json()
    assert (set(told["changed"]), told["version"]) == ({"category"}, 2)
    headers, body = ({"If_Match": str(told["version"])}, {}) if named == "header" else ({}, {"expect": told["version"]})
    assert bobs.patch(ONE, {"urgency": 1} | body, **headers).status_code == 200
    assert (Incident.objects.get().category, Incident.objects.get().urgency) == ("mail", 1)


@pytest.mark.parametrize("tag", ['"2"', "2", "*", "", '"1", "2"', '"2-0123456789abcdef"'])
def test_a_version_that_still_stands_is_accepted(bobs, alice, tag):
    actions.change(an_incident(), by=alice, category="mail")
    assert bobs.patch(ONE, {"category": "vpn"}, If_Match=tag).status_code == 200


@pytest.mark.parametrize(
    ("tag", "status"),
    [('"abc"', 412), ('"-1"', 412), ('W/"1"', 412), ('"99999999999"', 412), ("９", 422), ("abc", 422), ('"1', 422)],
)
def test_a_tag_that_is_none_of_ours_is_not_taken_for_no_tag(bobs, tag, status):
    an_incident()
    assert bobs.patch(ONE, {"category": "vpn"}, If_Match=tag).status_code == status
    assert Incident.objects.get().category == ""


@pytest.mark.parametrize(("tag", "status", "version"), [('"1"', 412, 2), ("*", 200, 3)])
def test_what_comes_between_the_first_look_and_the_turn_counts(bobs, alice, monkeypatch, tag, status, version):
    """A change is worked out on what was read; others may write before its turn."""
    an_incident()
    write = Alteration.write

    def after_others(thought, *rest, **more):
        monkeypatch.setattr(Alteration, "write", write)
        actions.change(Incident.objects.get(), by=alice, urgency=1)
        return write(thought, *rest, **more)

    monkeypatch.setattr(Alteration, "write", after_others)
    assert bobs.patch(ONE, {"category": "vpn"}, If_Match=tag).status_code == status
    incident = Incident.objects.get()
    assert (incident.version, incident.urgency) == (version, 1)


def test_the_tag_of_an_answer_opens_the_next_write(bobs):
    an_incident()
    tag = bobs.get(ONE)["ETag"]
    for body in ({"category": "a"}, {"category": "b"}):
        answer = bobs.patch(ONE, body, If_Match=tag)
        assert answer.status_code == 200
        tag = answer["ETag"]
        assert bobs.get(ONE)["ETag"] == tag
    tag = bobs.post(f"{ONE}/comments", {"text": "Rang her"}, If_Match=tag)["ETag"]
    assert bobs.post(f"{ONE}/moves/start", If_Match=tag).status_code == 200


def test_a_house_may_ask_for_the_version_seen_with_each_change(bobs, settings):
    an_incident()
    settings.API_REQUIRES_IF_MATCH = True
    for answer in (bobs.patch(ONE, {"category": "vpn"}), bobs.post(f"{ONE}/moves/start")):
        assert answer.status_code == 428
        assert "If-Match" in answer.json()["detail"]
    assert bobs.patch(ONE, {"category": "vpn"}, If_Match="*").status_code == 200
    assert bobs.patch(ONE, {"category": "tel", "expect": 2}).status_code == 200
    assert bobs.post("incidents", {"title": "New"}).status_code == 201  # there is nothing yet that could have been seen
    assert bobs.post(f"{ONE}/comments", {"text": "x"}).status_code == 201  # words contradict nobody


def test_a_condition_that_fails_carries_nothing_out_and_one_that_nobody_may_see_is_not_told(bobs, carols):
    an_incident()
    answer = carols.patch(ONE, {"category": "vpn"}, If_Match='"7"')
    assert answer.status_code == 404  # 412 would say that there is such a record


def test_head_is_get_without_a_body(bobs):
    an_incident()
    read, head = bobs.get(ONE), bobs.client.head(f"/api/v1/{ONE}")
    assert (head.status_code, head["ETag"], head.content) == (200, read["ETag"], b"")
