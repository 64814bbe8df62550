"""The bell and the list behind it."""

from __future__ import annotations

import pytest
from tests.governance.notices.working import tell
from tests.resolution.makers import an_incident

from gnomon.governance.notices import latest, unread_count

pytestmark = pytest.mark.django_db
PAGE = "/governance/messages"


@pytest.fixture
def outage(bob, carol):
    return an_incident("No mail", requester=carol, by=bob)


def say(person, outage, cause="one", **more):
    tell([person.number], about=outage, what="test", title="Look at <this>", cause=cause, **more)


def test_the_bell_shows_how_many_wait_and_asks_for_nothing_while_that_stands(bob, bob_browser, outage):
    assert b"none unread" in bob_browser.get(f"{PAGE}/bell").content
    say(bob, outage)
    answer = bob_browser.get(f"{PAGE}/bell")
    assert b"1 message that you have not read" in answer.content
    again = bob_browser.get(f"{PAGE}/bell", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_bell_stands_on_every_page_of_requesters_too(carol, carol_browser, outage):
    say(carol, outage)
    page = carol_browser.get("/").content.decode()
    assert 'data-bell="/governance/messages/bell"' in page
    assert "1 message that you have not read" in page


def test_the_list_shows_only_my_own_with_nothing_in_them_run(bob, alice_browser, bob_browser, outage):
    say(bob, outage, text="<script>alert(1)</script>")
    page = bob_browser.get(PAGE).content.decode()
    assert "Look at &lt;this&gt;" in page
    assert "&lt;script&gt;" in page
    assert outage.get_absolute_url() in page
    assert "Nothing was told to you yet." in alice_browser.get(PAGE).content.decode()


def test_reading_one_or_all(bob, bob_browser, outage):
    for cause in "abc":
        say(bob, outage, cause)
    key = latest(bob)[0].pk
    assert bob_browser.post(f"{PAGE}/read", {"message": key}).status_code == 302
    assert unread_count(bob) == 2
    assert bob_browser.post(f"{PAGE}/read", {"message": latest(bob)[1].pk, "quiet": "1"}).status_code == 204
    assert "1 message is marked" in bob_browser.post(f"{PAGE}/read", follow=True).content.decode()
    assert unread_count(bob) == 0


def test_nobody_reads_the_messages_of_others(alice_browser, bob, outage):
    say(bob, outage)
    alice_browser.post(f"{PAGE}/read", {"message": latest(bob)[0].pk})
    assert unread_count(bob) == 1


@pytest.mark.parametrize("strange", ["x", "-1", "9" * 30, "1' OR 1=1"])
def test_strange_keys_do_no_harm(bob, bob_browser, outage, strange):
    say(bob, outage)
    assert bob_browser.get(PAGE, {"before": strange}).status_code == 200
    assert bob_browser.post(f"{PAGE}/read", {"message": strange}).status_code == 302
    assert unread_count(bob) == 1


def test_reading_is_not_done_by_looking(bob, bob_browser, outage):
    say(bob, outage)
    bob_browser.get(PAGE)
    assert bob_browser.get(f"{PAGE}/read").status_code == 405
    assert unread_count(bob) == 1


def test_older_messages_are_a_page_away(bob, bob_browser):
    for n in range(52):
        say(bob, None, f"c{n}")
    page = bob_browser.get(PAGE).content.decode()
    assert page.count('class="told-one') == 50
    before = latest(bob)[49].pk
    assert f"?before={before}" in page
    assert bob_browser.get(PAGE, {"before": before}).content.decode().count('class="told-one') == 2


def test_whoever_is_not_signed_in_learns_nothing(nobody_browser):
    assert nobody_browser.get(f"{PAGE}/bell").status_code in (302, 401)
