"""What the desk filters by: whose it is, when it is due, how old it is (8.6.1)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.makers import a_person, a_team
from tests.resolution.makers import an_incident

from gnomon.organization.actions.teams import MEMBER
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.listing import Listing
from gnomon.records.refusals import InvalidFacts
from gnomon.records.views import listing
from gnomon.resolution.kinds import incident as INCIDENT
from gnomon.resolution.models import Incident

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.6.1")]
LIST = "/resolution/incidents/"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def titles(person, **parameters):
    given = {name: value if isinstance(value, list) else [value] for name, value in parameters.items()}
    return sorted(one.title for one in Listing(INCIDENT, person, given).ordered())


@pytest.fixture
def due():
    """Four unresolved incidents by when their next target ends, and one that is resolved though it was missed."""
    now = timezone.now()
    for title, at, missed in (
        ("over", now - HOUR, None), ("soon", now + HOUR / 2, None), ("today", now + 3 * HOUR, None),
        ("paused, too late", None, False), ("no target", None, None), ("resolved", None, False),
    ):  # fmt: skip
        made = an_incident(title)
        if title == "resolved":
            actions.move(made, "resolve", by=SYSTEM, resolution="Done", closure_code="solved")
        Incident.objects.filter(pk=made.pk).update(due_at=at, resolve_met=missed, respond_met=None)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("breached", ["over", "paused, too late"]),
        ("1h", ["soon"]),
        ("4h", ["soon", "today"]),
        ("90min", ["soon"]),
        ("none", ["no target", "paused, too late"]),
        (["breached", "1h"], ["over", "paused, too late", "soon"]),
    ],
)
def test_what_is_due(due, bob, value, found):
    assert titles(bob, due=value) == found


def test_how_old_it_is_and_when_it_was_opened(bob):
    for title, ago in (("new", HOUR / 2), ("of today", 5 * HOUR), ("of last week", 8 * DAY)):
        an_incident(title, at=timezone.now() - ago)
    assert titles(bob, older_than="1d") == ["of last week"]
    assert titles(bob, older_than="4h") == ["of last week", "of today"]
    assert titles(bob, opened_within="1h") == ["new"]
    assert titles(bob, opened_within="7d") == ["new", "of today"]


@pytest.mark.parametrize("name", ["due", "older_than", "opened_within"])
@pytest.mark.parametrize("value", ["soon", "4", "-1h", "99999d", "1h1", "１h", "4 h"])
def test_a_span_that_is_none_is_named(bob, name, value):
    with pytest.raises(InvalidFacts, match="span of time"):
        titles(bob, **{name: value})


def test_my_teams_are_those_i_work_in_lead_or_joined(bob):
    first, led, joined, other = (a_team(title) for title in ("First", "Led", "Joined", "Other"))
    actions.change(bob, by=SYSTEM, team=first)
    actions.change(led, by=SYSTEM, lead=bob)
    actions.join(joined, bob, MEMBER, by=SYSTEM)
    for team in (first, led, joined, other):
        an_incident(team.title, team=team)
    an_incident("Nobody's")
    assert titles(bob, team="mine") == ["First", "Joined", "Led"]
    assert titles(bob, team=["mine", "none"]) == ["First", "Joined", "Led", "Nobody's"]
    assert titles(bob, team=["mine", other.number]) == ["First", "Joined", "Led", "Other"]
    assert titles(a_person("Robin", roles=["agent"]), team="mine") == []


def test_filters_take_several_values_and_say_so_in_chips(bob_browser):
    for title, status in (("A", "new"), ("B", "wait"), ("C", "resolve")):
        made = an_incident(title)
        if status == "wait":
            actions.move(made, "wait", by=SYSTEM, waiting_reason="user")
        if status == "resolve":
            actions.move(made, "resolve", by=SYSTEM, resolution="Done", closure_code="solved")
    page = bob_browser.get(f"{LIST}?status=new&status=waiting&due=none&team=mine&team=none&assignee=none")
    assert {row.title for row in page.context["rows"]} <= {"A", "B"}
    chips = {chip.title: chip.value for chip in page.context["chips"]}
    assert chips == {"Status": "New, Waiting", "Due": "No running target", "Team": "Mine, None", "Assignee": "Nobody"}
    form = page.context["filters"]
    assert form["status"].value() == ["new", "waiting"]
    assert "due" in form.fields


def test_requesters_are_offered_no_filters_of_the_desk(carol, carol_browser):
    an_incident(requester=carol)
    assert not {"due", "opened_within", "older_than"} & set(carol_browser.get(LIST).context["filters"].fields)


def test_age_is_shown_and_ends_with_the_resolution(bob_browser):
    now = timezone.now()
    open_one = an_incident("Open", at=now - 3 * DAY)
    done = an_incident("Done", at=now - 9 * DAY)
    actions.move(done, "resolve", by=SYSTEM, resolution="x", closure_code="solved", at=now - 7 * DAY)
    page = bob_browser.get(LIST)
    at = [column.name for column in page.context["columns"]].index("age")
    ages = {row.number: row.cells[at] for row in page.context["rows"]}
    assert (ages[open_one.number].until, ages[done.number].until - ages[done.number].since) == (None, 2 * DAY)
    assert ">3 d<" in page.content.decode()
    assert ">2 d<" in page.content.decode()


def test_a_long_list_is_not_counted_to_its_end(bob_browser, monkeypatch):
    monkeypatch.setattr(listing, "COUNTED", 3)
    for turn in range(3):
        an_incident(f"Case {turn}")
    assert "3 of 3 records" in bob_browser.get(LIST).content.decode()
    an_incident("One more")
    assert "4 of more than 3 records" in bob_browser.get(LIST).content.decode()
