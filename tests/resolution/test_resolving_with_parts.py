"""Whoever resolves an incident with open parts decides with it what becomes of them (8.6.1)."""

from __future__ import annotations

import pytest
from tests.resolution.makers import an_incident

from gnomon.records import actions
from gnomon.resolution.models import Incident

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.6.1")]
WORDS = {"resolution": "Line mended", "closure_code": "solved", "because": "Tested."}


@pytest.fixture
def family(bob):
    """A cut line with three parts, of which the third is resolved already."""
    parent = an_incident("Line cut", by=bob)
    parts = [an_incident(f"Branch {n} is dark", by=bob, parent=parent) for n in (1, 2, 3)]
    actions.move(parts[2], "resolve", by=bob, resolution="Own line", closure_code="solved")
    return parent, parts


def statuses(records):
    return list(
        Incident.objects.filter(pk__in=[one.pk for one in records]).order_by("id").values_list("status", flat=True)
    )


def form_of(parent, browser):
    return browser.get(f"{parent.get_absolute_url()}/resolve").content.decode()


def test_the_dialog_offers_the_open_parts(family, bob_browser):
    parent, parts = family
    page = form_of(parent, bob_browser)
    assert "What becomes of its open parts" in page
    for part, offered in zip(parts, (True, True, False), strict=True):
        assert (f'name="part" value="{part.number}" checked' in page) is offered
    dialog = bob_browser.get(
        f"{parent.get_absolute_url()}/resolve", headers={"HX-Request": "true", "HX-Target": "dialog-body"}
    ).content.decode()
    assert 'name="part"' in dialog


def test_without_open_parts_nothing_is_asked(bob, bob_browser):
    assert 'name="part"' not in form_of(an_incident("Alone", by=bob), bob_browser)


def test_the_chosen_parts_are_resolved_with_it_and_the_others_stay_open(family, bob_browser):
    parent, parts = family
    answer = bob_browser.post(f"{parent.get_absolute_url()}/resolve", WORDS | {"part": [parts[0].number]}, follow=True)
    assert statuses([parent, *parts]) == ["resolved", "resolved", "new", "resolved"]
    parts[0].refresh_from_db()
    assert (parts[0].resolution, parts[0].closure_code) == ("Line mended", "solved")
    assert "1 part was resolved with it." in answer.content.decode()


def test_with_none_chosen_all_stay_open(family, bob_browser):
    parent, parts = family
    bob_browser.post(f"{parent.get_absolute_url()}/resolve", WORDS)
    assert statuses([parent, *parts]) == ["resolved", "new", "new", "resolved"]


def test_a_refused_form_keeps_what_was_chosen(family, bob_browser):
    parent, parts = family
    answer = bob_browser.post(f"{parent.get_absolute_url()}/resolve", {"part": [parts[1].number]})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'value="{parts[1].number}" checked' in page
    assert f'value="{parts[0].number}" checked' not in page
    assert statuses([parent, *parts]) == ["new", "new", "new", "resolved"]


def test_a_number_that_is_no_part_of_it_is_left_alone(family, bob, bob_browser):
    parent, _parts = family
    stranger = an_incident("Elsewhere", by=bob)
    bob_browser.post(f"{parent.get_absolute_url()}/resolve", WORDS | {"part": [stranger.number]})
    assert statuses([stranger]) == ["new"]


def test_whoever_comes_second_still_chooses(family, bob, alice, bob_browser):
    parent, parts = family
    seen = parent.version
    actions.change(parent, by=alice, impact=1)
    answer = bob_browser.post(
        f"{parent.get_absolute_url()}/resolve", WORDS | {"part": [parts[0].number], "expect": seen}
    )
    assert answer.status_code == 409
    assert f'value="{parts[0].number}" checked' in answer.content.decode()


def test_carol_may_not(family, carol_browser):
    parent, _parts = family
    assert carol_browser.get(f"{parent.get_absolute_url()}/resolve").status_code == 404
