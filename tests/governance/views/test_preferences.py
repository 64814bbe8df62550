"""Each person chooses how to be told."""

from __future__ import annotations

import pytest

from gnomon.governance.models import NoticePreference
from gnomon.governance.notices.preferences import choose
from gnomon.organization.kinds import WORK_CALENDAR
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.models import LedgerEntry
from gnomon.records.refusals import InvalidFacts

pytestmark = pytest.mark.django_db
PAGE = "/governance/my-notices"
WEEK = {"mon": [["09:00", "18:00"]], "tue": [], "wed": [], "thu": [], "fri": [], "sat": [], "sun": []}


def given(browser, **changed):
    """What the form sends when only these are changed."""
    page = browser.get(PAGE)
    form = page.context["form"]
    return {name: changed.get(name, form[name].value() or "") for name in form.fields} | changed


def test_what_is_chosen_is_kept_with_one_entry_and_nothing_twice(bob, bob_browser):
    hours = actions.record(WORK_CALENDAR, by=SYSTEM, title="Office", hours={"time_zone": "Asia/Shanghai", "week": WEEK})
    sent = given(bob_browser, **{"comment-mail": "digest", "working_hours": hours.pk, "digest_hour": "7"})
    assert bob_browser.post(PAGE, sent).status_code == 302
    kept = NoticePreference.objects.get()
    assert (kept.choices["comment"]["mail"], kept.working_hours, kept.digest_hour) == ("digest", hours, 7)
    bob_browser.post(PAGE, sent)
    entries = LedgerEntry.objects.filter(number=bob.number, verb="person:notices:chosen")
    assert entries.count() == 1
    assert '"digest"' in entries.get().facts


def test_requesters_are_asked_only_what_can_reach_them(carol_browser, bob_browser):
    assert "A record is assigned to me" not in carol_browser.get(PAGE).content.decode()
    assert "A record is assigned to me" in bob_browser.get(PAGE).content.decode()


@pytest.mark.parametrize(
    "wrong", [{"comment-mail": "loudly"}, {"digest_hour": "24"}, {"digest_hour": "x"}, {"working_hours": "999"}]
)
def test_nonsense_is_refused_and_changes_nothing(bob_browser, wrong):
    assert bob_browser.post(PAGE, given(bob_browser, **wrong)).status_code == 422
    assert not NoticePreference.objects.exists()


@pytest.mark.parametrize("choices", [{"dance": {"mail": "never"}}, {"comment": {"mail": "loudly"}}])
def test_the_action_refuses_what_no_page_offers(bob, choices):
    with pytest.raises(InvalidFacts):
        choose(bob, choices=choices, working_hours=None, digest_hour=9)
    with pytest.raises(InvalidFacts):
        choose(bob, choices={}, working_hours=None, digest_hour=24)
