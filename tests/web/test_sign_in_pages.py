"""The door: signing in and out, lock-out, language, and what a stranger is shown."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
from django.test import Client
from django.utils import timezone
from tests.makers import a_person

from gnomon.organization.models import Person

pytestmark = pytest.mark.django_db
RIGHT = "seven small stones"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def ada():
    return a_person("Ada Byron", username="ada", password=RIGHT, roles=["agent"])


def sign_in(browser, password=RIGHT, username="ada", **more):
    return browser.post("/sign-in", {"username": username, "password": password, **more})


def said(response):
    return re.sub(r"\s+", " ", response.content.decode())


def test_a_stranger_is_asked_to_sign_in_and_then_gets_the_page_he_wanted(ada, nobody_browser):
    asked = nobody_browser.get("/organization/people/?status=active")
    assert asked.status_code == 302
    assert unquote(asked["Location"]) == "/sign-in?next=/organization/people/?status=active"
    assert 'value="/organization/people/?status=active"' in said(nobody_browser.get(asked["Location"]))
    opened = sign_in(nobody_browser, next="/organization/people/?status=active")
    assert opened.status_code == 302
    assert opened["Location"] == "/organization/people/?status=active"


ELSEWHERE = [
    "//evil.example/",
    "https://evil.example/",
    "javascript:alert(1)",
    "/\\evil.example",
    "nonsense",
    "home",
    "-1",
]


@pytest.mark.parametrize("next", ELSEWHERE)
def test_signing_in_leads_to_no_other_house(ada, nobody_browser, next):
    assert sign_in(nobody_browser, next=next)["Location"] == "/"
    assert nobody_browser.get("/sign-in", {"next": next})["Location"] == "/"


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(ada, nobody_browser):
    def answer(response):
        body = re.sub(r'(name="csrfmiddlewaretoken" value|value)="[^"]*"', "", said(response))
        return response.status_code, body

    wrong = answer(sign_in(nobody_browser, "guess"))
    unknown = answer(sign_in(nobody_browser, "guess", username="nobody"))
    assert wrong == unknown
    assert wrong[0] == 401


def test_a_lock_out_is_told_alike_for_names_that_exist_and_that_do_not(ada, nobody_browser, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    for name in ("ada", "nobody"):
        answers = [said(sign_in(nobody_browser, "guess", username=name)) for _again in range(6)]
        assert ["Wait 15 minutes" in answer for answer in answers] == [False] * 4 + [True] * 2
    assert "too many attempts" in said(sign_in(nobody_browser))
    monkeypatch.setattr(timezone, "now", lambda: NOON + timedelta(minutes=14, seconds=30))
    assert "Wait 1 minute," in said(sign_in(nobody_browser))
    monkeypatch.setattr(timezone, "now", lambda: NOON + timedelta(minutes=15))
    assert sign_in(nobody_browser).status_code == 302


def test_a_session_planted_beforehand_is_worth_nothing(ada, nobody_browser):
    nobody_browser.get("/sign-in")
    session = nobody_browser.session
    session["planted"] = True
    session.save()
    before = session.session_key
    nobody_browser.cookies["sessionid"] = before
    sign_in(nobody_browser)
    assert nobody_browser.cookies["sessionid"].value != before


def test_signing_out_needs_a_post_and_ends_the_session(bob_browser):
    assert bob_browser.get("/sign-out").status_code == 405
    assert bob_browser.get("/").status_code == 200
    assert bob_browser.post("/sign-out").status_code == 302
    assert bob_browser.get("/").status_code == 302


def test_whoever_left_is_out_with_the_next_page(bob, bob_browser, olga):
    from gnomon.records.actions import move

    move(bob, "leave", by=olga, because="New job")
    assert bob_browser.get("/").status_code == 302


def test_a_new_password_ends_all_other_sessions(ada):
    here, there = Client(), Client()
    sign_in(here)
    sign_in(there)
    changed = here.post(
        "/organization/me/password",
        {"present": RIGHT, "password": "eight large stones", "again": "eight large stones"},
    )
    assert changed.status_code == 302
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 302


def test_a_weak_password_is_refused_on_its_field(ada, nobody_browser):
    sign_in(nobody_browser)
    page = nobody_browser.post("/organization/me/password", {"present": RIGHT, "password": "short", "again": "short"})
    assert page.status_code == 422
    assert "too short" in said(page)
    assert Person.objects.get(pk=ada.pk).check_password(RIGHT)


def test_the_sign_in_page_speaks_the_language_of_the_browser(nobody_browser):
    chinese = nobody_browser.get("/sign-in", headers={"accept-language": "zh-CN,zh;q=0.9,en;q=0.8"})
    assert "登录" in said(chinese)
    assert chinese["Content-Language"] == "zh-hans"
    assert "Sign in" in said(nobody_browser.get("/sign-in", headers={"accept-language": "fr, en-GB;q=0.5"}))
    assert "Sign in" in said(nobody_browser.get("/sign-in", headers={"accept-language": "nonsense;;q=x,,"}))


def test_the_language_button_works_before_signing_in(nobody_browser):
    switched = nobody_browser.post("/settings/language", {"language": "zh-hans", "next": "/sign-in"}, follow=True)
    assert "登录" in said(switched)
    assert "登录" in said(nobody_browser.get("/sign-in"))


def test_a_persons_language_wins_over_the_browsers_and_is_kept_with_the_person(bob, bob_browser):
    switched = bob_browser.post("/settings/language", {"language": "zh-hans", "next": "/"}, follow=True)
    assert "首页" in said(switched)
    assert Person.objects.get(pk=bob.pk).language == "zh-hans"
    fresh = Client(headers={"accept-language": "en"})
    fresh.force_login(bob)
    assert "首页" in said(fresh.get("/"))


@pytest.mark.parametrize("next", ELSEWHERE)
def test_the_language_button_leads_to_no_other_house(nobody_browser, next):
    assert nobody_browser.post("/settings/language", {"language": "en", "next": next})["Location"] == "/"


def test_one_persons_language_does_not_stay_for_the_next(bob, carol, sign_in):
    from gnomon.organization.actions import change_own_settings

    change_own_settings(bob, language="zh-hans")
    assert "首页" in said(sign_in(bob).get("/"))
    assert "What works now" in said(sign_in(carol).get("/", headers={"accept-language": "en"}))


def test_times_are_shown_in_the_zone_of_whoever_reads(bob, sign_in, monkeypatch):
    from gnomon.organization.actions import change_own_settings

    monkeypatch.setattr(timezone, "now", lambda: NOON)
    # 12:00 UTC is 20:00 in Shanghai, the zone of the installation, and 08:00 in New York, by then still in winter
    assert "Good evening, Bob Reed." in said(sign_in(bob).get("/"))
    change_own_settings(bob, time_zone="America/New_York")
    assert "Good morning, Bob Reed." in said(sign_in(bob).get("/"))
