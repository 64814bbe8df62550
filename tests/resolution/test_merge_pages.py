"""Merging, splitting and parts by hand: pages lead on, timelines tell all that was said, requesters see their own."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from tests.resolution.makers import a_service, an_incident

from gnomon.governance.models import Receipt
from gnomon.organization.models import Person
from gnomon.records import actions
from gnomon.records.models import LedgerEntry
from gnomon.resolution.models import Incident

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.6.1")]


def text_of(browser: Client, url: str, **more: str) -> str:
    answer = browser.get(url, more)
    assert answer.status_code == 200, answer
    return re.sub(r"\s+", " ", answer.content.decode())


def merged(source: Incident, target: Incident, by: Person) -> None:
    actions.move(source, "merge", by=by, because="The same fault", merged_into=target)
    source.refresh_from_db()
    target.refresh_from_db()


def test_the_page_shows_what_differs_and_merges_when_one_is_sure(bob: Person, bob_browser: Client) -> None:
    source, target = an_incident(service=a_service("Mail")), an_incident("The server is down")
    url = f"{source.get_absolute_url()}/merge"
    given = {"merged_into": target.number, "because": "Same server"}
    page = bob_browser.post(url, given)
    assert page.status_code == 200
    assert f"{source.number} is about another service than {target.number}." in page.content.decode()
    source.refresh_from_db()
    assert source.status == "new"
    assert bob_browser.post(url, {**given, "sure": "1"})["Location"] == target.get_absolute_url()
    source.refresh_from_db()
    assert source.merged_into == target


def test_a_refused_merge_says_why_beside_its_field(bob_browser: Client) -> None:
    source = an_incident()
    page = bob_browser.post(f"{source.get_absolute_url()}/merge", {"merged_into": source.number, "because": "x"})
    assert page.status_code == 422
    assert "cannot be merged into itself" in page.content.decode()


def test_a_merged_record_leads_to_the_other_one_and_can_be_looked_at(bob: Person, bob_browser: Client) -> None:
    source, target, last = an_incident("First"), an_incident("Second"), an_incident("Third")
    merged(source, target, bob)
    merged(target, last, bob)
    page = bob_browser.get(source.get_absolute_url(), follow=True)
    assert page.redirect_chain == [(last.get_absolute_url(), 302)]
    assert f">{source.number}</a> was merged into this one." in page.content.decode()
    assert "Take out of the merge" in text_of(bob_browser, source.get_absolute_url(), stay="1")
    assert bob_browser.get(f"/search?q={source.number}", follow=True).redirect_chain[-1][0] == last.get_absolute_url()


def test_all_that_was_said_stands_in_one_timeline(bob: Person, carol: Person, bob_browser: Client) -> None:
    source, target = an_incident(requester=carol), an_incident()
    actions.comment(source, "It began at nine", by=carol)
    actions.comment(source, "Her laptop is old", by=bob, internal=True)
    merged(source, target, bob)
    actions.comment(source, "Still broken", by=carol)
    page = text_of(bob_browser, target.get_absolute_url())
    for said in ("It began at nine", "Her laptop is old", "Still broken"):
        assert said in page
    assert f'on <a class="number" href="{source.get_absolute_url()}?stay=1"' in page


def test_a_reply_to_a_merged_record_reaches_those_who_work_on_the_other(bob: Person, carol: Person) -> None:
    source, target = an_incident(requester=carol), an_incident(assignee=bob)
    merged(source, target, bob)
    version = target.version
    actions.comment(source, "Still broken", by=carol)
    target.refresh_from_db()
    assert target.version == version + 1
    entry = LedgerEntry.objects.get(number=target.number, version=target.version)
    assert (entry.verb, entry.actor, entry.changes) == (
        "incident:replied",
        carol.number,
        {"other": [None, source.number]},
    )
    assert Receipt.objects.filter(person=bob.number, message__what="comment.merged").count() == 1


def test_her_own_report_shows_public_answers_and_nobody_elses_words(
    bob: Person, alice: Person, carol: Person, carol_browser: Client
) -> None:
    pat = alice
    source, target = an_incident(requester=carol), an_incident("Secret title", requester=pat, description="Secret text")
    actions.comment(target, "Said before she came", by=bob)
    merged(source, target, bob)
    actions.comment(target, "A disk is on its way", by=bob)
    actions.comment(target, "Do not tell them", by=bob, internal=True)
    other = an_incident(requester=a_second_requester())
    merged(other, target, bob)
    actions.comment(other, "My own secret", by=other.requester)
    page = text_of(carol_browser, source.get_absolute_url())
    assert "A disk is on its way" in page
    assert "Your report is dealt with together with others" in page
    for hidden in ("Said before she came", "Do not tell them", "My own secret", "Secret", target.number, other.number):
        assert hidden not in page, hidden
    assert carol_browser.get(target.get_absolute_url()).status_code == 404
    portal = text_of(carol_browser, f"/portal/reports/{source.number}")
    assert "A disk is on its way" in portal
    assert "dealt with together with other reports" in portal
    for hidden in ("Said before she came", "Do not tell them", "My own secret", "Secret", target.number):
        assert hidden not in portal, hidden
    assert Receipt.objects.filter(person=carol.number, message__what="comment.merged").count() == 1


def a_second_requester() -> Person:
    from tests.makers import a_person

    return a_person("Pat Wren", username="pat", roles=["requester"])


def test_after_taking_out_each_keeps_what_was_said_on_it(bob: Person, carol: Person, bob_browser: Client) -> None:
    source, target = an_incident(requester=carol), an_incident()
    merged(source, target, bob)
    actions.comment(source, "Still broken", by=carol)
    assert bob_browser.post(f"{source.get_absolute_url()}/unmerge", {"because": "Another fault"}).status_code == 302
    assert "Still broken" not in text_of(bob_browser, target.get_absolute_url())
    assert "Still broken" in text_of(bob_browser, source.get_absolute_url())


def test_many_are_merged_from_the_list_each_with_its_own_answer(bob: Person, bob_browser: Client) -> None:
    one, two, target = an_incident("One"), an_incident("Two"), an_incident("The server is down")
    actions.move(two, "cancel", by=bob, because="Nothing")
    given = {
        "number": [one.number, two.number],
        "move": "merge",
        "sure": "1",
        "merged_into": target.number,
        "because": "Same",
    }
    page = bob_browser.post("/resolution/incidents/bulk", given).content.decode()
    assert "1 of 2 were done." in page
    assert "cannot take the move “Merge”" in page
    one.refresh_from_db()
    assert one.merged_into == target


def test_what_is_split_off_takes_words_along_and_leaves_them_where_they_were(
    bob: Person, carol: Person, bob_browser: Client
) -> None:
    source = an_incident("Mail and printer", requester=carol, service=a_service())
    actions.comment(source, "And the printer jams", by=carol)
    said = LedgerEntry.objects.get(number=source.number, verb="incident:commented")
    url = f"{source.get_absolute_url()}/split"
    assert "And the printer jams" in text_of(bob_browser, url)
    answer = bob_browser.post(url, {"title": "Printer jams", "because": "Two faults", "entry": str(said.sequence)})
    new = Incident.objects.get(title="Printer jams")
    assert answer["Location"] == new.get_absolute_url()
    assert (new.requester, new.service, new.split_from, new.carried) == (carol, source.service, source, [said.sequence])
    for one in (new, source):
        assert "And the printer jams" in text_of(bob_browser, one.get_absolute_url())
    merged(new, source, bob)
    assert bob_browser.get(new.get_absolute_url())["Location"] == source.get_absolute_url()


def test_a_split_without_anything_or_with_words_of_another_is_refused(bob: Person, bob_browser: Client) -> None:
    source, other = an_incident(), an_incident()
    actions.comment(other, "Elsewhere", by=bob)
    said = LedgerEntry.objects.get(number=other.number, verb="incident:commented")
    url = f"{source.get_absolute_url()}/split"
    page = bob_browser.post(url, {"title": "x", "because": "y"})
    assert page.status_code == 422
    assert "Choose at least one comment or file" in page.content.decode()
    page = bob_browser.post(url, {"title": "Kept title", "because": "y", "entry": str(said.sequence)})
    assert "is not of" in page.content.decode()
    assert "Kept title" in page.content.decode()
    assert Incident.objects.count() == 2


def test_parts_follow_their_parent_each_by_its_own_move(bob: Person, bob_browser: Client) -> None:
    parent, one, two = an_incident("Server"), an_incident("Mail"), an_incident("Web")
    for part in (one, two):
        assert bob_browser.post(f"{parent.get_absolute_url()}/parts", {"part": part.number}).status_code == 302
        part.refresh_from_db()
    actions.move(two, "cancel", by=bob, because="Nothing")
    actions.move(parent, "resolve", by=bob, resolution="Restarted", closure_code="solved")
    page = bob_browser.post(f"{parent.get_absolute_url()}/parts/resolve", {"number": [one.number, two.number]})
    assert "1 of 2 were resolved." in page.content.decode()
    one.refresh_from_db()
    assert (one.status, one.resolution) == ("resolved", "Restarted")
    entry = LedgerEntry.objects.get(number=one.number, verb="incident:resolve")
    assert entry.because == f"Resolved with {parent.number}."
    assert "2 parts, 0 open" in text_of(bob_browser, parent.get_absolute_url())
    assert f"{parent.number}" in text_of(bob_browser, one.get_absolute_url())
    bob_browser.post(f"{parent.get_absolute_url()}/parts/take-out", {"part": one.number})
    one.refresh_from_db()
    assert one.parent is None


def test_nothing_is_part_of_itself_not_even_by_a_detour(bob: Person, bob_browser: Client) -> None:
    top, middle, low = an_incident("Top"), an_incident("Middle"), an_incident("Low")
    actions.change(middle, by=bob, parent=top)
    actions.change(low, by=bob, parent=middle)
    page = bob_browser.post(f"{low.get_absolute_url()}/parts", {"part": top.number})
    assert page.status_code == 422
    assert f"{low.number} is part of {top.number} itself." in page.content.decode()
    assert bob_browser.post(f"{top.get_absolute_url()}/parts", {"part": top.number}).status_code == 422


@pytest.mark.parametrize("place", ["merge", "split", "parts"])
def test_requesters_and_strangers_have_no_such_pages(
    carol_browser: Client, eve_browser: Client, carol: Person, place: str
) -> None:
    own = an_incident(requester=carol)
    assert carol_browser.get(f"{own.get_absolute_url()}/{place}").status_code in {403, 404}
    assert eve_browser.get(f"{own.get_absolute_url()}/{place}").status_code == 404
