"""Escalation on pages, by REST and by link: permitted, seen, and silent to those whom it does not concern."""

from __future__ import annotations

import json

import pytest

from gnomon.agreements.models import EscalationPolicy, EscalationStep
from gnomon.governance.links import make_link
from gnomon.organization.actions import make_token
from gnomon.records.models import LedgerEntry
from gnomon.resolution.escalations import escalate_to_manager

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.6.1")]
POLICIES = "/agreements/escalation-policies/"


def form_of(**rows):
    """The fields of a form with one step."""
    step = {"order": "1", "clock": "resolve", "at": "75", "unit": "percent", "do": "notify", "whom": "team's lead",
            "team": "next", "wait": "", "fallback": ""} | rows  # fmt: skip
    return {"title": "Usual", **{f"steps-0-{name}": value for name, value in step.items()}}


def test_a_policy_is_written_in_words(alice_browser, alice, lead):
    answer = alice_browser.post(f"{POLICIES}new", form_of(whom="team's lead, Process manager, Lena Field"))
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    policy = EscalationPolicy.objects.get()
    assert policy.steps == [
        {"clock": "resolve", "do": "notify", "percent": 75, "whom": ["team_lead", "role:process_manager", lead.number]}
    ]
    page = alice_browser.get(policy.get_absolute_url()).content.decode()
    assert "At 75 % of the time to resolve: tell team&#x27;s lead, Process manager, Lena Field." in page
    form = alice_browser.get(f"{policy.get_absolute_url()}/edit").content.decode()
    assert f'value="team&#x27;s lead, Process manager, {lead.number} Lena Field"' in form


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ({"whom": "Nobody Known"}, "There is nobody called “Nobody Known”."),
        ({"whom": ""}, "Say who is told."),
        ({"at": "soon"}, "write a whole number"),
        ({"at": "1001"}, "from 1 to 1000"),
        ({"at": "99999999999"}, "write a whole number"),
        ({"whom": "assignee\x00"}, "There is nobody called"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_typed_is_lost(alice_browser, rows, says):
    answer = alice_browser.post(f"{POLICIES}new", form_of(**rows))
    assert answer.status_code in (400, 422)
    if answer.status_code == 422:
        assert says in answer.content.decode().replace("&#x27;", "'")
        assert 'value="Usual"' in answer.content.decode()
    assert not EscalationPolicy.objects.exists()


def test_steps_out_of_order_and_people_who_are_not_there_are_refused_at_every_door(alice, client):
    _token, secret = make_token(alice, name="program", scopes=["write"], by=alice)
    head = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}

    def sent(*steps):
        body = json.dumps({"title": "Usual", "steps": list(steps)})
        return client.post("/api/v1/escalation-policies", body, content_type="application/json", **head)

    step = {"clock": "resolve", "do": "notify", "percent": 75, "whom": ["PER-999999"]}
    assert sent(step).status_code == 422
    assert "PER-999999" in sent(step).content.decode()
    known = step | {"whom": ["assignee"]}
    answer = sent(known, known | {"percent": 50})
    assert (answer.status_code, "Put the steps in order" in answer.content.decode()) == (422, True)
    assert sent(known, known | {"percent": None, "minutes": -5}).status_code == 201
    after = {"clock": "resolve", "do": "notify", "minutes": 10, "whom": ["assignee"]}
    assert sent(after, known).status_code == 422  # 75 % cannot come after the target
    for odd in ("steps", 7, {"a": 1}, [1], [{"clock": "x"}], [{**known, "percent": True}], [{**known, "whom": "x"}]):
        assert client.post(
            "/api/v1/escalation-policies", json.dumps({"title": "Odd", "steps": odd}), content_type="application/json",
            **head,
        ).status_code == 422  # fmt: skip


def test_the_page_shows_steps_past_and_next_and_why_this_policy(a_policy, an_incident, desk, work, bob_browser):
    a_policy([
        {"clock": "resolve", "percent": 50, "do": "notify", "whom": ["team_lead"]},
        {"clock": "resolve", "percent": 90, "do": "reassign", "team": "next"},
    ])  # fmt: skip
    incident = an_incident(team=desk)
    work(incident, 5)
    page = bob_browser.get(incident.get_absolute_url()).content.decode()
    assert "This policy, because it is for all." in page
    assert "Told: Lena Field." in page
    assert "hand it to the team that the present one escalates to" in page
    assert "Step 1 of ESC-000001" in page  # on the timeline


@pytest.fixture
def called(a_policy, an_incident, desk, work, bob):
    a_policy([{"clock": "resolve", "percent": 50, "do": "call", "whom": [bob.number], "wait": 10}])
    incident = an_incident(team=desk)
    work(incident, 5)
    return incident


def test_whoever_is_called_answers_on_the_page(called, bob_browser, eve_browser, carol_browser):
    for stranger in (eve_browser, carol_browser):
        assert stranger.post(f"{called.get_absolute_url()}/acknowledge").status_code == 404
    assert "Answer the call" in bob_browser.get(called.get_absolute_url()).content.decode()
    assert bob_browser.post(f"{called.get_absolute_url()}/acknowledge").status_code == 302
    assert EscalationStep.objects.get().state == "done"
    assert bob_browser.post(f"{called.get_absolute_url()}/acknowledge").status_code == 409


def test_a_call_is_answered_by_the_link_that_was_sent_and_only_once(called, bob, client):
    address = make_link("acknowledge", person=bob.number, about=called)
    assert "Answer the call" in client.get(address).content.decode()
    assert EscalationStep.objects.get().state == "calling"  # looking answers nothing
    assert "it is yours now" in client.post(address).content.decode()
    assert EscalationStep.objects.get().acknowledged_by == bob.number
    assert client.post(address).status_code == 404


def test_a_call_is_answered_by_rest(called, bob, carol, client):
    def told(person, method="post", path="acknowledge"):
        _token, secret = make_token(person, name=path, scopes=["read", "write"], by=person)
        where = f"/api/v1/incidents/{called.number}/{path}"
        return getattr(client, method)(where, HTTP_AUTHORIZATION=f"Bearer {secret}", content_type="application/json")

    assert told(carol).status_code == 404
    assert told(bob, "get", "escalations").json()[0]["steps"][0]["state"] == "calling"
    assert told(bob).json() == {"acknowledged": 1}


def test_the_list_of_running_escalations_names_what_needs_attention(called, dave_browser, carol_browser):
    page = dave_browser.get("/agreements/escalations?show=overdue").content.decode()
    assert called.number in page
    assert "nobody has answered the call yet" in page
    assert carol_browser.get("/agreements/escalations").status_code == 404


def test_the_list_asks_as_much_for_many_as_for_few(a_policy, an_incident, desk, work, bob_browser):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    a_policy([{"clock": "resolve", "percent": 50, "do": "notify", "whom": ["team_lead"]}])

    def counted():
        with CaptureQueriesContext(connection) as asked:
            assert bob_browser.get("/agreements/escalations").status_code == 200
        return len(asked)

    work(an_incident(team=desk), 0)
    counted()
    few = counted()
    for _ in range(8):
        work(an_incident(team=desk), 0)
    assert counted() == few


# --- by hand -----------------------------------------------------------------------------------------


def test_a_manager_is_told_and_the_team_keeps_it(an_incident, desk, lead, bob, bob_browser, heard):
    incident = an_incident(team=desk)
    where = f"{incident.get_absolute_url()}/inform-manager"
    assert f'value="{lead.pk}" selected' in bob_browser.get(where).content.decode()
    assert bob_browser.post(where, {"manager": lead.pk, "because": ""}).status_code == 422
    assert bob_browser.post(where, {"manager": lead.pk, "because": "The harbour is down"}).status_code == 302
    incident.refresh_from_db()
    assert (incident.team, incident.escalated_to, heard(lead)) == (desk, lead, 1)
    entry = LedgerEntry.objects.filter(number=incident.number).order_by("-version").first()
    assert (entry.because, set(entry.changes)) == ("The harbour is down", {"escalated_at", "escalated_to"})
    first = incident.escalated_at
    escalate_to_manager(incident, lead, by=bob, because="Still down")
    assert (incident.escalated_at, heard(lead)) == (first, 2)  # the first time counts for 8.6.1 c


def test_nobody_is_told_of_what_they_may_not_see(an_incident, bob, eve, carol_browser, bob_browser):
    incident = an_incident()
    where = f"{incident.get_absolute_url()}/inform-manager"
    assert carol_browser.get(where).status_code == 404
    assert bob_browser.post(where, {"manager": eve.pk, "because": "Look"}).status_code == 422


def test_a_manager_is_told_by_rest(an_incident, lead, bob, client):
    incident = an_incident()
    _token, secret = make_token(bob, name="program", scopes=["write"], by=bob)
    answer = client.post(
        f"/api/v1/incidents/{incident.number}/inform-manager",
        json.dumps({"manager": lead.number, "because": "The harbour is down"}), content_type="application/json",
        HTTP_AUTHORIZATION=f"Bearer {secret}",
    )  # fmt: skip
    assert answer.status_code == 200, answer.content
    assert answer.json()["escalated_to"] == lead.number
