"""What requesters do by a link that was sent to them, without signing in (8.6.1, 8.3.2)."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.core.cache import cache
from tests.governance.notices.working import work
from tests.makers import a_person
from tests.resolution.makers import an_incident

from gnomon.governance.links import make_link
from gnomon.governance.notices import sending
from gnomon.records import actions
from gnomon.resolution.models import SatisfactionRating

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.6.1")]


@pytest.fixture(autouse=True)
def mail_on(settings):
    settings.MAIL = {"backend": "django.core.mail.backends.locmem.EmailBackend"}
    settings.MAIL_FROM = "desk@gnomon.example"
    settings.PUBLIC_URL = ""
    sending._away.clear()
    cache.clear()


@pytest.fixture
def nina(db):
    """Calls now and then, and has never signed in."""
    return a_person("Nina Park", email="nina@customer.example", language="zh-hans")


@pytest.fixture
def outage(nina, bob):
    return an_incident("No mail", requester=nina, by=bob)


def link_in(message):
    return re.search(r"/l/\S+", message.body).group()


def solved(incident, bob):
    return actions.move(incident, "resolve", by=bob, resolution="Quota raised", closure_code="solved")


def said(answer):
    return answer.content.decode()


def test_from_the_solution_to_the_rating_without_ever_signing_in(nobody_browser, outage, bob, nina):
    solved(outage, bob)
    work()
    confirm = link_in(mail.outbox[-1])
    assert "Quota raised" in mail.outbox[-1].body
    page = said(nobody_browser.get(confirm))
    assert "此页面供 Nina Park 使用" in page
    assert "Quota raised" in page
    nobody_browser.post(confirm, {"confirm": "1"})
    outage.refresh_from_db()
    assert (outage.status, outage.closed_by) == ("closed", nina.number)
    work()
    rate = make_link("rate", person=nina.number, about=outage)
    assert nobody_browser.post(rate, {"score": ""}).status_code == 422
    assert "谢谢" in said(nobody_browser.post(rate, {"score": "5", "comment": "Quick"}))
    assert SatisfactionRating.objects.get(status="answered").score == 5
    assert nobody_browser.get(rate).status_code == 404


def test_the_desk_closes_and_the_mail_asks_how_it_went(nobody_browser, outage, bob):
    actions.move(solved(outage, bob), "close", by=bob)
    work()
    page = nobody_browser.get(link_in(mail.outbox[-1]))
    assert page.status_code == 200
    assert 'name="score"' in said(page)


def test_programs_that_open_every_address_change_nothing(nobody_browser, outage, bob):
    solved(outage, bob)
    work()
    confirm = link_in(mail.outbox[-1])
    version = outage.version
    for _time in range(3):
        nobody_browser.get(confirm)
        nobody_browser.head(confirm)
        nobody_browser.get(f"{confirm}?confirm=1")
    outage.refresh_from_db()
    assert (outage.status, outage.version) == ("resolved", version)


def test_rejecting_needs_a_reason_and_goes_on(nobody_browser, outage, bob):
    confirm = make_link("confirm", person=outage.requester.number, about=solved(outage, bob))
    assert nobody_browser.post(confirm, {"reject": "1", "because": ""}).status_code == 422
    nobody_browser.post(confirm, {"reject": "1", "because": "Still none"})
    outage.refresh_from_db()
    assert outage.status == "in_progress"
    assert nobody_browser.post(confirm, {"confirm": "1"}).status_code == 404


def test_a_link_that_comes_too_late_says_so_and_does_nothing(nobody_browser, outage, bob):
    confirm = make_link("confirm", person=outage.requester.number, about=solved(outage, bob))
    actions.move(outage, "reopen", by=bob, because="It came back")
    version = outage.version
    assert nobody_browser.post(confirm, {"confirm": "1"}).status_code == 200
    outage.refresh_from_db()
    assert outage.version == version


def test_looking_and_answering_by_link_shows_what_the_requester_may_know(nobody_browser, outage, bob, nina):
    actions.comment(outage, "She broke it herself", by=bob, internal=True)
    actions.comment(outage, "Is it slow or gone?", by=bob)
    view = make_link("view", person=nina.number, about=outage)
    page = said(nobody_browser.get(view))
    assert "Is it slow or gone?" in page
    assert "She broke it" not in page
    nobody_browser.post(view, {"text": "Gone"})
    assert "Gone" in said(nobody_browser.get(view))
    assert nobody_browser.post(view, {"text": ""}).status_code == 422


def test_a_link_of_one_purpose_serves_no_other(nobody_browser, outage, bob, nina):
    view = make_link("view", person=nina.number, about=solved(outage, bob))
    nobody_browser.post(view, {"confirm": "1", "score": "5", "text": ""})
    outage.refresh_from_db()
    assert outage.status == "resolved"


def test_staff_get_no_links_that_act_for_requesters(outage, bob):
    staff = a_person("Ben Ode", username="ben", roles=["agent"], email="ben@house.example")
    own = an_incident("His own", requester=staff, by=bob)
    solved(own, bob)
    work()
    (message,) = [m for m in mail.outbox if m.to == ["ben@house.example"] and "Is it solved" in m.body]
    assert "/l/" not in message.body
