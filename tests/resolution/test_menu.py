"""What waits for a person, and the list behind the number."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from tests.conftest import SignIn
from tests.resolution.stage import an_incident, resolve

from gnomon.organization.models import Person
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named, kinds
from gnomon.records.listing import Listing
from gnomon.resolution import menu
from gnomon.standard.plugs import MyWork
from gnomon.web.menu_groups import work_for

pytestmark = pytest.mark.django_db

WORK = [work for work in vars(menu).values() if isinstance(work, MyWork)]


@pytest.fixture
def reported(bob: Person, carol: Person) -> None:
    """Two of Carol's, one of them Bob's; one major; one resolved."""
    an_incident("06-01 09:00", requester=carol, assignee=bob)
    major = an_incident("06-01 09:00", requester=carol)
    actions.record(
        kind_named("major_incident"), by=SYSTEM, title="All is down", reason="x", incident=major, manager=bob
    )
    actions.record(kind_named("incident_task"), by=SYSTEM, title="Look", incident=major, owner=bob)
    resolve(an_incident("06-01 09:00", requester=carol, assignee=bob), "06-01 10:00")
    an_incident("06-01 09:00")


def test_what_waits_for_whom(reported: None, bob: Person, carol: Person, eve: Person) -> None:
    assert menu.MY_INCIDENTS.count(bob) == 1
    assert menu.UNASSIGNED.count(bob) == 2
    assert menu.OPEN_MAJOR.count(bob) == 1
    assert menu.MY_TASKS.count(bob) == 1
    assert menu.MY_REPORTS.count(carol) == 2
    assert not set(work_for(eve)) & set(WORK)


@pytest.mark.parametrize("work", WORK, ids=lambda work: str(work.url))
def test_the_number_is_that_of_the_list(
    reported: None, bob: Person, carol: Person, sign_in: SignIn, work: MyWork
) -> None:
    for person in (one for one in (bob, carol) if work in work_for(one)):
        parameters = parse_qs(urlsplit(work.url).query)
        kind = next(kind for kind in kinds() if f"/{kind.path}/" in work.url)
        assert work.count(person) == Listing(kind, person, parameters).count()
        assert sign_in(person).get(work.url).status_code == 200


def test_every_menu_entry_opens_a_page(sign_in: SignIn, olga: Person) -> None:
    browser = sign_in(olga)
    for entry in (menu.DESK_QUEUE, menu.MAJOR_INCIDENTS, menu.REVIEWS, menu.CRITERIA, menu.MATRICES):
        assert browser.get(entry.url).status_code == 200
