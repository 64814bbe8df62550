"""The timeline of a record's page: its filters combine, stay, and lead back in time."""

from __future__ import annotations

import re

import pytest
from tests.makers import a_team
from tests.resolution.makers import an_incident

from gnomon.records import actions
from gnomon.records.models import Preference

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(bob, carol):
    """An incident with one entry of each common sort."""
    incident = an_incident("No mail", by=bob, requester=carol, impact=2, urgency=2)
    actions.comment(incident, "We look into it", by=bob)
    actions.comment(incident, "The customer is rude", by=bob, internal=True)
    actions.link(incident, an_incident("The other case", by=bob), "related", by=bob)
    actions.move(incident, "start", by=bob)
    return incident


def shown(browser, incident, query=""):
    """The sorts of entries that the page shows, newest first."""
    html = browser.get(f"{incident.get_absolute_url()}{query}").content.decode()
    return re.findall(r'<li class="entry entry-(\w+)', html)


def test_a_page_begins_with_everything_but_the_clocks(told, bob_browser):
    assert shown(bob_browser, told) == ["move", "link", "note", "comment", "recorded"]


def test_filters_combine_and_stand_in_the_address(told, bob_browser):
    assert shown(bob_browser, told, "?show=notes") == ["note"]
    assert shown(bob_browser, told, "?show=comments,links") == ["link", "comment"]
    assert shown(bob_browser, told, "?show=changes") == ["move", "recorded"]
    assert shown(bob_browser, told, "?show=mail") == []
    assert shown(bob_browser, told, "?show=nonsense") == []


def test_a_text_that_looks_like_the_mark_of_a_note_is_still_a_comment(told, bob, bob_browser):
    actions.comment(told, 'see "internal":[null,true] there', by=bob)
    assert shown(bob_browser, told, "?show=comments") == ["comment", "comment"]
    assert shown(bob_browser, told, "?show=notes") == ["note"]


def test_stretches_of_clocks_are_entries_of_their_own(told, bob_browser):
    stretches = sum(len(story.stretches) for story in told.kind.stories(told))
    assert stretches > 0
    assert shown(bob_browser, told, "?show=clock") == ["clock"] * stretches
    assert len(shown(bob_browser, told, "?show=clock,notes")) == stretches + 1


def test_the_filters_that_somebody_keeps_are_theirs_everywhere(told, sign_in, bob, alice_browser):
    browser = sign_in(bob)
    answer = browser.post(f"{told.get_absolute_url()}/timeline/usual", {"show": "comments,notes"})
    assert answer.status_code == 302
    assert shown(sign_in(bob), told) == ["note", "comment"]  # on another computer too
    assert shown(sign_in(bob), told, "?show=links") == ["link"]
    assert len(shown(alice_browser, told)) == 5
    browser.post(f"{told.get_absolute_url()}/timeline/usual", {"show": "\x00;drop"})
    assert Preference.objects.get().value == "none"


def test_earlier_entries_are_paged_and_none_is_left_out_or_told_twice(told, bob, bob_browser):
    for n in range(90):
        actions.comment(told, f"Word {n}", by=bob)
    url, seen = f"{told.get_absolute_url()}?show=comments", []
    while url:
        html = bob_browser.get(url).content.decode()
        seen += re.findall(r'id="entry-(\d+)"', html)
        further = re.search(r'id="earlier" class="more"><a class="btn btn-sm" href="([^"]+)"', html)
        url = further[1].replace("&amp;", "&") if further else ""
    assert len(seen) == len(set(seen)) == 91  # ninety words and the first
    assert seen == sorted(seen, key=int, reverse=True)


def test_live_refresh_asks_for_what_is_shown_and_what_is_new(told, bob, bob_browser):
    for n in range(60):
        actions.comment(told, f"Word {n}", by=bob)
    page = bob_browser.get(told.get_absolute_url()).content.decode()
    live = re.search(r'data-live="([^"]+)"', page)[1].replace("&amp;", "&")
    actions.comment(told, "And another", by=bob)
    fresh = bob_browser.get(live, headers={"HX-Request": "true", "HX-Target": "live"}).content.decode()
    assert fresh.count('<li class="entry') == 41  # the forty that stood there, and the new one
    assert "And another" in fresh


# --- what requesters are told ---


def test_reasons_among_staff_do_not_reach_the_requester(told, bob, carol, carol_browser, bob_browser):
    actions.move(told, "wait", by=bob, waiting_reason="user", because="Which mailbox is it?")
    actions.move(told, "resume", by=bob, because="She never answers")
    actions.move(told, "escalate", by=bob, team=a_team("Network"), because="Blame the network people")
    actions.change(told, by=bob, urgency=1, because="Her boss shouts")
    for query in ("", "?show=comments,notes,mail,changes,clock,files,links,notices"):
        html = carol_browser.get(f"{told.get_absolute_url()}{query}").content.decode()
        assert "Which mailbox is it?" in html
        for words in ("She never answers", "Blame the network", "Her boss shouts", "The customer is rude"):
            assert words not in html, (words, query)
    assert "Her boss shouts" in bob_browser.get(told.get_absolute_url()).content.decode()


def test_whoever_gave_a_reason_reads_it(told, bob, carol, carol_browser):
    actions.move(told, "resolve", by=bob, resolution="Restarted", closure_code="solved", because="Quick fix")
    actions.move(told, "reopen", by=carol, because="It is back")
    html = carol_browser.get(told.get_absolute_url()).content.decode()
    assert "It is back" in html
    assert "Quick fix" not in html


def test_facts_among_staff_do_not_reach_the_requester(told, bob, carol_browser):
    actions.change(told, by=bob, subcategory="Toner war")
    actions.join(told, bob, "watcher", by=bob)
    html = carol_browser.get(told.get_absolute_url()).content.decode()
    assert "Toner war" not in html
    assert "watcher" not in html
    assert shown(carol_browser, told) == ["move", "comment", "recorded"]
