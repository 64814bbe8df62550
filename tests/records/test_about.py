"""Comments, links and participants: what hangs on a record, each with its entry in the ledger."""

from __future__ import annotations

import pytest
from tests.resolution.makers import a_service, an_incident

from gnomon.records import actions
from gnomon.records.ledger.verification import verify_ledger
from gnomon.records.models import Comment, LedgerEntry, Link, Participant
from gnomon.records.queries import history
from gnomon.records.refusals import InvalidFacts
from gnomon.resolution.models import Incident

pytestmark = pytest.mark.django_db


def test_a_comment_and_its_entry_tell_the_same(bob):
    incident = an_incident(by=bob)
    said = actions.comment(incident, "  The supplier is on site.\n", by=bob, internal=True)
    entry = history(incident)[1]
    assert (said.text, said.internal, said.actor) == ("The supplier is on site.", True, bob.number)
    assert entry.changes == {"text": [None, "The supplier is on site."], "internal": [None, True]}
    assert (said.entry, said.happened_at, said.recorded_at) == (entry.sequence, entry.happened_at, entry.recorded_at)


def test_a_link_is_made_once_however_often_it_is_said(bob):
    incident, service = an_incident(by=bob), a_service()
    first = actions.link(incident, service, "caused_by", by=bob)
    assert actions.link(incident, service, "caused_by", by=bob) == first
    assert actions.link(Incident.objects.get(), service, "related", by=bob) != first  # another relation is another link
    assert [e.verb for e in history(incident)] == ["incident:recorded", "incident:linked", "incident:linked"]


def test_a_record_is_not_linked_to_itself_but_to_its_namesake_of_another_kind(bob):
    incident, service = an_incident(by=bob), a_service()
    Incident.objects.filter(pk=incident.pk).update(id=service.pk)  # the same key: what differs is the kind
    incident = Incident.objects.get()
    with pytest.raises(InvalidFacts, match="cannot be linked to itself"):
        actions.link(incident, Incident.objects.get(), "related", by=bob)
    assert actions.link(incident, service, "related", by=bob).other_number == service.number


def test_a_link_taken_back_stood_once(bob):
    incident, service = an_incident(by=bob), a_service()
    actions.link(incident, service, "caused_by", by=bob)
    actions.unlink(incident, service, "caused_by", by=bob, because="It was the network")
    actions.unlink(incident, service, "caused_by", by=bob)  # nothing to take back any more
    assert not Link.objects.exists()
    gone = history(incident)[-1]
    assert (gone.verb, gone.because, gone.version) == ("incident:unlinked", "It was the network", 3)
    assert gone.changes == {"relation": ["caused_by", None], "other": [service.number, None]}


def test_a_part_is_given_once_and_can_be_left(bob, carol):
    incident = an_incident(by=bob)
    assert actions.join(incident, carol, "watcher", by=bob) == actions.join(incident, carol, "watcher", by=bob)
    assert Incident.objects.visible_to(carol).get() == incident
    actions.leave(incident, carol, "watcher", by=bob)
    actions.leave(incident, carol, "watcher", by=bob)
    assert not Participant.objects.exists()
    assert not Incident.objects.visible_to(carol).exists()
    assert [e.verb.partition(":")[2] for e in history(incident)] == ["recorded", "joined", "left"]


def test_what_hangs_on_a_record_is_never_taken_for_its_own_facts(olga, bob):
    """A document has a field `text`, a responsibility one called `person`; comments and parts have such facts too."""
    document = actions.record(_kind("document"), by=olga, title="Plan", text="What we do")
    role = actions.record(_kind("role"), by=olga, title="Desk lead", code="desk_lead")
    duty = actions.record(_kind("responsibility"), by=olga, role=role, person=olga)
    actions.comment(document, "Good!", by=olga)
    actions.join(duty, bob, "watcher", by=olga)
    assert verify_ledger().whole


def test_nothing_hangs_on_a_record_without_an_entry(bob, carol):
    incident = an_incident(by=bob)
    before = LedgerEntry.objects.count()
    with pytest.raises(InvalidFacts):
        actions.comment(incident, "\x00", by=bob)
    assert LedgerEntry.objects.count() == before
    assert not Comment.objects.exists()


# --- pages ----------------------------------------------------------------------------------------


def test_words_among_staff_stay_among_staff(bob, carol, bob_browser, carol_browser):
    incident = an_incident(by=carol)
    actions.comment(incident, "We are looking", by=bob)
    actions.comment(incident, "It is her own fault", by=bob, internal=True)
    address = incident.get_absolute_url()
    for place in ("", "?show=comments", "/history", "?all=1"):
        hers = carol_browser.get(f"{address}{place}").content.decode()
        assert "We are looking" in hers, place
        assert "her own fault" not in hers, place
    assert "her own fault" in bob_browser.get(address).content.decode()
    live = carol_browser.get(address, headers={"HX-Request": "true", "HX-Target": "live"}).content.decode()
    assert "her own fault" not in live


def test_a_requester_cannot_speak_among_staff(carol, carol_browser):
    incident = an_incident(by=carol)
    carol_browser.post(f"{incident.get_absolute_url()}/comment", {"text": "Hello?", "internal": "on"})
    assert Comment.objects.get().internal is False


def test_a_comment_that_is_refused_comes_back_with_what_was_typed(bob, bob_browser):
    incident = an_incident(by=bob)
    answer = bob_browser.post(f"{incident.get_absolute_url()}/comment", {"text": "x" * 100_001})
    assert answer.status_code == 422
    assert "x" * 100_001 in answer.content.decode()


def test_a_comment_while_somebody_else_moves_the_record_is_kept(alice, bob, bob_browser):
    incident = an_incident(by=bob)
    page = bob_browser.get(incident.get_absolute_url())
    assert page.status_code == 200
    actions.move(incident, "start", by=alice)
    answer = bob_browser.post(f"{incident.get_absolute_url()}/comment", {"text": "I rang her"})
    assert answer.status_code == 302
    assert Comment.objects.get().text == "I rang her"


def test_a_link_is_made_by_number_and_shown_on_both_sides(bob, bob_browser):
    incident, service = an_incident(by=bob), a_service("Mail relay")
    answer = bob_browser.post(
        f"{incident.get_absolute_url()}/link", {"relation": "caused_by", "other": service.number.lower()}
    )
    assert answer.url == incident.get_absolute_url()
    assert "Mail relay" in bob_browser.get(incident.get_absolute_url()).content.decode()
    assert incident.number in bob_browser.get(service.get_absolute_url()).content.decode()


@pytest.mark.parametrize("number", ["INC-999999", "PMX-1", "nonsense", "'", "INC-000001"])
def test_a_link_to_nothing_or_to_itself_is_refused_beside_the_field(bob, bob_browser, number):
    incident = an_incident(by=bob)
    answer = bob_browser.post(f"{incident.get_absolute_url()}/link", {"relation": "related", "other": number})
    assert answer.status_code == 422
    assert answer.context["form"].errors["other"]


def test_what_a_person_may_not_know_of_cannot_be_linked_to_or_seen_through_a_link(bob, carol, carol_browser):
    hers, secret = an_incident(by=carol), an_incident(title="Fraud suspected", by=bob)
    answer = carol_browser.post(f"{hers.get_absolute_url()}/link", {"relation": "related", "other": secret.number})
    assert "There is no record with this number." in answer.content.decode()
    actions.link(hers, secret, "related", by=bob)
    page = carol_browser.get(hers.get_absolute_url()).content.decode()
    assert "Fraud" not in page
    assert secret.number not in page


def _kind(name):
    from gnomon.records.kinds import kind_named

    return kind_named(name)
