"""Thresholds: each share of a target is told of once, and only when it is reached."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnomon.agreements import thresholds
from gnomon.agreements.clock.definitions import RESPOND
from gnomon.agreements.clock.derive import derive
from gnomon.agreements.clock.happenings import Happening
from gnomon.agreements.clock.policies import Policy
from gnomon.agreements.clocks import project
from gnomon.agreements.histories import History, Pins
from gnomon.agreements.models import ClockProjection, ThresholdReached
from gnomon.agreements.rederivation import rederive
from gnomon.agreements.thresholds import OnThreshold, sweep, tell
from gnomon.calendars.calendar import ALWAYS
from gnomon.jobs.models import QueuedJob
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named
from gnomon.resolution.models import Incident
from gnomon.workflow.tables import Phase

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.6.1")]


@pytest.fixture
def hours(an_agreement):
    """Round the clock: ten hours for priority 3, one for priority 2; nothing about responding."""
    return an_agreement(
        calendar=None,
        agreed=False,
        is_default=True,
        service=None,
        customer=None,
        targets=[{"priority": 2, "resolve_minutes": 60}, {"priority": 3, "resolve_minutes": 600}],
    )


def told():
    return list(ThresholdReached.objects.order_by("id").values_list("number", "name", "percent"))


def test_a_threshold_is_told_of_once_and_not_before_it_is_reached(hours, an_incident):
    incident = an_incident()
    start = incident.opened_at
    assert sweep(start + timedelta(hours=4, minutes=59)) == 0
    assert sweep(start + timedelta(hours=5)) == 1  # half of ten hours
    assert sweep(start + timedelta(hours=5)) == 0
    rederive(kind_named("incident"))
    assert sweep(start + timedelta(hours=6)) == 0
    assert told() == [(incident.number, "resolve", 50)]
    # Asleep for a day: the rest is told of in order.
    assert sweep(start + timedelta(hours=30)) == 3
    assert [percent for *_, percent in told()] == [50, 75, 90, 100]
    reached = list(ThresholdReached.objects.order_by("id").values_list("reached_at", flat=True))
    whole = start.replace(microsecond=0)
    assert reached == [whole + timedelta(hours=h) for h in (5, 7.5, 9, 10)]
    jobs = QueuedJob.objects.filter(name=thresholds.TELL)
    assert sorted(job.facts["percent"] for job in jobs) == [50, 75, 90, 100]


def test_the_row_says_when_to_look_next(hours, an_incident):
    incident = an_incident()
    sweep(incident.opened_at + timedelta(hours=8))
    row = ClockProjection.objects.get(number=incident.number, name="resolve")
    assert row.next_threshold == 90
    assert row.next_threshold_at == incident.opened_at.replace(microsecond=0) + timedelta(hours=9)
    actions.move(incident, "start", by=SYSTEM)
    row.refresh_from_db()
    assert row.next_threshold == 90


def test_a_paused_or_solved_incident_is_left_in_peace(hours, an_incident, resolve):
    paused, solved = an_incident(), an_incident()
    actions.move(paused, "wait", by=SYSTEM, waiting_reason="user")
    resolve(solved)
    assert sweep(paused.opened_at + timedelta(days=30)) == 0


def test_a_priority_raised_late_tells_of_all_that_has_passed(hours, an_incident):
    incident = an_incident()
    ClockProjection.objects.filter(number=incident.number).delete()
    actions.change(incident, by=SYSTEM, impact=1)  # now one hour
    assert sweep(incident.opened_at + timedelta(hours=2)) == 4


@given(milliseconds=st.integers(0, 999), lag=st.integers(448_000, 452_000))
def test_nothing_that_is_still_to_come_when_a_record_is_written_is_lost(milliseconds, lag):
    """Half of fifteen minutes is over 450 s after the opening; the recording may fall anywhere around it.

    The clock begins at the whole second, so its half lies up to a second before the opening plus 450 s:
    a recording between the two once lost the telling.
    """
    opened = datetime(2026, 3, 9, 9, 0, 0, milliseconds * 1000, tzinfo=UTC)
    recorded = opened + timedelta(milliseconds=lag)
    half = opened + timedelta(seconds=450)
    record = Incident(number="INC-000001", recorded_at=recorded)
    happenings = [Happening(opened, 1, None, Phase.OPEN, "", "new", 1)]
    clock = derive(RESPOND, Policy("", ALWAYS, {1: 900}, (50,)), happenings, opened)
    row = project(record, clock, Pins(), History(happenings, [], opened, 1), frozenset())
    if half >= recorded:
        assert row.next_threshold == 50
    elif half + timedelta(seconds=1) < recorded:
        assert row.next_threshold is None


def test_what_was_over_before_we_knew_of_it_is_told_to_nobody(hours, an_incident):
    long_ago = an_incident(at=datetime(2026, 3, 9, 9, tzinfo=UTC))
    row = ClockProjection.objects.get(number=long_ago.number, name="resolve")
    assert (row.state, row.next_threshold_at) == ("running", None)
    assert sweep(datetime(2026, 12, 1, tzinfo=UTC)) == 0


def test_apps_follow_the_thresholds_of_their_kinds(hours, an_incident, monkeypatch):
    incident, heard = an_incident(), []
    follower = OnThreshold("incident", lambda *said: heard.append(said), percent=75)
    other = OnThreshold("service", lambda *said: heard.append(said))
    monkeypatch.setattr(thresholds, "collect", lambda _module, _plug: (follower, other))
    for percent in (50, 75):
        tell(incident.number, "resolve", percent, "2026-03-09T01:00:00.000Z")
    assert [(record.number, clock, percent) for record, clock, percent, _at in heard] == [
        (incident.number, "resolve", 75)
    ]
    tell("INC-999999", "resolve", 100, "2026-03-09T01:00:00.000Z")  # gone meanwhile: nothing to do
