"""How I am told, chosen by programs and at the terminal: the same choice as in my settings (7.4)."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from gnomon.governance.models import NoticePreference
from gnomon.organization.actions import make_token
from gnomon.organization.kinds import WORK_CALENDAR
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.queries import history

pytestmark = [pytest.mark.django_db, pytest.mark.clause("7.4")]
URL = "/api/v1/my-notices"


@pytest.fixture
def call(bob):
    _token, text = make_token(bob, name="t", by=SYSTEM)

    def called(method, body=None):
        return getattr(Client(), method)(
            URL, json.dumps(body) if body is not None else None, content_type="application/json",
            headers={"Authorization": f"Bearer {text}"},
        )  # fmt: skip

    return called


def test_what_is_not_chosen_is_as_usual(call):
    told = call("get").json()
    modes = {one["topic"]: one["modes"]["mail"] for one in told["topics"]}
    assert (modes["assigned"], modes["comment"]) == ("at_once", "never")
    assert (told["working_hours"], told["channels"]) == (None, {"mail": False})


def test_only_what_is_named_changes_and_the_ledger_tells(call, bob):
    hours = {"time_zone": "Asia/Shanghai", "week": {"mon": [["09:00", "18:00"]]}}
    office = actions.record(WORK_CALENDAR, by=SYSTEM, title="Office", hours=hours)
    answer = call(
        "patch", {"topics": {"comment": {"mail": "digest"}}, "working_hours": office.number, "digest_hour": 7}
    )
    assert answer.status_code == 200
    kept = NoticePreference.objects.get(person=bob.number)
    assert (kept.choices["comment"]["mail"], kept.choices["assigned"]["mail"]) == ("digest", "at_once")
    assert (kept.working_hours, kept.digest_hour) == (office, 7)
    assert history(bob)[-1].verb == "person:notices:chosen"
    call("patch", {"working_hours": ""})
    kept.refresh_from_db()
    assert (kept.working_hours, kept.digest_hour) == (None, 7)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"topics": {"weather": {"mail": "digest"}}}, "There is no topic or channel “weather”"),
        ({"topics": {"comment": {"pigeon": "digest"}}}, "Channels: mail"),
        ({"topics": {"comment": {"mail": "hourly"}}}, ""),
        ({"working_hours": "CAL-9"}, "no service hours “CAL-9”"),
        ({"digest_hour": 24}, ""),
    ],
)
def test_what_there_is_not_is_refused(call, body, says):
    answer = call("patch", body)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not NoticePreference.objects.exists()
