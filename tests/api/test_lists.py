"""Pages of lists: stable while others write, signed, cut down to the fields that are wanted."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from tests.resolution.makers import an_incident

from gnomon.organization.models import AccessToken

pytestmark = pytest.mark.django_db
LATE = datetime(2026, 3, 9, 22, tzinfo=UTC)


def walk(program, path):
    """All records of a list, page by page, as a program reads them that follows Link."""
    seen = []
    while path:
        answer = program.get(path)
        assert answer.status_code == 200, answer.content
        seen += [record["number"] for record in answer.json()["records"]]
        onward = re.search(r'<([^>]+)>; rel="next"', answer["Link"])
        path = onward[1].removeprefix("/api/v1/") if onward else ""
    return seen


@pytest.mark.parametrize("sort", ["", "&sort=title", "&sort=-priority", "&sort=opened_at", "&sort=-due_at"])
def test_following_links_reads_each_record_once(bobs, sort):
    for n in range(7):
        an_incident(f"Case {n % 3}", impact=1 + n % 3, urgency=1)
    seen = walk(bobs, f"incidents?limit=2{sort}")
    assert sorted(seen) == [f"INC-00000{n}" for n in range(1, 8)]


def test_records_that_come_meanwhile_shift_no_page(bobs):
    for n in range(4):
        an_incident(f"Case {n}")
    page = bobs.get("incidents?limit=2").json()
    an_incident("Came meanwhile")
    rest = bobs.get(f"incidents?limit=2&cursor={page['next']}").json()
    assert [r["title"] for r in [*page["records"], *rest["records"]]] == ["Case 3", "Case 2", "Case 1", "Case 0"]


@pytest.mark.parametrize(
    "other", ["sort=title", "status=new", "status=closed&limit=2", "q=case", "phase=open", "sort=-opened_at"]
)
def test_a_cursor_of_another_list_is_refused(bobs, other):
    for n in range(3):
        an_incident(f"Case {n}")
    cursor = bobs.get("incidents?limit=1&sort=opened_at").json()["next"]
    answer = bobs.get(f"incidents?{other}&cursor={cursor}")
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["cursor"]


def test_an_altered_cursor_is_refused(bobs):
    for n in range(3):
        an_incident(f"Case {n}")
    cursor = bobs.get("incidents?limit=1").json()["next"]
    for broken in (cursor[:-1], cursor[1:], cursor.swapcase(), cursor.partition(".")[0], "." + cursor, cursor + "é"):
        assert bobs.get(f"incidents?limit=1&cursor={broken}").status_code == 422
    assert bobs.get(f"incidents?limit=2&cursor={cursor}").status_code == 200  # a page may be of another size


def test_a_token_that_ends_in_mid_page_is_401_and_the_cursor_goes_on_with_a_new_one(bob, program):
    for n in range(4):
        an_incident(f"Case {n}")
    caller = program(bob)
    page = caller.get("incidents?limit=2").json()
    AccessToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1), name="ended")
    answer = caller.get(f"incidents?limit=2&cursor={page['next']}")
    assert answer.status_code == 401
    assert "invalid_token" in answer["WWW-Authenticate"]
    assert answer.json()["detail"].endswith(".")
    rest = program(bob).get(f"incidents?limit=2&cursor={page['next']}").json()
    assert [r["title"] for r in [*page["records"], *rest["records"]]] == ["Case 3", "Case 2", "Case 1", "Case 0"]


def test_only_the_fields_that_are_wanted_are_told(bobs):
    an_incident(impact=1, urgency=1)
    assert bobs.get("incidents?fields=number,priority").json()["records"] == [{"number": "INC-000001", "priority": 1}]
    assert bobs.get("incidents/INC-000001?fields=number&fields=title").json() == {
        "number": "INC-000001", "title": "No mail arrives",
    }  # fmt: skip


@pytest.mark.parametrize("path", ["incidents", "incidents/INC-000001"])
@pytest.mark.parametrize("name", ["password", "id", "colour", "%00", "title__startswith"])
def test_fields_that_are_none_are_refused(bobs, path, name):
    an_incident()
    answer = bobs.get(f"{path}?fields={name}")
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["fields"]


def test_dates_in_filters_are_in_the_time_zone_of_whoever_calls(bob, program):
    an_incident("Ten in the evening by London, six in the morning by Shanghai", opened_at=LATE)
    for zone, found in (("Asia/Shanghai", 1), ("Europe/London", 0)):
        bob.time_zone = zone
        bob.save()
        AccessToken.objects.all().delete()
        assert len(program(bob).get("incidents?opened_at.from=2026-03-10").json()["records"]) == found
        # A moment with its own zone is the same wherever one is.
        whole = program(bob, scopes=["*:read"]).get("incidents?opened_at.from=2026-03-10T00:00:00%2B08:00")
        assert len(whole.json()["records"]) == 1
