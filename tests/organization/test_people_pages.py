"""Pages of people and teams: passwords for others, members."""

from __future__ import annotations

import pytest
from tests.makers import a_person, a_team

from gnomon.organization.models import Person
from gnomon.organization.queries import members_of

pytestmark = [pytest.mark.django_db, pytest.mark.clause("5.3")]
NEW = {"password": "eight large stones", "again": "eight large stones"}


def test_an_administrator_gives_a_password_to_whoever_forgot_theirs(bob, olga_browser, sign_in):
    elsewhere = sign_in(bob)
    page = f"/organization/people/{bob.number}"
    assert f"{page}/password" in olga_browser.get(page).content.decode()
    assert olga_browser.post(f"{page}/password", NEW).status_code == 302
    assert Person.objects.get(pk=bob.pk).check_password(NEW["password"])
    assert elsewhere.get("/").status_code == 302  # signed out everywhere


def test_a_weak_password_is_refused_for_others_too(bob, olga_browser):
    weak = {"password": "bobreed", "again": "bobreed"}
    refused = olga_browser.post(f"/organization/people/{bob.number}/password", weak)
    assert refused.status_code == 422
    assert "too short" in refused.content.decode()


def test_nobody_else_gives_passwords(bob, carol, bob_browser, carol_browser):
    page = f"/organization/people/{bob.number}/password"
    assert "password" not in bob_browser.get(carol.get_absolute_url()).content.decode().split("<main")[1]
    assert bob_browser.post(page, NEW).status_code == 403
    assert carol_browser.post(page, NEW).status_code == 404
    assert not Person.objects.get(pk=bob.pk).check_password(NEW["password"])


def test_members_are_added_by_number_or_name_and_removed(bob, olga_browser):
    team = a_team("Night desk")
    page = f"{team.get_absolute_url()}/members"
    assert "Nobody works in this team yet." in olga_browser.get(page).content.decode()
    assert olga_browser.post(page, {"person": "Bob Reed"}).status_code == 302
    assert list(members_of(team)) == [bob]
    assert "Bob Reed" in olga_browser.get(page).content.decode()
    assert olga_browser.post(page, {"remove": bob.number}).status_code == 302
    assert not members_of(team)


def test_somebody_who_is_not_there_cannot_be_added(olga_browser):
    page = f"{a_team().get_absolute_url()}/members"
    assert olga_browser.post(page, {"person": "Nobody at all"}).status_code == 422


def test_agents_see_members_and_do_not_change_them(bob, bob_browser, carol_browser):
    team = a_team("Night desk", lead=a_person("Lena Moor"))
    page = f"{team.get_absolute_url()}/members"
    shown = bob_browser.get(page).content.decode()
    assert "leads the team" in shown
    assert "Add somebody" not in shown
    assert bob_browser.post(page, {"person": bob.number}).status_code == 403
    assert carol_browser.get(page).status_code == 404


def test_the_generic_pages_beside_them_are_still_there(olga, olga_browser):
    team = a_team()
    for page in (
        "people/new", "people/export.csv", "teams/new", f"teams/{team.number}/edit", f"teams/{team.number}/retire",
        f"people/{olga.number}/history", f"people/{olga.number.lower()}",
    ):  # fmt: skip
        assert olga_browser.get(f"/organization/{page}").status_code == 200, page
