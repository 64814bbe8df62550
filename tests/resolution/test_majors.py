"""Declaring an incident major, running it as one, and closing it only after its review (8.6.1)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.makers import a_person
from tests.resolution.makers import a_service, an_incident
from tests.resolution.stage import at

from gnomon.governance.models import Receipt
from gnomon.organization.models import Person
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named
from gnomon.records.models import LedgerEntry
from gnomon.records.refusals import InvalidFacts, NotAllowed
from gnomon.resolution.checklists import Step, steps_of
from gnomon.resolution.models import CustomerNotice, Incident, IncidentTask, MajorIncident
from gnomon.resolution.queries.major import published_for

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.6.1")]


def criteria(**facts: Any) -> Any:
    usual = {"title": "What is major", "criteria": "A critical service is down.", "priority_at_least": 1}
    drafted = actions.record(kind_named("major_incident_criteria"), by=SYSTEM, **{**usual, **facts})
    return actions.move(drafted, "approve", by=SYSTEM)


def declare(incident: Incident, *, by: Any, manager: Person, because: str = "Nobody can work", **facts: Any) -> Any:
    usual = {"title": "No mail for anybody", "incident": incident, "manager": manager}
    made = actions.record(kind_named("major_incident"), by=by, because=because, **{**usual, **facts})
    incident.refresh_from_db()
    return made


def notice(incident: Incident, *, by: Any, publish: bool = True, **facts: Any) -> Any:
    usual = {"title": "Mail is down", "incident": incident, "text_en": "We work on it.", "text_zh": "正在处理。"}
    drafted = actions.record(kind_named("customer_notice"), by=by, **{**usual, **facts})
    return actions.move(drafted, "publish", by=by) if publish else drafted


@pytest.fixture
def tess(db: None) -> Person:
    """Leads the house."""
    return a_person("Tess Quill", username="tess", roles=["top_management"])


def test_a_declaration_says_why_by_which_criteria_and_who_was_told(bob: Person, alice: Person, tess: Person) -> None:
    met = criteria()
    incident = an_incident(impact=1, urgency=1)
    major = declare(incident, by=bob, manager=alice)
    assert (incident.is_major, incident.major_manager, incident.major_declared_at) == (True, alice, major.declared_at)
    assert (major.criteria, major.informed, major.informed_at) == (met, "Tess Quill", incident.management_informed_at)
    entry = LedgerEntry.objects.get(number=incident.number, verb="incident:declare_major")
    assert (entry.actor, entry.because) == (bob.number, "Nobody can work")
    told = set(Receipt.objects.filter(message__what="major").values_list("person", flat=True))
    assert told == {tess.number, alice.number}


def test_a_declaration_needs_its_reason(bob: Person, alice: Person) -> None:
    incident = an_incident()
    with pytest.raises(InvalidFacts, match="Say why this is a major incident"):
        declare(incident, by=bob, manager=alice, because="")
    declare(incident, by=bob, manager=alice, because="", reason="All warehouses stand")
    entry = LedgerEntry.objects.get(number=incident.number, verb="incident:declare_major")
    assert entry.because == "All warehouses stand"


def test_nobody_of_top_management_to_tell_leaves_that_open(bob: Person, alice: Person) -> None:
    incident = an_incident()
    major = declare(incident, by=bob, manager=alice)
    assert (major.informed, incident.management_informed_at) == ("", None)
    actions.change(major, by=bob, informed="Mr Wu, by telephone")
    incident.refresh_from_db()
    assert incident.management_informed_at == major.informed_at


def test_an_incident_is_major_once_at_a_time(bob: Person, alice: Person) -> None:
    incident = an_incident()
    major = declare(incident, by=bob, manager=alice)
    with pytest.raises(InvalidFacts, match=f"{incident.number} is a major incident already: {major.number}"):
        declare(incident, by=bob, manager=alice)
    cancelled = an_incident()
    actions.move(cancelled, "cancel", by=bob, because="None")
    with pytest.raises(InvalidFacts, match="is Cancelled and cannot be declared major"):
        declare(cancelled, by=bob, manager=alice)


def test_withdrawing_takes_back_all_that_declaring_said(bob: Person, alice: Person, tess: Person) -> None:
    incident = an_incident(impact=2, urgency=2)
    major = declare(incident, by=bob, manager=alice)
    actions.move(major, "withdraw", by=bob, because="One mailbox only")
    incident.refresh_from_db()
    assert (incident.is_major, incident.major_manager, incident.management_informed_at) == (False, None, None)
    entry = LedgerEntry.objects.get(number=incident.number, verb="incident:withdraw_major")
    assert entry.because == "One mailbox only"
    assert declare(incident, by=bob, manager=alice).number != major.number


def test_the_steps_of_the_procedure_become_tasks_of_the_manager(bob: Person, alice: Person) -> None:
    criteria(checklist="15: Call the duty manager\n\n- Write to customers\n60：Decide on continuity")
    major = declare(an_incident(impact=1, urgency=1), by=bob, manager=alice, declared_at=None)
    tasks = IncidentTask.objects.order_by("id").values_list("title", "owner", "due_at", "status")
    begun = major.declared_at
    assert list(tasks) == [
        ("Call the duty manager", alice.pk, begun + timedelta(minutes=15), "open"),
        ("Write to customers", alice.pk, None, "open"),
        ("Decide on continuity", alice.pk, begun + timedelta(minutes=60), "open"),
    ]


def test_a_checklist_is_read_line_by_line() -> None:
    assert steps_of(" * One\r\n5 : Two\n99999: Three\n:\n") == [
        Step("One"), Step("Two", timedelta(minutes=5)), Step("99999: Three"), Step(":"),
    ]  # fmt: skip


def test_a_major_incident_closes_only_after_its_review(bob: Person, alice: Person, carol: Person) -> None:
    incident = an_incident(requester=carol, category="mail", service=a_service())
    major = declare(incident, by=bob, manager=alice)
    actions.move(incident, "resolve", by=bob, resolution="Disk cleared", closure_code="solved")
    for person in (bob, carol):
        with pytest.raises(InvalidFacts, match=f"{incident.number} is a major incident and has no review"):
            actions.move(incident, "close", by=person)
    review: Any = actions.record(kind_named("major_incident_review"), by=alice, title="Why", incident=incident)
    with pytest.raises(InvalidFacts, match=f"whose review {review.number} was not held"):
        actions.move(incident, "close", by=bob)
    with pytest.raises(InvalidFacts, match="Say what to improve"):
        actions.move(review, "hold", by=alice, report="The disk was full")
    actions.move(review, "hold", by=alice, report="The disk was full", improvements="An alert at 70 %")
    assert review.held_at is not None
    actions.move(incident, "close", by=bob)
    major.refresh_from_db()
    assert (incident.status, major.status) == ("closed", "ended")


def test_a_major_incident_ends_after_its_resolution(bob: Person, alice: Person) -> None:
    incident = an_incident()
    major = declare(incident, by=bob, manager=alice)
    with pytest.raises(InvalidFacts, match="is not resolved yet"):
        actions.move(major, "end", by=bob)
    actions.move(incident, "resolve", by=bob, resolution="Disk cleared", closure_code="solved")
    actions.move(major, "end", by=bob)
    assert (major.ended_at is not None, major.next_update_due_at) == (True, None)


def test_a_published_text_replaces_the_one_before_and_puts_off_the_next(bob: Person, alice: Person) -> None:
    incident = an_incident()
    major = declare(incident, by=bob, manager=alice, update_every=45)
    first = notice(incident, by=bob)
    second = notice(incident, by=bob, text_en="Half is back.")
    first.refresh_from_db()
    major.refresh_from_db()
    assert (first.status, second.status) == ("replaced", "published")
    assert major.next_update_due_at == second.published_at + timedelta(minutes=45)
    with pytest.raises(InvalidFacts, match="What was published stays as it was"):
        actions.change(second, by=bob, text_en="Nothing happened.")
    with pytest.raises(InvalidFacts, match="There is nothing to publish"):
        notice(incident, by=bob, text_en=" ", text_zh="")


def test_requesters_read_what_is_published_and_nothing_else(
    bob: Person, alice: Person, carol: Person, eve: Person
) -> None:
    incident = an_incident()
    declare(incident, by=bob, manager=alice)
    notice(incident, by=bob, publish=False)
    assert published_for(carol) == []
    notice(incident, by=bob)
    assert [told.text for told in published_for(carol)] == ["We work on it."]
    assert published_for(eve) == []
    assert not MajorIncident.objects.visible_to(carol).exists()
    assert CustomerNotice.objects.visible_to(carol).count() == 1


def test_a_text_for_one_customer_is_for_its_people(bob: Person, alice: Person, carol: Person) -> None:
    harbour, mine = (actions.record(kind_named("customer"), by=SYSTEM, title=name) for name in ("Harbour", "Mine"))
    mail, web = a_service("Mail"), a_service("Web")
    pat = a_person("Pat Wren", username="pat", roles=["requester"])
    lou = a_person("Lou Finch", username="lou", roles=["requester"])
    an_incident(requester=carol, customer=harbour, service=web)  # same customer
    an_incident(requester=pat, service=mail)  # same service, for no customer in particular
    an_incident(requester=lou, customer=mine, service=mail)  # another customer
    incident = an_incident(customer=harbour, service=mail)
    declare(incident, by=bob, manager=alice)
    notice(incident, by=bob)
    assert [len(published_for(person)) for person in (carol, pat, lou)] == [1, 1, 0]


def test_desk_declares_and_requesters_do_not(carol: Person, dave: Person, alice: Person) -> None:
    for person in (carol, dave):
        with pytest.raises(NotAllowed):
            declare(an_incident(), by=person, manager=alice)


def test_declared_later_than_it_happened_counts_from_the_world(bob: Person, alice: Person) -> None:
    incident = an_incident(at=at("06-01 09:00"))
    major = declare(incident, by=bob, manager=alice, at=at("06-01 09:10"))
    assert incident.major_declared_at == major.declared_at == datetime(2026, 6, 1, 9, 10, tzinfo=UTC)
