"""Everything that was sent stands on the timeline of its record, for staff (7.4)."""

from __future__ import annotations

import pytest
from tests.governance.notices.working import tell, work
from tests.makers import a_person
from tests.resolution.makers import an_incident

from gnomon.governance.models import Sending
from gnomon.governance.notices import mark_read, sending
from gnomon.records import actions

pytestmark = [pytest.mark.django_db, pytest.mark.clause("7.4")]


@pytest.fixture
def outage(bob, settings):
    settings.MAIL = {"backend": "django.core.mail.backends.locmem.EmailBackend"}
    settings.MAIL_FROM = "desk@gnomon.example"
    sending._away.clear()
    nina = a_person("Nina Park", username="nina", roles=["requester"], email="nina@customer.example")
    return an_incident("No mail", requester=nina, by=bob)


def page(browser, record, **query):
    return browser.get(record.get_absolute_url(), query).content.decode()


def test_who_was_told_how_and_when_stands_among_what_happened(bob_browser, outage):
    work()
    shown = page(bob_browser, outage)
    assert "Told: We have recorded INC-000001 for you: No mail" in shown
    assert "Nina Park" in shown
    assert "in Gnomon · Mail sent" in shown
    mark_read(outage.requester)
    assert "in Gnomon, read" in page(bob_browser, outage)


def test_what_failed_and_why_is_seen(bob_browser, outage):
    work()
    Sending.objects.update(state="failed", sent_at=None, error="550 No such user")
    assert "Mail failed (550 No such user)" in page(bob_browser, outage)


def test_what_was_held_back_is_seen_and_not_silence(bob_browser, outage):
    for n in range(23):
        tell([outage.requester.number], about=outage, what="progress", title=f"Word {n}", cause=f"c{n}")
    assert "held back: too much" in page(bob_browser, outage)


def test_it_can_be_filtered_away_and_is_not_for_requesters(bob_browser, sign_in, outage):
    work()
    assert "Told:" not in page(bob_browser, outage, show="comments")
    assert "Told:" in page(bob_browser, outage, show="notices")
    assert "Told:" not in page(sign_in(outage.requester), outage)


def test_telling_leaves_the_record_as_it_was(bob_browser, outage, bob):
    version = outage.version
    work()
    outage.refresh_from_db()
    assert outage.version == version  # else a form that somebody fills at that moment would be refused as stale
    actions.change(outage, by=bob, category="mail", expect=version)


def test_one_entry_that_is_told_to_several_in_the_same_words_is_one_line(bob_browser, outage, alice, bob):
    actions.change(outage, by=bob, assignee=alice)
    actions.comment(outage, "Any news?", by=bob)
    work()
    shown = page(bob_browser, outage, show="notices")
    assert shown.count("Told: Bob Reed wrote about INC-000001: No mail") == 1
    assert "Alice Chen" in shown
    assert "Nina Park" in shown
