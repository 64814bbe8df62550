"""A session that ends in mid-form loses nothing that was typed."""

from __future__ import annotations

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.makers import a_person

from gnomon.organization.models import Team

pytestmark = pytest.mark.django_db
RIGHT = "seven small stones"
TYPED = {"title": "Night desk <b>& co</b>", "email": "night@example.org"}
NEW_TEAM = "/organization/teams/new"


@pytest.fixture
def manager():
    return a_person("Mia Hart", username="mia", password=RIGHT, roles=["process_manager"])


def hidden(page):
    """What the form of a page carries: name → value, as a browser would send it."""
    inputs = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page.content.decode())
    return {name: html.unescape(value) for name, value in inputs}


def action(page):
    return re.search(r'<form class="form-sheet" method="post" action="([^"]*)"', page.content.decode())[1]


def test_what_was_typed_comes_back_after_signing_in_and_is_sent_once_more(manager):
    browser = Client()
    browser.force_login(manager)
    assert browser.get(NEW_TEAM).status_code == 200
    browser.session.flush()  # hours later: the session has expired

    asked = browser.post(NEW_TEAM, TYPED)
    assert asked.status_code == 401
    assert "Nothing you typed is lost" in asked.content.decode()

    shown = browser.post(action(asked), hidden(asked) | {"username": "mia", "password": RIGHT})
    assert shown.status_code == 200
    assert "Night desk &lt;b&gt;&amp; co&lt;/b&gt;" in shown.content.decode()
    assert "<dt>Title</dt>" in shown.content.decode()
    assert Team.objects.count() == 0  # nothing is sent before the person says so

    assert action(shown) == NEW_TEAM
    sent = browser.post(action(shown), hidden(shown))
    assert sent.status_code == 302
    team = Team.objects.get()
    assert (team.title, team.email) == (TYPED["title"], TYPED["email"])


def test_it_works_with_the_checks_of_a_real_browser(manager):
    """With CSRF enforced: the token changes at sign-in, and the page that comes back has the new one."""
    browser = Client(enforce_csrf_checks=True)
    token = hidden(browser.get("/sign-in"))["csrfmiddlewaretoken"]
    asked = browser.post(NEW_TEAM, TYPED | {"csrfmiddlewaretoken": token})
    assert asked.status_code == 401
    shown = browser.post("/sign-in", hidden(asked) | {"username": "mia", "password": RIGHT})
    assert shown.status_code == 200
    assert browser.post(NEW_TEAM, hidden(shown)).status_code == 302
    assert Team.objects.get().title == TYPED["title"]


def test_a_wrong_password_does_not_lose_it_either(manager, nobody_browser):
    asked = nobody_browser.post(NEW_TEAM, TYPED)
    again = nobody_browser.post("/sign-in", hidden(asked) | {"username": "mia", "password": "guess"})
    assert again.status_code == 401
    shown = nobody_browser.post("/sign-in", hidden(again) | {"username": "mia", "password": RIGHT})
    assert hidden(shown)["title"] == TYPED["title"]


def test_switching_the_language_on_the_way_does_not_lose_it(manager, nobody_browser):
    asked = nobody_browser.post(NEW_TEAM, TYPED)
    chinese = nobody_browser.post("/settings/language", {"language": "zh-hans", "kept": hidden(asked)["kept"]})
    assert "登录" in chinese.content.decode()
    shown = nobody_browser.post("/sign-in", hidden(chinese) | {"username": "mia", "password": RIGHT})
    assert hidden(shown)["title"] == TYPED["title"]
    assert "立即发送" in shown.content.decode()


def test_a_form_from_an_older_session_comes_back_ready_to_send(manager):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(manager)
    stale = browser.post(NEW_TEAM, TYPED | {"csrfmiddlewaretoken": "x" * 64})
    assert stale.status_code == 403
    assert "Send now" in stale.content.decode()
    assert browser.post(NEW_TEAM, hidden(stale)).status_code == 302
    assert Team.objects.get().title == TYPED["title"]


def test_a_stale_sign_in_page_is_given_anew(manager):
    browser = Client(enforce_csrf_checks=True)
    stale = browser.post("/sign-in", {"username": "mia", "password": RIGHT})
    assert stale.status_code == 403
    assert browser.post("/sign-in", hidden(stale) | {"username": "mia", "password": RIGHT}).status_code == 302


def test_many_values_and_long_lines_survive(manager, nobody_browser):
    long = "First line\r\n\r\n" + "很长的文字 " * 20_000
    asked = nobody_browser.post("/organization/teams/new?from=desk", {"title": long, "tags": ["a", "b", ""]})
    shown = nobody_browser.post("/sign-in", hidden(asked) | {"username": "mia", "password": RIGHT})
    inputs = re.findall(r'<input type="hidden" name="(title|tags)" value="([^"]*)"', shown.content.decode())
    assert [(name, html.unescape(value)) for name, value in inputs] == [
        ("title", long), ("tags", "a"), ("tags", "b"), ("tags", ""),
    ]  # fmt: skip
    assert action(shown) == "/organization/teams/new?from=desk"


def test_files_cannot_be_kept_and_the_page_says_so(manager, nobody_browser):
    file = SimpleUploadedFile("plan.pdf", b"%PDF-1.4")
    asked = nobody_browser.post(NEW_TEAM, TYPED | {"file": file})
    assert "Files cannot be kept. Attach them again: plan.pdf." in asked.content.decode()
    shown = nobody_browser.post("/sign-in", hidden(asked) | {"username": "mia", "password": RIGHT})
    assert "plan.pdf" in shown.content.decode()


def test_htmx_gets_the_whole_page_since_it_shows_no_refusals(manager, nobody_browser):
    asked = nobody_browser.post(NEW_TEAM, TYPED, headers={"HX-Request": "true", "HX-Target": "dialog-body"})
    assert (asked.status_code, asked["HX-Retarget"]) == (200, "body")
    assert "kept" in hidden(asked)


def test_a_part_that_refreshes_itself_does_not_take_the_page_away(nobody_browser):
    asked = nobody_browser.get("/organization/teams/", headers={"HX-Request": "true", "HX-Target": "rows"})
    assert asked.status_code == 401
    assert asked.content == b""


def test_passwords_are_never_kept(nobody_browser):
    asked = nobody_browser.post(
        "/organization/me/password", {"present": RIGHT, "password": "eight large stones", "again": "eight large stones"}
    )
    assert asked.status_code == 401
    assert "kept" not in hidden(asked)


def test_a_strangers_page_cannot_put_words_into_a_form(manager):
    browser = Client(enforce_csrf_checks=True)
    planted = browser.post(NEW_TEAM, TYPED, headers={"origin": "https://evil.example"})
    assert "kept" not in hidden(planted)
    browser.force_login(manager)
    planted = browser.post(NEW_TEAM, TYPED, headers={"origin": "https://evil.example"})
    assert planted.status_code == 403
    assert "Night desk" not in planted.content.decode()


@pytest.mark.parametrize("kept", ["nonsense", "W10:abc:def", ""])
def test_a_kept_form_that_we_did_not_write_is_ignored(manager, nobody_browser, kept):
    opened = nobody_browser.post("/sign-in", {"username": "mia", "password": RIGHT, "kept": kept})
    assert opened.status_code == 302
