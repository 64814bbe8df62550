"""Incidents like another, and those that keep coming back: bounded, and counted as their lists count."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.resolution.makers import a_service, an_incident

from gnomon.records import actions
from gnomon.records.kinds import kind_named
from gnomon.records.listing import Listing
from gnomon.records.models import Link
from gnomon.resolution.models import Incident
from gnomon.resolution.queries.similar import LOOKED_AT, cluster_of, clusters, similar_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def mail(db):
    return a_service("Mail")


def listed(url, person):
    query = dict(re.findall(r"([\w.]+)=([^&]+)", url.partition("?")[2]))
    return Listing.of(kind_named("incident"), person, {name: value.replace("+", " ") for name, value in query.items()})


def test_those_with_the_same_rare_words_come_first(mail, bob):
    twin = an_incident("Outlook shows no new mail since noon", service=mail, by=bob)
    cousin = an_incident("Outlook shows an error", service=mail, by=bob)
    an_incident("Spam filter holds invoices", service=mail, by=bob)
    elsewhere = an_incident("Outlook shows no new mail since noon", service=a_service("Other"), by=bob)
    asked = an_incident("Since noon Outlook shows no new mail", service=mail, by=bob)
    found = [one.number for one in similar_to(asked)]
    assert found[0] == twin.number
    assert elsewhere.number not in found
    assert cousin.number not in found or found.index(cousin.number) > 0


def test_chinese_titles_are_compared_by_pairs_of_signs(mail, bob):
    twin = an_incident("三楼打印机打出空白页", service=mail, by=bob)
    an_incident("会议室投影仪无信号", service=mail, by=bob)
    assert [one.number for one in similar_to(an_incident("打印机打出空白页", service=mail, by=bob))] == [twin.number]


def test_what_is_linked_already_is_not_offered_again(mail, bob):
    twin, asked = (
        an_incident("No mail at all", service=mail, by=bob),
        an_incident("No mail at all", service=mail, by=bob),
    )
    actions.link(asked, twin, "duplicate_of", by=bob)
    assert similar_to(asked) == []


def test_only_so_many_of_the_newest_are_looked_at(mail, bob):
    old = an_incident("The one and only walrus", service=mail, by=bob)
    Incident.objects.bulk_create(
        Incident(number=f"INC-9{n:05d}", title=f"Case {n}", status="new", service=mail, opened_at=old.opened_at,
                 recorded_at=old.recorded_at)
        for n in range(LOOKED_AT)
    )  # fmt: skip
    asked = Incident.objects.get(number="INC-900000")
    with CaptureQueriesContext(connection) as captured:
        assert all(one.number != old.number for one in similar_to(asked))
    assert len(captured) == 3
    assert f"LIMIT {LOOKED_AT}" in captured[0]["sql"]


def test_an_incident_is_linked_in_one_step_from_its_page(mail, bob, bob_browser):
    twin, asked = (
        an_incident("No mail at all", service=mail, by=bob),
        an_incident("No mail at all", service=mail, by=bob),
    )
    page = bob_browser.get(asked.get_absolute_url()).content.decode()
    assert f"This is the same as {twin.number}" in page
    bob_browser.post(f"{asked.get_absolute_url()}/link", {"other": twin.number, "relation": "duplicate_of"})
    assert Link.objects.get().other_number == twin.number


def test_requesters_are_shown_nothing_like_their_incident(mail, bob, carol, carol_browser):
    an_incident("No mail at all", service=mail, by=bob)
    mine = an_incident("No mail at all", service=mail, by=bob, requester=carol)
    assert "Similar incidents" not in carol_browser.get(mine.get_absolute_url()).content.decode()
    assert carol_browser.get("/resolution/recurring").status_code == 404


def opened(title, days_ago, bob, **facts):
    incident = an_incident(title, by=bob, **facts)
    Incident.objects.filter(pk=incident.pk).update(opened_at=timezone.now() - timedelta(days=days_ago))
    return incident


def test_a_number_that_recurs_is_that_of_its_list(mail, bob):
    for days in (0, 1, 5, 28, 29, 30, 31, 45, 58, 90):
        opened("Full", days, bob, service=mail, category="mailbox")
    opened("Other category", 1, bob, service=mail, category="spam")
    asked = Incident.objects.filter(category="mailbox").first()
    cluster = cluster_of(asked, bob)
    # within the 30 days up to today: 0, 1, 5, 28 and 29 days ago; in the 30 before: 30, 31, 45 and 58
    assert (cluster.count, cluster.before, cluster.trend) == (5, 4, 1)
    assert listed(cluster.url, bob).count() == 5
    (one,) = clusters(bob)
    assert (one.service, one.category, one.count, one.before) == (mail, "mailbox", 5, 4)
    assert listed(one.url, bob).count() == 5
    assert [found.count for found in clusters(bob, 7)] == [3]


def test_incidents_without_service_or_category_recur_too(bob):
    for _n in range(3):
        opened("Something", 1, bob)
    (one,) = clusters(bob)
    assert (one.service, one.category, one.count) == (None, "", 3)
    assert listed(one.url, bob).count() == 3


def test_the_page_of_what_recurs_is_flat(mail, bob, bob_browser):
    def asked():
        with CaptureQueriesContext(connection) as captured:
            html = bob_browser.get("/resolution/recurring?days=30").content.decode()
        return len(captured), html

    for _n in range(3):
        opened("Full", 1, bob, service=mail, category="mailbox")
    asked()
    few, html = asked()
    assert "mailbox" in html
    for n in range(4):
        for _n in range(3):
            opened("Full", 1, bob, service=a_service(f"S{n}"), category="x")
    assert asked()[0] == few
    assert bob_browser.get("/resolution/recurring?days=9999999").status_code == 200
