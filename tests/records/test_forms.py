"""Pages on which records are made, changed and moved: what comes back, and what never gets lost."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.makers import a_person, a_team
from tests.resolution.makers import a_service, an_incident

from gnomon.portfolio.models import Service
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.models import Comment
from gnomon.records.queries import history
from gnomon.resolution.models import Incident

pytestmark = pytest.mark.django_db
NEW = "/resolution/incidents/new"


def typed(page):
    """What a browser would send of the form on a page: every field as it stands."""
    form = page.context["form"]
    sent = {}
    for name, field in form.fields.items():
        value = form[name].value()
        if value not in (None, "", False):
            value = field.prepare_value(value)
            sent[name] = value.strftime("%Y-%m-%dT%H:%M") if isinstance(value, datetime) else value
        elif value is None or value == "":
            sent[name] = ""
    return {**sent, "expect": page.context["expect"]}


# --- new ------------------------------------------------------------------------------------------


def test_what_is_typed_becomes_a_record(bob, bob_browser):
    mail = a_service()
    answer = bob_browser.post(
        NEW, {"title": "No mail", "description": "Since\r\nnine", "service": mail.pk, "impact": 2, "urgency": 1,
              "channel": "phone"}
    )  # fmt: skip
    incident = Incident.objects.get()
    assert answer.url == incident.get_absolute_url()
    assert (incident.title, incident.service, incident.priority, incident.channel) == ("No mail", mail, 2, "phone")
    assert incident.description == "Since\nnine"
    assert history(incident)[0].actor == bob.number


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""), ("title", "x" * 10_000), ("title", "a\x00b"), ("impact", "9"), ("service", "4711"),
        ("opened_at", "yesterday"), ("opened_at", "2999-01-01T00:00"), ("opened_at", "0001-01-01T00:00"),
        ("channel", "pigeon"), ("priority", "x"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_the_field_and_all_that_was_typed_stays(bob_browser, field, value):
    answer = bob_browser.post(NEW, {"title": "No mail", "description": "Long words", field: value})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "Long words" in answer.content.decode()
    assert not Incident.objects.exists()


def test_script_in_words_is_shown_as_words(bob, bob_browser):
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    incident = an_incident(title=evil, description=evil, category=evil, resolution=evil)
    actions.comment(incident, evil, by=bob)
    address = incident.get_absolute_url()
    for place in (address, f"{address}/edit", f"{address}/assign", f"{address}/history", "/resolution/incidents/",
                  "/search?q=alert", f"/resolution/incidents/?q={'<script>'}"):  # fmt: skip
        page = bob_browser.get(place).content.decode()
        assert "<script>alert" not in page, place
        assert "<img src=x" not in page, place
        assert "&lt;script&gt;" in page or "q=" in place, place


def test_a_form_can_be_opened_with_values_in_its_address(bob_browser):
    assert 'value="Printer jams"' in bob_browser.get(f"{NEW}?title=Printer+jams&nonsense=1").content.decode()


def test_who_may_not_record_gets_no_form(dave_browser, carol_browser):
    assert dave_browser.get(NEW).status_code == 403
    assert carol_browser.get("/portfolio/services/new").status_code == 403


# --- change ---------------------------------------------------------------------------------------


def test_saving_a_form_without_touching_it_changes_nothing(bob_browser):
    """Seconds that the form does not show, line ends that browsers turn round, empty choices: all stay."""
    incident = an_incident(
        at=datetime(2026, 3, 10, 1, 2, 33, 456000, tzinfo=UTC), description="One\nTwo ", service=a_service(), impact=1,
        urgency=1, team=a_team(),
    )  # fmt: skip
    page = bob_browser.get(f"{incident.get_absolute_url()}/edit")
    sent = typed(page)
    sent["description"] = "One\r\nTwo"
    assert bob_browser.post(f"{incident.get_absolute_url()}/edit", sent).status_code == 302
    assert incident.version == Incident.objects.get().version == 1


def test_only_what_was_touched_is_told(bob_browser):
    incident = an_incident(category="mail", impact=2, urgency=2)
    page = bob_browser.get(f"{incident.get_absolute_url()}/edit")
    sent = {**typed(page), "impact": 1, "because": " Seen on site "}
    bob_browser.post(f"{incident.get_absolute_url()}/edit", sent)
    entry = history(incident)[1]
    assert entry.changes == {"impact": [2, 1], "priority": [3, 2]}
    assert entry.because == "Seen on site"


def test_a_fact_can_be_emptied(bob_browser):
    incident = an_incident(category="mail", service=a_service())
    sent = {**typed(bob_browser.get(f"{incident.get_absolute_url()}/edit")), "category": "", "service": ""}
    bob_browser.post(f"{incident.get_absolute_url()}/edit", sent)
    incident.refresh_from_db()
    assert (incident.category, incident.service) == ("", None)


def test_a_reason_too_long_is_said_and_nothing_is_lost(bob_browser):
    incident = an_incident()
    sent = {**typed(bob_browser.get(f"{incident.get_absolute_url()}/edit")), "category": "vpn", "because": "x" * 4001}
    answer = bob_browser.post(f"{incident.get_absolute_url()}/edit", sent)
    assert answer.status_code == 422
    assert "at most 4000 characters" in answer.content.decode()
    assert 'value="vpn"' in answer.content.decode()


# --- two at once ----------------------------------------------------------------------------------


def test_whoever_comes_second_sees_what_changed_and_keeps_what_they_wrote(alice, bob_browser):
    incident = an_incident(category="mail")
    address = f"{incident.get_absolute_url()}/edit"
    page = bob_browser.get(address)
    actions.change(Incident.objects.get(), by=alice, category="network", urgency=1, because="She rang again")

    answer = bob_browser.post(address, {**typed(page), "title": "No mail on floor 4", "because": "Bob looked"})
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "Alice Chen changed this record while you were writing" in shown
    assert "She rang again" in shown
    assert 'value="No mail on floor 4"' in shown
    assert 'value="Bob looked"' in shown
    assert answer.context["overlaps"] == []  # they touched different facts

    # Sent again on top, it carries Bob's title and leaves what Alice did.
    assert bob_browser.post(address, {**typed(answer), "because": "Bob looked"}).status_code == 302
    incident.refresh_from_db()
    assert (incident.title, incident.category, incident.urgency) == ("No mail on floor 4", "network", 1)
    assert history(incident)[-1].changes == {"title": ["No mail arrives", "No mail on floor 4"]}


def test_facts_that_both_touched_are_named_and_the_second_word_is_kept_for_deciding(alice, bob_browser):
    incident = an_incident(category="mail")
    address = f"{incident.get_absolute_url()}/edit"
    page = bob_browser.get(address)
    actions.change(Incident.objects.get(), by=alice, category="network")
    answer = bob_browser.post(address, {**typed(page), "category": "printer"})
    assert answer.context["overlaps"] == ["Category"]
    assert "You both changed: Category" in answer.content.decode()
    assert 'value="printer"' in answer.content.decode()


def test_two_agents_move_one_incident_and_the_second_loses_no_word(alice, bob_browser):
    incident = an_incident()
    address = f"{incident.get_absolute_url()}/resolve"
    page = bob_browser.get(address)
    actions.move(Incident.objects.get(), "start", by=alice)
    sent = {**typed(page), "resolution": "Restarted\r\nthe queue", "closure_code": "solved"}
    answer = bob_browser.post(address, sent)
    assert answer.status_code == 409
    assert "Restarted\nthe queue" in answer.content.decode()
    assert bob_browser.post(address, typed(answer)).status_code == 302
    incident.refresh_from_db()
    assert (incident.status, incident.resolution) == ("resolved", "Restarted\nthe queue")


def test_a_move_that_is_no_longer_open_is_refused_beside_what_was_typed(alice, bob_browser):
    incident = an_incident()
    address = f"{incident.get_absolute_url()}/resolve"
    page = bob_browser.get(address)
    actions.move(Incident.objects.get(), "resolve", by=alice, resolution="Done", closure_code="solved")
    first = bob_browser.post(address, {**typed(page), "resolution": "My own words", "closure_code": "solved"})
    assert first.status_code == 409
    second = bob_browser.post(address, typed(first))
    assert second.status_code == 409
    assert "cannot take the move “Resolve”" in second.content.decode()
    assert "My own words" in second.content.decode()
    assert Incident.objects.get().resolution == "Done"


def test_a_comment_meanwhile_is_no_conflict(carol, bob_browser):
    incident = an_incident(by=carol)
    address = f"{incident.get_absolute_url()}/edit"
    page = bob_browser.get(address)
    actions.comment(Incident.objects.get(), "Still broken", by=carol)
    assert bob_browser.post(address, {**typed(page), "category": "mail"}).status_code == 302
    assert Comment.objects.count() == 1


def test_the_dialog_gets_the_conflict_too(alice, bob_browser):
    incident = an_incident()
    address = f"{incident.get_absolute_url()}/wait"
    page = bob_browser.get(address)
    actions.move(Incident.objects.get(), "start", by=alice)
    answer = bob_browser.post(
        address, {**typed(page), "waiting_reason": "user"}, headers={"HX-Request": "true", "HX-Target": "dialog-body"}
    )
    assert answer.status_code == 409
    assert "<html" not in answer.content.decode()
    assert "Send mine on top of it" in answer.content.decode()


@pytest.mark.parametrize("expect", ["", "abc", "0", "99", "-1", "9" * 30])
def test_nonsense_in_the_version_breaks_nothing(bob_browser, expect):
    incident = an_incident()
    address = f"{incident.get_absolute_url()}/edit"
    sent = {**typed(bob_browser.get(address)), "category": "mail", "expect": expect}
    assert bob_browser.post(address, sent).status_code in (302, 409)


# --- moves ----------------------------------------------------------------------------------------


def test_a_move_asks_for_what_it_needs_beside_the_field(bob_browser):
    incident = an_incident()
    answer = bob_browser.post(f"{incident.get_absolute_url()}/resolve", {"expect": 1})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"resolution", "closure_code"}
    shown = bob_browser.post(f"{incident.get_absolute_url()}/cancel", {"expect": 1})
    assert shown.status_code == 422
    assert shown.context["because_error"] == "Say why."


def test_a_refused_move_leaves_the_page_saying_what_is_true(bob_browser):
    incident = an_incident()
    answer = bob_browser.post(f"{incident.get_absolute_url()}/cancel", {"expect": 1, "because": ""})
    assert answer.context["record"].status == "new"


def test_a_move_that_does_not_exist_is_no_page(bob_browser):
    assert bob_browser.get(f"{an_incident().get_absolute_url()}/explode").status_code == 404


def test_a_requester_confirms_but_does_not_rewrite(bob, carol, carol_browser):
    incident = an_incident(by=carol)
    actions.move(incident, "resolve", by=bob, resolution="Restarted the queue", closure_code="solved")
    page = carol_browser.get(f"{incident.get_absolute_url()}/close")
    assert not page.context["form"].fields  # nothing to fill: the desk has said how it was solved
    sent = {"expect": 2, "resolution": "I never had a problem", "closure_code": "duplicate", "category": "x"}
    assert carol_browser.post(f"{incident.get_absolute_url()}/close", sent).status_code == 302
    incident.refresh_from_db()
    assert (incident.status, incident.resolution, incident.category) == ("closed", "Restarted the queue", "")


def test_the_move_that_leads_on_comes_first(bob_browser):
    """New → assign, assigned → start, at work → resolve, waiting → back to work, resolved → close, closed → reopen."""
    incident, first = an_incident(), []
    for name, facts in [("", {}), ("assign", {"team": a_team()}), ("start", {}), ("wait", {"waiting_reason": "user"}),
                        ("resolve", {"resolution": "x", "closure_code": "solved"}), ("close", {})]:  # fmt: skip
        if name:
            actions.move(incident, name, by=SYSTEM, **facts)
        first.append(bob_browser.get(incident.get_absolute_url()).context["moves"][0].name)
    assert first == ["assign", "start", "resolve", "start", "close", "reopen"]


def test_a_page_names_what_people_fill_and_of_the_rest_what_says_something(bob_browser):
    page = bob_browser.get(an_incident(external_number="SNOW-7").get_absolute_url())
    titles = [str(fact.title) for fact in page.context["groups"][0].facts]
    assert {"Assignee", "Service", "Number elsewhere", "Opened at"} <= set(titles)
    assert not {"Closed at", "Reopened", "Version of the agreement", "Resolved within target"} & set(titles)


# --- choosing records -----------------------------------------------------------------------------


def test_when_there_are_too_many_to_choose_from_a_number_or_a_title_is_typed(bob_browser):
    actions.record(Service._meta.model.objects.model().kind, by=SYSTEM, title="Mail")
    for n in range(201):
        a_service(f"Service {n}")
    twin = a_service("Mail")
    ask = {"title": "No mail", "channel": "phone"}
    wrong = bob_browser.post(NEW, {**ask, "service": "Mail"})
    assert "fits several" in str(wrong.context["form"].errors["service"])
    wrong = bob_browser.post(NEW, {**ask, "service": "Nothing"})
    assert "There is no “Nothing”" in str(wrong.context["form"].errors["service"])
    bob_browser.post(NEW, {**ask, "service": f"{twin.number} Mail"})
    bob_browser.post(NEW, {**ask, "service": "Service 7"})
    assert [incident.service.title for incident in Incident.objects.order_by("id")] == ["Mail", "Service 7"]
    # a short word that stands for itself is taken whole, a longer one may go on
    assert bob_browser.get("/suggest/service?q=service+20").json()["records"] == ["SVC-000022 Service 20"]
    assert "SVC-000202 Service 200" in bob_browser.get("/suggest/service?q=serv+200").json()["records"]


def test_suggestions_show_only_what_a_person_may_know_of(eve_browser, carol_browser):
    a_person("Somebody Else")
    assert eve_browser.get("/suggest/person?q=somebody").json() == {"records": []}
    assert eve_browser.get("/suggest/nonsense?q=x").status_code == 404
    assert carol_browser.get("/suggest/person?q=").json() == {"records": []}
