"""A write is worked out before its turn; what changes between the two is noticed, and nobody's word is lost."""

from __future__ import annotations

import sys

import pytest
from django.db import connection
from tests.makers import a_team
from tests.resolution.makers import a_service, an_incident

from gnomon.organization.models import Team
from gnomon.records import actions, rules
from gnomon.records.actions import thinking
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kinds
from gnomon.records.queries import history
from gnomon.records.refusals import InvalidFacts, StaleRecord
from gnomon.resolution.kinds import incident as INCIDENT
from gnomon.resolution.kinds import priority_matrix as MATRIX
from gnomon.resolution.models import Incident, PriorityMatrix
from gnomon.resolution.models.priority import USUAL

GRAVE = {impact: dict.fromkeys(row, 1) for impact, row in USUAL.items()}


def another_matrix() -> PriorityMatrix:
    """From now on everything is grave."""
    made = actions.record(MATRIX, by=SYSTEM, title="Everything is grave", table=GRAVE)
    actions.move(made, "adopt", by=SYSTEM)
    return made


def a_thought(bob, **facts):
    given = {"title": "No mail", "impact": 3, "urgency": 3, **facts}
    return thinking.NewRecord(INCIDENT, bob, None, "", given)


def marks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT mark FROM records_rulemark")
        return cursor.fetchone()[0]


def test_what_was_thought_before_the_turn_is_what_is_written(bob, monkeypatch):
    thought = a_thought(bob)
    monkeypatch.setattr(thinking, "apply", None)  # nobody thinks again
    incident = thought.write()
    # The usual matrix: low impact and low urgency come last.
    assert (incident.priority, incident.version) == (USUAL["3"]["3"], 1)
    assert [entry.verb for entry in history(incident)] == ["incident:recorded"]


def test_a_rule_changed_between_thought_and_turn_decides(bob):
    a_thought(bob).write()  # the process knows the usual matrix
    thought = a_thought(bob)
    another_matrix()
    incident = thought.write()
    assert incident.priority == 1
    assert Incident.objects.get(pk=incident.pk).priority == 1
    assert history(incident)[0].changes["priority"] == [None, 1]


def test_the_next_one_thinks_by_the_new_rule_at_once(bob, monkeypatch):
    a_thought(bob).write()
    another_matrix()
    a_thought(bob).write()
    thought = a_thought(bob)
    monkeypatch.setattr(thinking, "apply", None)
    assert thought.write().priority == 1


def test_whoever_was_second_is_told_so_although_they_thought_first(bob, carol):
    incident = an_incident(by=bob, impact=3, urgency=3)
    mine, theirs = Incident.objects.get(pk=incident.pk), Incident.objects.get(pk=incident.pk)
    thought = actions.change_thought(mine, by=bob, impact=1)
    actions.change(theirs, by=bob, impact=2)
    with pytest.raises(StaleRecord):
        thought.write()
    assert mine.impact == 3, "the page shows beside the refusal what was read"
    assert Incident.objects.get(pk=incident.pk).impact == 2


def test_a_comment_between_takes_nothing_from_a_move(bob):
    incident = an_incident(by=bob)
    mine = Incident.objects.get(pk=incident.pk)
    thought = actions.move_thought(mine, "start", by=bob)
    actions.comment(incident, "I look into it", by=bob)
    assert thought.write().version == 3
    assert [entry.verb for entry in history(mine)] == ["incident:recorded", "incident:commented", "incident:start"]


def test_a_rule_changed_between_thought_and_turn_decides_over_a_change_as_well(bob):
    incident = an_incident(by=bob, impact=3, urgency=3)
    thought = actions.change_thought(incident, by=bob, impact=2)
    another_matrix()
    assert (thought.write().priority, incident.version) == (1, 2)
    assert history(incident)[-1].changes["priority"] == [USUAL["3"]["3"], 1]


def test_what_is_written_beside_a_move_stands_or_falls_with_it(bob):
    incident = an_incident(by=bob)

    def refuse(moved):
        assert (moved.status, moved.version) == ("in_progress", 2), "it is written and held"
        raise InvalidFacts("No.", {})

    with pytest.raises(InvalidFacts):
        actions.move_thought(incident, "start", by=bob).write(then=refuse)
    assert (incident.status, incident.version) == ("new", 1)
    assert [entry.verb for entry in history(incident)] == ["incident:recorded"]


def test_a_refusal_is_judged_again_in_the_turn(bob):
    thought = a_thought(bob, impact=77)
    with pytest.raises(InvalidFacts):
        thought.write()
    assert not Incident.objects.exists()


def test_what_is_refused_ahead_takes_no_number(bob):
    first = a_thought(bob).write()
    with pytest.raises(InvalidFacts):
        a_thought(bob, title="").write()
    second = a_thought(bob).write()
    assert int(second.number[4:]) == int(first.number[4:]) + 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer, and one line")
def test_who_has_a_number_keeps_nobody_waiting_for_the_next(monkeypatch):
    written, other = thinking.leave_entry, connection.get_new_connection(connection.get_connection_params())

    def another_takes_one(*told):
        with other.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
            cursor.execute("UPDATE records_numbering SET last = last + 1 WHERE prefix = 'INC'")
        return written(*told)

    an_incident()
    monkeypatch.setattr(thinking, "leave_entry", another_takes_one)
    second = an_incident()
    other.close()
    assert second.number == "INC-000002"


def test_a_record_is_as_it_was_when_its_change_is_never_written(bob):
    incident = an_incident(by=bob, impact=3)
    with pytest.raises(InvalidFacts):
        actions.change(incident, by=bob, impact=77)
    assert (incident.impact, incident.version) == (3, 1)


def test_every_way_to_change_a_rule_changes_the_mark(bob):
    matrix = another_matrix()
    seen = {marks()}
    actions.change(matrix, by=SYSTEM, title="Everything is very grave")
    seen.add(marks())
    PriorityMatrix.objects.filter(pk=matrix.pk).update(title="By SQL")
    seen.add(marks())
    PriorityMatrix.objects.filter(pk=matrix.pk).delete()
    seen.add(marks())
    assert len(seen) == 4
    an_incident(by=bob)
    assert marks() in seen, "what is no rule leaves it alone"


def test_rules_that_are_known_are_not_asked_of_by_those_who_only_read(bob):
    a_thought(bob).write()
    known = rules.last_known()
    assert known is not None
    assert known.answers, "something was remembered"
    from gnomon.resolution.queries.priority import table_in_use

    PriorityMatrix.objects.all().delete()
    assert table_in_use() == USUAL


def test_every_kind_thinks_first_of_what_rests_on_itself_alone(alice, monkeypatch):
    thinking._rest_on_others.clear()
    mail = a_service(owner=alice)
    thought = actions.change_thought(mail, by=alice, description="Letters that fly")
    monkeypatch.setattr(thinking, "apply", None)  # nobody thinks again
    assert thought.write().version == 2
    mail.refresh_from_db()
    assert mail.description == "Letters that fly"


def test_what_asks_of_others_is_thought_in_the_turn_as_its_sort_is_from_then_on(olga, monkeypatch):
    """Whether a team would be part of itself rests on other teams, which may change between thought and turn."""
    thinking._rest_on_others.clear()
    a_team("Desk", parent=a_team("Office", parent=a_team("House")))
    thoughts: list[str] = []
    think = thinking.Alteration._think
    monkeypatch.setattr(thinking.Alteration, "_think", lambda one: thoughts.append(one.verb) or think(one))
    for times in (2, 1):  # ahead and in the turn, then in the turn alone
        thoughts.clear()
        desk, house = Team.objects.get(title="Desk"), Team.objects.get(title="House")
        with pytest.raises(InvalidFacts):
            actions.change(house, by=olga, parent=desk)
        assert thoughts == ["changed"] * times
        assert ("team", "changed", frozenset({"parent"})) in thinking._rest_on_others


def test_a_thought_that_would_write_has_written_nothing(bob):
    """Putting a matrix in use retires the other: in the turn, once, and never for a move that is not written."""
    first = another_matrix()
    thinking._rest_on_others.clear()
    second = actions.record(MATRIX, by=SYSTEM, title="Another", table=GRAVE)
    actions.move_thought(second, "adopt", by=SYSTEM)
    first.refresh_from_db()
    assert first.status == "in_use"
    actions.move(second, "adopt", by=SYSTEM)
    assert [entry.verb for entry in history(first)].count("priority_matrix:retire") == 1


def test_what_is_remembered_as_a_rule_is_watched(db):
    """A question about a table that bears no trigger would be answered from memory for ever."""
    watched = {kind.model._meta.db_table for kind in kinds() if kind.rules}
    modules = [module for name, module in sys.modules.items() if name.startswith("gnomon.")]
    asked = {value for module in modules for value in vars(module).values() if isinstance(value, rules.Rules)}
    assert len(asked) >= 5
    assert all(one.tables() <= watched for one in asked), [one.tables() - watched for one in asked]
    assert rules.missing(connection) == []
