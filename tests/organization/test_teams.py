"""Teams, roles and responsibilities."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from tests.makers import a_person, a_team

from gnomon.organization.actions import add_member, remove_member, seed_roles
from gnomon.organization.kinds import RESPONSIBILITY, ROLE
from gnomon.organization.models import Responsibility, Role
from gnomon.organization.queries import members_of, responsible_for
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.refusals import InvalidFacts

pytestmark = [pytest.mark.django_db, pytest.mark.clause("5.3")]


def test_a_team_cannot_become_part_of_its_own_part(olga):
    desk = a_team("Desk")
    night = a_team("Night desk", parent=desk)
    late_night = a_team("Late night", parent=night)
    with pytest.raises(InvalidFacts, match="part of itself"):
        actions.change(desk, by=olga, parent=late_night)


def test_escalation_comes_to_an_end(olga):
    first = a_team("First line")
    second = a_team("Second line")
    actions.change(first, by=olga, escalates_to=second)
    with pytest.raises(InvalidFacts, match="come back"):
        actions.change(second, by=olga, escalates_to=first)


def test_members_come_and_go_and_the_ledger_knows(bob, olga):
    team = a_team()
    add_member(team, bob, by=olga)
    assert list(members_of(team)) == [bob]
    remove_member(team, bob, by=olga)
    assert not members_of(team)


def test_a_retired_team_stays_on_record(olga):
    team = a_team()
    assert actions.move(team, "retire", by=olga, because="Merged").status == "retired"


def test_the_ten_roles_come_with_purpose_and_authorities_in_both_languages():
    seed_roles()
    for role in Role.objects.all():
        assert role.title
        assert role.title_zh
        assert role.description
        assert role.description_zh
        assert role.authorities
        assert role.authorities_zh


def test_a_role_code_is_used_once(olga):
    actions.record(ROLE, by=SYSTEM, title="Change manager", code="change_manager")
    with pytest.raises(InvalidFacts, match="Another record"):
        actions.record(ROLE, by=SYSTEM, title="Change manager again", code="change_manager")


def test_a_responsibility_is_called_by_role_and_person(alice, olga):
    role = actions.record(ROLE, by=olga, title="Incident manager", code="incident_manager")
    held = actions.record(RESPONSIBILITY, by=olga, person=alice, role=role, clause="8.6.1")
    assert held.title == "Incident manager: Alice Chen"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({}, "role"),
        ({"authority": "Stop releases", "clause": "3.1"}, "clause"),
        ({"authority": "Stop releases", "clause": "incident"}, "clause"),
        ({"authority": "Stop releases", "since": date(2026, 3, 2), "until": date(2026, 3, 1)}, "until"),
    ],
)
def test_a_responsibility_that_says_nothing_clear_is_refused(alice, olga, facts, field):
    with pytest.raises(InvalidFacts) as refused:
        actions.record(RESPONSIBILITY, by=olga, person=alice, **facts)
    assert field in refused.value.fields


def test_who_answers_for_a_clause_answers_for_those_under_it(alice, olga):
    today = timezone.localdate()
    wide = actions.record(RESPONSIBILITY, by=olga, person=alice, authority="Direct", clause="8.6")
    actions.record(RESPONSIBILITY, by=olga, person=alice, authority="Direct", clause="8.5")
    ended = actions.record(RESPONSIBILITY, by=olga, person=alice, authority="Earlier", clause="8.6.1")
    actions.move(ended, "end", by=olga, until=today)
    actions.record(
        RESPONSIBILITY, by=olga, person=a_person(), authority="Later", clause="8.6.1", since=today + timedelta(days=1)
    )
    assert list(responsible_for("8.6.1")) == [wide]


def test_ending_a_responsibility_needs_its_last_day(alice, olga):
    held = actions.record(RESPONSIBILITY, by=olga, person=alice, authority="Direct")
    with pytest.raises(InvalidFacts, match="until"):
        actions.move(held, "end", by=olga)
    assert Responsibility.objects.get(pk=held.pk).status == "held"
