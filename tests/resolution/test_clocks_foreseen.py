"""Clocks that were read before the turn to write are those that the ledger tells afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.makers import a_team
from tests.resolution.makers import an_incident

from gnomon.agreements import clocks
from gnomon.agreements.models import ClockProjection
from gnomon.records import actions
from gnomon.records.models import LedgerEntry
from gnomon.resolution.clocks import COLUMNS, columns
from gnomon.resolution.models import Incident


def kept(incident: Incident) -> list[tuple]:
    names = [field.name for field in ClockProjection._meta.concrete_fields if field.name != "id"]
    return list(ClockProjection.objects.filter(number=incident.number).order_by("name").values_list(*names))


def shown(incident: Incident) -> list[object]:
    stored = Incident.objects.get(pk=incident.pk)
    return [getattr(stored, name) for name in COLUMNS]


def assert_as_the_ledger_tells(incident: Incident) -> None:
    """Rows and columns are what a rebuilding makes of the entries."""
    before, seen = kept(incident), shown(incident)
    derived = clocks.rebuild([Incident.objects.get(pk=incident.pk)])[incident.number]
    assert kept(incident) == before
    assert seen == list(columns(derived).values())


@pytest.fixture
def never_read_again(monkeypatch):
    monkeypatch.setattr(clocks, "rederive", None)


def test_the_clocks_of_a_new_incident(bob, never_read_again):
    incident = an_incident(by=bob, impact=1, urgency=1)
    assert {row.entry for row in ClockProjection.objects.all()} == {LedgerEntry.objects.get(number=incident.number).pk}
    assert_as_the_ledger_tells(incident)


def test_the_clocks_of_an_incident_that_moves_on(bob, never_read_again):
    incident = an_incident(by=bob, impact=2, urgency=2)
    solved = {"resolution": "Done", "closure_code": "solved"}
    moves = {"start": {}, "wait": {"waiting_reason": "user"}, "resume": {}, "resolve": solved}
    for move, facts in moves.items():
        incident = Incident.objects.get(pk=incident.pk)
        actions.move(incident, move, by=bob, because="It went so", **facts)
        assert_as_the_ledger_tells(incident)


def test_what_happened_earlier_in_the_world_is_read_as_such(bob):
    incident = an_incident(by=bob, impact=2, urgency=2)
    earlier = incident.recorded_at + timedelta(microseconds=1500)
    actions.move(Incident.objects.get(pk=incident.pk), "start", by=bob, at=earlier)
    assert_as_the_ledger_tells(incident)


def test_a_change_of_priority_aims_anew(bob, never_read_again):
    incident = an_incident(by=bob, impact=3, urgency=3)
    actions.change(Incident.objects.get(pk=incident.pk), by=bob, impact=1, urgency=1)
    assert_as_the_ledger_tells(incident)


def test_a_thought_that_was_never_written_leaves_no_clocks(bob):
    incident = an_incident(by=bob, impact=3, urgency=3)
    mine = Incident.objects.get(pk=incident.pk)
    actions.move_thought(mine, "start", by=bob)
    actions.comment(incident, "Nothing happened yet", by=bob)
    assert_as_the_ledger_tells(incident)


def test_a_team_without_agreement_has_no_row_of_its_own(bob, never_read_again):
    incident = an_incident(by=bob, impact=1, urgency=1, team=a_team("Mail desk"))
    assert_as_the_ledger_tells(incident)
