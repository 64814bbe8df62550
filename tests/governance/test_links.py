"""Links that were sent to somebody: for one person, one record, one purpose, for a while."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from tests.makers import a_person
from tests.resolution.makers import an_incident

from gnomon.governance import links
from gnomon.governance.links import LinkPage, OpenedLink, make_link, open_link
from gnomon.governance.models import SentLink
from gnomon.records import actions
from gnomon.records.actors import SYSTEM

pytestmark = [pytest.mark.django_db, pytest.mark.clause("7.4")]


def greet(request: HttpRequest, link: OpenedLink) -> HttpResponse:
    if request.method == "POST":
        return HttpResponse("used" if link.use() else "spent")
    return HttpResponse(f"for {link.person.title}")


@pytest.fixture(autouse=True)
def purposes(monkeypatch: pytest.MonkeyPatch):
    declared = (LinkPage("once", "Once", greet), LinkPage("look", "Look", greet, once=False))
    monkeypatch.setattr(links, "collect", lambda *_: declared)
    cache.clear()


@pytest.fixture
def outage(bob, carol):
    return an_incident("No mail", requester=carol, by=bob)


@pytest.fixture
def address(outage, carol):
    return make_link("once", person=carol.number, about=outage)


def test_a_link_opens_without_signing_in_and_says_for_whom_it_is(nobody_browser, address):
    answer = nobody_browser.get(address)
    assert answer.content == b"for Carol Lane"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]


def test_its_secret_stands_nowhere_in_the_database(address):
    secret = address.rpartition("/")[2].partition(":")[0]
    (sent,) = SentLink.objects.all()
    assert secret not in str(vars(sent))
    assert len(sent.digest) == 64


def test_looking_spends_nothing_and_acting_spends_it(nobody_browser, address):
    for _time in range(3):
        assert nobody_browser.get(address).status_code == 200
    assert nobody_browser.post(address).content == b"used"
    assert nobody_browser.get(address).status_code == 404
    assert nobody_browser.post(address).status_code == 404


def test_of_two_who_act_at_once_one_is_too_late(address):
    first, second = open_link(address.rpartition("/")[2]), open_link(address.rpartition("/")[2])
    assert (first.use(), second.use()) == (True, False)


def test_a_link_to_look_may_be_used_again(nobody_browser, outage, carol):
    address = make_link("look", person=carol.number, about=outage)
    assert [nobody_browser.post(address).content for _time in range(2)] == [b"used", b"used"]


def closed_in_the_same_words(browser, *addresses):
    pages = {browser.get(address).content for address in addresses}
    assert [browser.get(address).status_code for address in addresses] == [404] * len(addresses)
    assert len(pages) == 1


def test_forged_spent_expired_and_revoked_links_cannot_be_told_apart(nobody_browser, outage, carol, address):
    past = make_link("once", person=carol.number, about=outage, lasts=timedelta(seconds=-1))
    spent = make_link("once", person=carol.number, about=outage)
    nobody_browser.post(spent)
    links.revoke_links(outage, carol.number)
    closed_in_the_same_words(nobody_browser, "/l/nothing", f"{address[:-1]}!", past, spent, address)


def test_another_requester_takes_the_key_away_for_good(nobody_browser, outage, carol, bob, address):
    other = a_person("Tom Else", roles=["requester"])
    actions.change(outage, by=bob, requester=other)
    assert nobody_browser.get(address).status_code == 404
    actions.change(outage, by=bob, requester=carol)
    assert nobody_browser.get(address).status_code == 404


def test_whoever_left_opens_nothing(nobody_browser, carol, address):
    actions.move(carol, "leave", by=SYSTEM, because="Left")
    assert nobody_browser.get(address).status_code == 404


def test_a_link_for_eve_shows_nothing_that_eve_may_not_see(nobody_browser, outage, eve):
    assert nobody_browser.get(make_link("once", person=eve.number, about=outage)).status_code == 404


def test_guessing_is_slowed_down(nobody_browser, address):
    answers = [nobody_browser.get(f"/l/guess-{n}").status_code for n in range(31)]
    assert answers == [404] * 30 + [429]
    assert nobody_browser.get(address).status_code == 429


def test_a_purpose_that_nobody_declares_is_refused(outage, carol):
    with pytest.raises(LookupError, match="No app declares"):
        make_link("dance", person=carol.number, about=outage)


def test_a_link_lasts_as_long_as_its_purpose_says(outage, carol, address):
    (sent,) = SentLink.objects.all()
    assert timedelta(days=13) < sent.expires_at - datetime.now(UTC) <= timedelta(days=14)
