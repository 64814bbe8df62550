"""A session that ends while somebody types: they sign in again, and every word is there, ready to be sent."""

from __future__ import annotations

import pytest

WORDS = "The printer on floor 4 <b>smokes</b> & hisses.\r\n第二行：冒烟 “quoted” 100%\r\n"


def end_session(visitor, served):
    """The same session signs out from another window."""
    from tests.journeys.visitor import Visitor

    other = Visitor(visitor.root)
    for cookie in visitor.cookies:
        other.cookies.set_cookie(cookie)
    page = other.get("/")
    form = next(form for form in page.forms if "sign-out" in form.action)
    assert other.send(page, form).status == 200


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_report_outlives_the_session(served, visit, language):
    title = {"en": "Printer smokes 冒烟", "zh-hans": "投影仪不亮 dark"}[language]
    carol = visit("carol", language)
    page = carol.get("/resolution/report")
    form = page.form_with("title")
    end_session(carol, served)

    asked = carol.send(page, form, title=title, description=WORDS, impact="2", urgency="1")
    assert asked.status == 401
    back = carol.send(asked, asked.form_with("password"), username="carol", password="a long secret phrase")
    assert title in back.words
    kept = dict(back.form_with("title").fields)
    assert kept["description"] == WORDS

    done = carol.send(back, back.form_with("title"))
    assert done.status == 200
    number = done.url.rsplit("/", 1)[-1]
    told = served.call("GET", f"/api/v1/incidents/{number}", token=served.cast["token"])[1]
    assert told["title"] == title
    assert told["description"].splitlines() == WORDS.splitlines()
    assert (told["impact"], told["urgency"]) == (2, 1)


def test_a_wrong_password_in_between_loses_nothing_either(served, visit):
    bob = visit("bob")
    page = bob.get("/resolution/incidents/new")
    end_session(bob, served)
    asked = bob.send(page, page.form_with("title"), title="Kept through it", description="Long words")
    wrong = bob.send(asked, asked.form_with("password"), username="bob", password="wrong")
    assert wrong.status == 401
    back = bob.send(wrong, wrong.form_with("password"), username="bob", password="a long secret phrase")
    assert "Long words" in back.words
    done = bob.send(back, back.form_with("title"))
    assert done.status == 200
    assert "/resolution/incidents/INC-" in done.url


def test_a_move_outlives_the_session_and_still_heeds_what_changed_meanwhile(served, visit):
    bob = visit("bob")
    token = served.cast["token"]
    number = served.call("POST", "/api/v1/incidents", {"title": "Slow"}, token)[1]["number"]
    page = bob.get(f"/resolution/incidents/{number}/resolve")
    end_session(bob, served)
    served.call("POST", f"/api/v1/incidents/{number}/moves/start", {}, token)

    asked = bob.send(page, page.form_with("resolution"), resolution="More memory", closure_code="solved")
    back = bob.send(asked, asked.form_with("password"), username="bob", password="a long secret phrase")
    conflict = bob.send(back, back.form_with("resolution"))
    assert conflict.status == 409  # the version that was seen travelled along
    done = bob.send(conflict, conflict.form_with("resolution"))
    assert done.status == 200
    told = served.call("GET", f"/api/v1/incidents/{number}", token=token)[1]
    assert (told["status"], told["resolution"]) == ("resolved", "More memory")


def test_somebody_elses_password_does_not_send_my_words_as_theirs(served, visit):
    """At a shared computer the next person is shown what was typed; nothing is sent until they say so."""
    carol = visit("carol")
    page = carol.get("/resolution/report")
    end_session(carol, served)
    asked = carol.send(page, page.form_with("title"), title="Typed by Carol", impact="3", urgency="3")
    back = carol.send(asked, asked.form_with("password"), username="bob", password="a long secret phrase")
    assert "It has not been sent yet" in back.words
    listed = served.call("GET", "/api/v1/incidents?q=Typed+Carol", token=served.cast["token"])[1]
    assert listed["records"] == []
