"""Roles are given and taken on one page, with a reason, and one administrator always remains."""

from __future__ import annotations

import pytest

from gnomon.records.queries import history

pytestmark = pytest.mark.django_db
PLACE = "/organization/roles/held"


def test_an_administrator_gives_and_takes_and_the_history_says_why(olga, olga_browser, bob):
    given = {"give": "1", "person": bob.number, "role": "process_manager", "because": "Runs the desk now."}
    assert olga_browser.post(PLACE, given).status_code == 302
    bob.refresh_from_db()
    assert bob.roles == ["agent", "process_manager"]
    last = history(bob)[-1]
    assert (last.changes, last.because) == ({"roles": [["agent"], ["agent", "process_manager"]]}, "Runs the desk now.")
    assert olga_browser.post(PLACE, {"take": f"{bob.number}:process_manager"}).status_code == 302
    bob.refresh_from_db()
    assert bob.roles == ["agent"]


def test_the_last_administrator_stays(olga, olga_browser):
    answer = olga_browser.post(PLACE, {"take": f"{olga.number}:administrator"})
    assert answer.status_code == 422
    assert "is the last administrator" in answer.content.decode()


def test_others_look_and_requesters_do_not(bob, bob_browser, carol_browser, olga):
    page = bob_browser.get(PLACE).content.decode()
    assert "Olga Winter" in page
    assert 'name="take"' not in page
    assert bob_browser.post(PLACE, {"give": "1", "person": bob.number, "role": "administrator"}).status_code == 403
    assert carol_browser.get(PLACE).status_code == 403


@pytest.mark.parametrize("sent", [{}, {"person": "PER-999999", "role": "agent"}, {"role": "king"}])
def test_what_is_missing_is_said_beside_its_field(olga_browser, sent):
    assert olga_browser.post(PLACE, {"give": "1", **sent}).status_code == 422


def test_nobody_and_nothing_is_found_politely(olga_browser):
    assert olga_browser.post(PLACE, {"take": "PER-999999:agent"}).status_code == 404
    assert olga_browser.post(PLACE, {"take": "x"}).status_code == 404
