"""The requesters' home: what works, my reports in plain words, and nothing that is not mine to know (8.6.1)."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from tests.governance.notices.working import work
from tests.makers import a_person, a_team
from tests.resolution.makers import a_service, an_incident

from gnomon.organization.actions import make_token
from gnomon.organization.models import AccessToken
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.models import Attachment, Participant
from gnomon.resolution import published as publishing
from gnomon.resolution.models import Incident, SatisfactionRating
from gnomon.resolution.plain_words import standing
from gnomon.resolution.queries.health import Disturbance, health
from gnomon.resolution.queries.suggestions import suggestions

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.6.1")]


@pytest.fixture
def mail():
    service = a_service("Mail", owner=a_person("Owner"))
    return actions.move(service, "go_live", by=SYSTEM)


@pytest.fixture
def outage(carol, bob, mail):
    return an_incident("No mail arrives", requester=carol, by=carol, service=mail, description="Since nine")


def solved(incident, bob):
    return actions.move(incident, "resolve", by=bob, resolution="Quota raised", closure_code="solved")


def said(answer):
    return answer.content.decode()


# What works now


def test_a_service_is_down_disturbed_or_works(carol, mail):
    assert [(one.state, one.since) for one in health(carol)] == [("works", None)]
    an_incident("Slow", service=mail, impact=2, urgency=2)  # priority 3: one person's matter
    assert health(carol)[0].state == "works"
    high = an_incident("Slower", service=mail, impact=2, urgency=1)  # priority 2
    assert (health(carol)[0].state, health(carol)[0].since) == ("disturbed", high.opened_at)
    an_incident("Gone", service=mail, impact=1, urgency=1)  # priority 1
    assert (health(carol)[0].state, health(carol)[0].since) == ("down", high.opened_at)


def test_what_is_solved_disturbs_no_longer(carol, mail, bob):
    solved(an_incident("Gone", service=mail, impact=1, urgency=1), bob)
    assert health(carol)[0].state == "works"


def test_the_worst_comes_first_and_planned_services_not_at_all(carol, mail):
    other = actions.move(a_service("Archive", owner=a_person("Owner")), "go_live", by=SYSTEM)
    a_service("Planned")
    an_incident("Gone", service=mail, is_major=True)
    assert [(one.service, one.state) for one in health(carol)] == [(mail, "down"), (other, "works")]


def test_the_page_says_it_in_words_and_names_nobody_elses_incident(carol_browser, mail):
    an_incident("Payroll of the board leaked", service=mail, impact=1, urgency=1)
    page = said(carol_browser.get("/portal"))
    assert "Down" in page
    assert "Payroll" not in page
    assert "INC-000001" not in page


def test_home_is_the_portal_for_whoever_only_asks(carol_browser, bob_browser, mail):
    assert "What works now" in said(carol_browser.get("/"))
    assert "What works now" not in said(bob_browser.get("/"))


def test_the_portal_asks_for_nothing_while_nothing_happens(carol_browser, outage):
    headers = {"HX-Request": "true", "HX-Target": "live"}
    first = carol_browser.get("/portal", headers=headers)
    assert "data-part" in said(first)
    again = carol_browser.get("/portal", headers={**headers, "If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


# My reports in plain words


def test_where_a_report_stands_is_said_in_plain_words(outage, bob):
    assert standing(outage).title == "Received"
    actions.move(outage, "assign", by=bob, team=a_team())
    assert standing(outage).title == "Passed on"
    actions.move(outage, "wait", by=bob, waiting_reason="supplier")
    assert (standing(outage).title, standing(outage).todo) == ("Waiting", "")
    actions.move(outage, "resume", by=bob)
    actions.move(outage, "wait", by=bob, waiting_reason="user")
    assert standing(outage).todo == "answer"
    solved(outage, bob)
    assert standing(outage).todo == "confirm"


def test_what_i_must_do_stands_first(carol_browser, outage, bob):
    solved(outage, bob)
    page = said(carol_browser.get("/portal"))
    assert page.index("Waiting for you") < page.index("No mail arrives") < page.index(">Services</h2>")


def test_nothing_said_among_staff_reaches_the_page_of_a_report(carol_browser, outage, bob):
    actions.comment(outage, "She broke it herself", by=bob, internal=True)
    actions.change(outage, by=bob, impact=1, because="Her chief called")
    actions.move(outage, "escalate", by=bob, team=a_team("Second line"), because="Beyond us")
    actions.attach(outage, a_file("blame.txt"), by=bob, internal=True)
    actions.comment(outage, "We are on it", by=bob)
    page = said(carol_browser.get(f"/portal/reports/{outage.number}"))
    assert "We are on it" in page
    for secret in ("She broke it", "Her chief", "Beyond us", "Second line", "blame.txt", "impact"):
        assert secret not in page


def a_file(name="shot.png", content=b"\x89PNG\r\n"):
    file = io.BytesIO(content)
    file.name = name
    return _upload(name, content)


def _upload(name, content):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, content)


@pytest.mark.parametrize("door", ["", "/reply", "/confirm", "/reject", "/rate"])
def test_nobody_else_has_a_door_to_carols_report(door, outage, eve_browser, sign_in):
    tom = a_person("Tom Else", username="tom", roles=["requester"])
    address = f"/portal/reports/{outage.number}{door}"
    for browser in (eve_browser, sign_in(tom)):
        ask = browser.post if door else browser.get
        assert ask(address, {"text": "x", "because": "x", "score": 5}).status_code == 404
    outage.refresh_from_db()
    assert outage.version == 1


def test_whoever_follows_a_report_decides_nothing_about_it(outage, bob, sign_in):
    tom = a_person("Tom Else", username="tom", roles=["requester"])
    actions.join(outage, tom, "watcher", by=bob)
    solved(outage, bob)
    browser = sign_in(tom)
    assert browser.get(f"/portal/reports/{outage.number}").status_code == 200
    assert browser.post(f"/portal/reports/{outage.number}/confirm").status_code == 404
    outage.refresh_from_db()
    assert outage.status == "resolved"


def test_an_answer_takes_it_on_at_whichever_door(carol, carol_browser, outage, bob):
    actions.move(outage, "wait", by=bob, waiting_reason="user")
    carol_browser.post(f"/portal/reports/{outage.number}/reply", {"text": "Yes, all of us", "file": a_file()})
    outage.refresh_from_db()
    assert outage.status == "in_progress"
    assert Attachment.objects.get().name == "shot.png"
    actions.move(outage, "wait", by=bob, waiting_reason="user")
    actions.comment(outage, "Any news?", by=bob)
    assert outage.status == "waiting"
    actions.comment(outage, "Still so", by=carol)
    assert outage.status == "in_progress"


def test_a_note_among_staff_is_no_answer_even_by_staff_who_reported_it(bob, alice):
    own = an_incident("My own", requester=bob, by=bob)
    actions.move(own, "wait", by=alice, waiting_reason="user")
    actions.comment(own, "For us only", by=bob, internal=True)
    assert own.status == "waiting"


def test_an_empty_answer_is_refused_and_a_file_alone_is_not(carol_browser, outage):
    address = f"/portal/reports/{outage.number}/reply"
    assert carol_browser.post(address, {"text": "  "}).status_code == 422
    assert carol_browser.post(address, {"text": "", "file": a_file()}).status_code == 302


def test_a_file_that_is_refused_loses_no_words(carol_browser, outage):
    answer = carol_browser.post(f"/portal/reports/{outage.number}/reply", {"text": "See this", "file": a_file("a.exe")})
    assert answer.status_code == 422
    assert "See this" in said(answer)
    assert not Attachment.objects.exists()


def test_confirming_closes_and_rejecting_goes_on(carol_browser, outage, bob):
    solved(outage, bob)
    address = f"/portal/reports/{outage.number}"
    assert carol_browser.post(f"{address}/reject", {"because": ""}).status_code == 422
    carol_browser.post(f"{address}/reject", {"because": "Still none"})
    outage.refresh_from_db()
    assert (outage.status, outage.reopen_count) == ("in_progress", 1)
    solved(outage, bob)
    assert "Quota raised" in said(carol_browser.get(address))
    carol_browser.post(f"{address}/confirm")
    outage.refresh_from_db()
    assert outage.status == "closed"
    late = carol_browser.post(f"{address}/confirm", follow=True)
    assert "message-error" in said(late)


# Ratings


def test_everybody_who_is_served_is_asked_so_that_silence_counts_too(outage, bob, carol):
    other = an_incident("Another", requester=carol)
    for incident in (outage, other):
        actions.move(solved(incident, bob), "close", by=bob)
    work()
    work()
    assert list(SatisfactionRating.objects.values_list("status", flat=True)) == ["asked", "asked"]


def test_a_rating_is_given_once_by_the_requester_of_what_is_closed(carol_browser, outage, bob, carol):
    address = f"/portal/reports/{outage.number}/rate"
    solved(outage, bob)
    assert "How did it go?" not in said(carol_browser.get(address.removesuffix("/rate")))
    actions.move(outage, "close", by=bob)
    work()
    assert carol_browser.post(address, {"comment": "no score"}).status_code == 422
    assert carol_browser.post(address, {"score": "9"}).status_code == 422
    carol_browser.post(address, {"score": "4", "comment": "Quick"})
    rating = SatisfactionRating.objects.get()
    assert (rating.status, rating.score, rating.comment, rating.requester) == ("answered", 4, "Quick", carol)
    assert carol_browser.post(address, {"score": "1"}).status_code == 409
    assert SatisfactionRating.objects.get().score == 4


def test_nobody_alters_what_somebody_else_answered(outage, bob, carol, olga, sign_in):
    from gnomon.records.refusals import Refused
    from gnomon.resolution.ratings import asked

    rating = asked(outage, carol)
    for person in (bob, olga, a_person("Tom", username="tom", roles=["requester"])):
        with pytest.raises(Refused):
            actions.move(rating, "answer", by=person, score=5)
        with pytest.raises(Refused):
            actions.change(rating, by=person, score=5)


def test_a_question_rests_after_a_month_and_can_still_be_answered(outage, carol):
    from datetime import UTC, datetime, timedelta

    from gnomon.resolution.ratings import asked, lapse, may_rate, rate

    asked(outage, carol)
    assert lapse(datetime.now(UTC) + timedelta(days=29)) == 0
    assert lapse(datetime.now(UTC) + timedelta(days=31)) == 1
    assert may_rate(outage, carol) is False  # it is not closed
    assert rate(outage, carol, 5, "", by=carol).status == "answered"


# Reporting


def test_what_i_reported_before_and_what_is_published_is_suggested_and_nothing_of_others(outage, carol):
    an_incident("No mail arrives at the board", requester=a_person("Chair"))
    told = [Disturbance("INC-000099", "Mail is disturbed", "We work on it 邮件")]
    found = suggestions("no mail arr", "", carol, told)
    assert list(found.own) == [outage]
    assert list(suggestions("邮件收不到", "", carol, told).disturbances) == []
    assert list(suggestions("邮件", "", carol, told).disturbances) == told
    assert not suggestions("printer", "", carol, told)
    assert not suggestions("", "", carol, told)


def test_without_script_what_is_known_is_a_step_of_its_own(carol_browser, outage, carol):
    facts = {"title": "No mail arrives here", "impact": "3", "urgency": "3"}
    step = carol_browser.post("/portal/report", facts)
    assert step.status_code == 422
    assert "You reported something like it before:" in said(step)
    assert "It is none of these: send" in said(step)
    sent = carol_browser.post("/portal/report", {**facts, "sure": "1"})
    assert sent["Location"] == "/portal/reports/INC-000002"
    assert Incident.objects.get(number="INC-000002").requester == carol


def test_suggestions_while_typing_are_a_part_of_the_form(carol_browser, outage, eve_browser):
    assert "No mail arrives" in said(carol_browser.get("/portal/suggest", {"title": "mail arrives", "service": "x"}))
    assert said(eve_browser.get("/portal/suggest", {"title": "mail arrives"})).strip() == ""


@pytest.fixture
def told(monkeypatch, outage):
    """What is published of the outage, to everybody but Eve."""
    notice = Disturbance(outage.number, "Mail is disturbed", "We work on it", service=outage.service.number)
    for module in ("gnomon.resolution.published", "gnomon.resolution.views.portal", "gnomon.resolution.views.report"):
        monkeypatch.setattr(f"{module}.published", lambda person: [notice] if person.roles else [])
    return notice


def test_following_what_is_published_counts_me_and_shows_me_nothing_else(told, outage, sign_in):
    tom = a_person("Tom Else", username="tom", roles=["requester"])
    browser = sign_in(tom)
    page = said(browser.get("/portal"))
    assert "Mail is disturbed" in page
    browser.post(f"/portal/disturbances/{outage.number}/follow")
    assert Participant.objects.get().part == publishing.AFFECTED
    assert browser.get(outage.get_absolute_url()).status_code == 404
    assert browser.get(f"/portal/reports/{outage.number}").status_code == 404
    assert not Incident.objects.visible_to(tom).exists()


def test_what_is_not_published_to_eve_cannot_be_followed_by_her(told, outage, eve_browser):
    assert eve_browser.post(f"/portal/disturbances/{outage.number}/follow").status_code == 404
    assert not Participant.objects.exists()


def test_nothing_unpublished_can_be_followed(outage, sign_in):
    tom = a_person("Tom Else", username="tom", roles=["requester"])
    assert sign_in(tom).post(f"/portal/disturbances/{outage.number}/follow").status_code == 404


def test_the_portal_asks_the_database_as_often_for_many_as_for_few(carol, carol_browser, bob):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def lived_in(times):
        for n in range(times):
            service = actions.move(a_service(f"Service {n} {times}", owner=bob), "go_live", by=SYSTEM)
            an_incident(f"Case {n}", requester=carol, service=service, impact=1, urgency=1)

    def asked(address):
        carol_browser.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert carol_browser.get(address).status_code == 200
        return len(captured)

    lived_in(2)
    few = asked("/portal"), asked("/portal/reports/INC-000001")
    lived_in(20)
    # session, person, bell; newest entries (2), published, agreements, services, pressing incidents, reports: open and done
    # session, person, bell; what they take part in, the report, its ledger, names, files, was it rated
    assert (asked("/portal"), asked("/portal/reports/INC-000001")) == few == (PORTAL, PORTAL_REPORT)


PORTAL = 11
PORTAL_REPORT = 9


def test_a_published_text_is_shown_with_its_service_and_can_be_followed(carol_browser, carol, bob, mail):
    from gnomon.records.kinds import kind_named

    outage = an_incident("Board's mail is gone", service=mail, impact=1, urgency=1)
    actions.record(
        kind_named("major_incident"),
        by=SYSTEM,
        title="Mail is gone",
        reason="Nobody can work",
        incident=outage,
        manager=bob,
        informed="CEO",
    )
    notice = actions.record(
        kind_named("customer_notice"), by=SYSTEM, title="Mail is disturbed", incident=outage,
        text_en="We replace a disk.", text_zh="正在更换磁盘。",
    )  # fmt: skip
    assert "We replace a disk." not in said(carol_browser.get("/portal"))
    actions.move(notice, "publish", by=SYSTEM)
    page = said(carol_browser.get("/portal"))
    assert "We replace a disk." in page
    assert "next update" in page
    assert "Board" not in page
    carol_browser.post(f"/portal/disturbances/{outage.number}/follow")
    assert "You follow this" in said(carol_browser.get("/portal"))
    assert not Incident.objects.visible_to(carol).filter(pk=outage.pk).exists()


def test_programs_read_the_same_as_people(carol, mail):
    from django.test import Client

    from gnomon.organization.actions import make_token

    high = an_incident("Payroll leaked", service=mail, impact=2, urgency=1)
    _token, secret = make_token(carol, name="status page", by=SYSTEM)
    answer = Client(headers={"Authorization": f"Bearer {secret}"}).get("/api/v1/service-health")
    (told,) = answer.json()["services"]
    assert (told["title"], told["state"]) == ("Mail", "disturbed")
    assert told["since"].startswith(f"{high.opened_at:%Y-%m-%dT%H:%M}")
    assert "Payroll" not in answer.content.decode()


def test_a_rating_by_rest_takes_a_comment_once_and_from_its_requester_alone(outage, bob, carol, dave):
    def rated(person, body):
        _token, text = make_token(person, name=f"t{len(body)}{AccessToken.objects.count()}", by=SYSTEM)
        return Client().post(
            f"/api/v1/incidents/{outage.number}/rate", body, content_type="application/json",
            headers={"Authorization": f"Bearer {text}"},
        )  # fmt: skip

    said_so = {"score": 4, "comment": "Quick, thank you."}
    assert rated(carol, said_so).status_code == 409, "it is not closed yet"
    actions.move(outage, "resolve", by=bob, resolution="Mended", closure_code="solved")
    actions.move(outage, "close", by=bob)
    assert rated(dave, said_so).status_code == 409
    assert rated(carol, {"score": 9}).status_code == 422
    answer = rated(carol, said_so)
    assert answer.status_code == 200
    assert {name: answer.json()[name] for name in ("score", "comment", "status")} == said_so | {"status": "answered"}
    assert rated(carol, said_so).status_code == 409
