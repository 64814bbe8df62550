"""Pages of the front door, in both languages, and what they refuse."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.makers import a_person, a_team

from gnomon.organization.actions import change_own_settings
from gnomon.organization.models import AccessToken, Person
from gnomon.organization.queries import person_of_token
from gnomon.organization.roles import CODES

pytestmark = pytest.mark.django_db

PAGES = (
    "/", "/style", "/search", "/search?q=desk", "/organization/permissions/", "/organization/permissions/?role=agent",
    "/organization/me/", "/organization/me/password", "/organization/me/tokens", "/organization/people/",
    "/organization/teams/", "/organization/roles/", "/organization/responsibilities/", "/organization/calendars/",
)  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_pages_open_in_both_languages(bob, sign_in, page, language):
    change_own_settings(bob, language=language)
    opened = sign_in(bob).get(page)
    assert opened.status_code == 200
    assert opened["Content-Language"] == language
    assert f'<html lang="{language}"' in opened.content.decode()


@pytest.mark.parametrize("role", CODES)
def test_everybody_has_a_home(sign_in, role):
    opened = sign_in(a_person("Robin Field", roles=[role])).get("/")
    assert opened.status_code == 200
    assert "Robin Field" in opened.content.decode()


def test_eve_has_a_home_with_nothing_in_it(eve_browser):
    opened = eve_browser.get("/")
    assert opened.status_code == 200
    assert "/organization/people/" not in opened.content.decode()


def test_the_menu_shows_what_the_roles_open_and_where_we_are(bob_browser, carol_browser):
    menu = bob_browser.get("/organization/teams/").context["menu"]
    assert [group.clause for group in menu] == sorted((group.clause for group in menu), key=lambda c: [
        int(part) for part in c.split(".") if part
    ])  # fmt: skip
    active = [entry.url for group in menu for entry in group.entries if entry.active]
    assert active == ["/organization/teams/"]
    assert all(
        entry.url != "/organization/teams/"
        for group in carol_browser.get("/").context["menu"]
        for entry in group.entries
    )


def test_the_menu_marks_the_entry_nearest_to_the_page(bob, bob_browser):
    menu = bob_browser.get(f"/organization/people/{bob.number}").context["menu"]
    assert [entry.url for group in menu for entry in group.entries if entry.active] == ["/organization/people/"]


def test_search_finds_what_the_person_may_see_and_nothing_else(bob_browser, carol_browser):
    team = a_team("Harbour pilots")
    assert "<mark>Harbour</mark> pilots" in bob_browser.get("/search?q=harbour").content.decode()
    carols = carol_browser.get("/search?q=harbour").content.decode()
    assert "pilots" not in carols
    assert "Nothing was found." in carols
    assert bob_browser.get(f"/search?q={team.number.lower()}")["Location"] == team.get_absolute_url()
    assert carol_browser.get(f"/search?q={team.number}").status_code == 200


def test_search_counts_by_kind_and_narrows_to_one(bob_browser):
    a_team("Harbour pilots")
    a_person("Harriet Harbour")
    everything = bob_browser.get("/search?q=harbour")
    assert {tab.count for tab in everything.context["tabs"]} == {2, 1}
    teams = bob_browser.get("/search?q=harbour&kind=team")
    assert [found.record.title for found in teams.context["sections"][0].found] == ["Harbour pilots"]
    assert [section.count for section in teams.context["sections"]] == [1]


@pytest.mark.parametrize("words", ["", "   ", "\"'", "*", "汉", "a" * 5000, "NEAR(", "INC-", "' OR 1=1 --"])
def test_search_takes_any_words(bob_browser, words):
    assert bob_browser.get("/search", {"q": words}).status_code == 200


def test_script_in_a_title_is_shown_and_never_run(bob_browser):
    a_team("<script>alert(1)</script> pilots")
    page = bob_browser.get("/search?q=pilots").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_pages_carry_a_policy_without_inline_scripts_or_other_places(bob_browser, nobody_browser):
    for page in (bob_browser.get("/"), nobody_browser.get("/sign-in")):
        policy = page["Content-Security-Policy"]
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert "http" not in policy


def test_pages_have_no_inline_script_or_style_that_the_policy_would_stop(bob_browser, nobody_browser):
    for page in (*(bob_browser.get(page) for page in PAGES), nobody_browser.get("/sign-in")):
        text = page.content.decode()
        assert "<script>" not in text
        assert " onclick=" not in text
        assert " style=" not in text


def test_what_may_not_be_known_is_not_found(carol_browser, bob):
    assert carol_browser.get(bob.get_absolute_url()).status_code == 404
    assert carol_browser.post(f"{bob.get_absolute_url()}/leave", {"because": "x"}).status_code == 404


def test_what_may_be_known_but_not_done_is_refused_in_a_sentence(bob_browser, carol):
    refused = bob_browser.get("/organization/people/new")
    assert refused.status_code == 403
    assert "Ask an administrator" in refused.content.decode()


def test_the_permission_table_is_for_staff(carol_browser):
    refused = carol_browser.get("/organization/permissions/")
    assert refused.status_code == 403
    assert "for the people who work here" in refused.content.decode()


def test_an_address_that_leads_nowhere_says_so(bob_browser, nobody_browser):
    assert bob_browser.get("/nowhere").status_code == 404
    assert nobody_browser.get("/nowhere").status_code == 404


def test_something_broken_gives_a_page_that_needs_nothing(bob_browser, monkeypatch):
    from gnomon.web.views import home

    bob_browser.raise_request_exception = False
    monkeypatch.setattr(home, "work_for", lambda person: 1 / 0)
    broken = bob_browser.get("/")
    assert broken.status_code == 500
    assert "Something broke on our side." in broken.content.decode()


def test_own_settings_are_saved_and_shown_in_the_new_language(carol, carol_browser):
    saved = carol_browser.post(
        "/organization/me/", {"language": "zh-hans", "time_zone": "Asia/Tokyo", "phone": "123"}, follow=True
    )
    assert "您的设置已保存" in saved.content.decode()
    carol.refresh_from_db()
    assert (carol.language, carol.time_zone, carol.phone) == ("zh-hans", "Asia/Tokyo", "123")


def test_own_settings_refuse_what_is_no_time_zone(carol, carol_browser):
    assert carol_browser.post("/organization/me/", {"time_zone": "Mars/Olympus"}).status_code == 422


def test_a_token_is_shown_once_and_can_be_revoked(bob, bob_browser):
    made = bob_browser.post("/organization/me/tokens", {"name": "monitoring", "verbs": ["read"], "days": "30"})
    text = made.context["text"]
    assert person_of_token(text) == bob
    assert text not in bob_browser.get("/organization/me/tokens").content.decode()
    token = AccessToken.objects.get()
    assert token.scopes == ["*:read"]
    bob_browser.post(f"/organization/me/tokens/{token.pk}/revoke")
    assert person_of_token(text) is None


def test_nobody_revokes_the_token_of_another(bob, bob_browser, carol_browser):
    bob_browser.post("/organization/me/tokens", {"name": "monitoring", "verbs": ["read"], "days": "30"})
    assert carol_browser.post(f"/organization/me/tokens/{AccessToken.objects.get().pk}/revoke").status_code == 404


def test_the_profile_shows_titles_of_roles(olga, olga_browser):
    assert "Administrator" in olga_browser.get("/organization/me/").content.decode()


def test_home_costs_the_same_however_many_records_there_are(bob, bob_browser, django_assert_max_num_queries):
    # session, person, and what MyWork counts, current major incidents; the count is committed so that a change shows in review
    bob_browser.get("/")  # looks up the names of levels, once
    with django_assert_max_num_queries(15):
        bob_browser.get("/")
    for n in range(5):
        a_team(f"Team {n}")
    with django_assert_max_num_queries(15):
        bob_browser.get("/")


def test_sign_in_page_asks_the_database_nothing(nobody_browser, django_assert_num_queries):
    with django_assert_num_queries(0):
        nobody_browser.get("/sign-in")


def test_the_icon_is_where_browsers_look(nobody_browser):
    assert nobody_browser.get("/favicon.ico")["Location"].endswith("favicon.svg")


def test_person_pages_work_for_an_administrator(olga_browser):
    made = olga_browser.post(
        "/organization/people/new", {"title": "New Person", "username": "Newbie", "roles": ["agent", "requester"]}
    )
    assert made.status_code == 302
    person = Person.objects.get(username="newbie")
    assert person.roles == ["requester", "agent"]
    assert olga_browser.get(person.get_absolute_url()).status_code == 200


def test_a_stranger_learns_nothing_from_the_api_door_or_pages():
    browser = Client()
    assert browser.get("/organization/people/").status_code == 302
