"""Whose work a record is, by the ledger."""

from __future__ import annotations

import pytest
from tests.resolution.makers import an_incident

from gnomon.organization.models import Person
from gnomon.records import actions
from gnomon.records.actions.spending import spend
from gnomon.records.authorship import author_of, worked_on
from gnomon.records.kinds import kind_named

pytestmark = pytest.mark.django_db


def test_who_recorded_it_is_its_author(bob: Person) -> None:
    made = actions.record(kind_named("incident"), by=bob, title="No mail")
    assert author_of(made.number) == bob.number
    assert author_of("INC-009999") == ""


def test_writing_moving_owning_and_time_are_work_and_questions_are_none(
    bob: Person, dave: Person, alice: Person
) -> None:
    case = an_incident("No mail")
    assert not worked_on(case, bob.number)
    actions.comment(case, "Did you restart it?", by=bob)
    assert not worked_on(case, bob.number)
    spend(case, 5, by=bob)
    assert worked_on(case, bob.number)
    owned = an_incident("No web", owner=alice)
    assert worked_on(owned, alice.number)
    assert not worked_on(owned, dave.number)
