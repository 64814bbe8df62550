"""8.6.1 a and b: recorded, classified, prioritized."""

from __future__ import annotations

import pytest
from tests.resolution.stage import a_service, an_incident, asked, at, close, forced, resolve, verdict

from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named
from gnomon.records.models import LedgerEntry
from gnomon.resolution import evidence
from gnomon.resolution.models import Incident

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.6.1")]

RECORDED, CLASSIFIED, PRIORITIZED = (
    evidence.incidents_are_recorded_at_once,
    evidence.incidents_are_classified,
    evidence.incidents_are_prioritized,
)


def test_an_incident_recorded_within_the_hour_holds_and_a_later_one_is_late() -> None:
    an_incident("06-01 09:00", "06-01 10:00")
    late = an_incident("06-01 09:00", "06-01 10:01")
    found = asked(RECORDED, "06-02 00:00")
    assert found.seen == 2
    assert (found.late, found.failed) == ([late.number], [])
    assert verdict(RECORDED, "06-02 00:00") == "observation"


def test_a_history_that_was_brought_along_is_not_late_because_it_came_late() -> None:
    moved_in = an_incident("03-01 09:00", "03-01 09:05")
    assert moved_in.recorded_at > at("03-02 00:00")
    assert verdict(RECORDED, "03-02 00:00") == "conforming"


def test_an_incident_is_unknown_until_it_was_told() -> None:
    an_incident("06-01 09:00", "06-03 09:00")
    assert asked(RECORDED, "06-02 00:00").seen == 0
    assert asked(RECORDED, "06-04 00:00").seen == 1


def test_a_cancelled_report_still_had_to_be_recorded_but_needs_no_priority() -> None:
    report = an_incident("06-01 09:00", "06-01 09:00", impact=None)
    actions.move(report, "cancel", by=SYSTEM, at=at("06-01 09:10"), because="A question, no incident.")
    assert asked(RECORDED, "06-02 00:00").seen == 1
    assert asked(PRIORITIZED, "06-02 00:00").seen == 0


def test_a_closed_incident_needs_category_and_service() -> None:
    mail = a_service()
    for facts in ({"service": mail}, {"service": mail, "category": ""}, {"service": None}):
        incident = resolve(an_incident("06-01 09:00", **facts), "06-01 10:00")
        close(incident, "06-01 11:00")
    found = asked(CLASSIFIED, "06-02 00:00")
    assert found.seen == 3
    assert sorted(found.failed) == ["INC-000002", "INC-000003"]
    assert verdict(CLASSIFIED, "06-02 00:00") == "nonconforming"


@pytest.mark.parametrize(("first", "then"), [({"category": ""}, {"category": "mail"}), ({"service": None}, {})])
def test_what_is_filled_after_closing_comes_too_late(first: dict[str, object], then: dict[str, object]) -> None:
    mail = a_service()
    incident = an_incident("06-01 09:00", **{"service": mail, **first})
    close(resolve(incident, "06-01 10:00"), "06-01 11:00")
    actions.change(incident, by=SYSTEM, at=at("06-01 12:00"), **(then or {"service": mail}))
    assert asked(CLASSIFIED, "06-02 00:00").failed == [incident.number]


def test_another_category_after_closing_takes_nothing_away() -> None:
    incident = an_incident("06-01 09:00", service=a_service())
    close(resolve(incident, "06-01 10:00"), "06-01 11:00")
    actions.change(incident, by=SYSTEM, at=at("06-01 12:00"), category="queue")
    assert verdict(CLASSIFIED, "06-02 00:00") == "conforming"


def test_words_in_a_description_cannot_pass_for_a_fact() -> None:
    trick = '"category":["","x"] "service":[null,"SVC-000001"] "impact":[null,2]'
    incident = an_incident("06-01 09:00", service=a_service())
    close(resolve(incident, "06-01 10:00"), "06-01 11:00")
    actions.change(incident, by=SYSTEM, at=at("06-01 12:00"), description=trick)
    assert verdict(CLASSIFIED, "06-02 00:00") == "conforming"
    an_incident("06-01 09:00", impact=None, urgency=None, description=trick)
    assert asked(PRIORITIZED, "06-02 00:00").failed == ["INC-000002"]


def test_priority_must_be_what_the_matrix_says() -> None:
    an_incident("06-01 09:00", impact=1, urgency=1)
    wrong = an_incident("06-01 09:00", impact=1, urgency=1, priority=4)
    without = an_incident("06-01 09:00", impact=None)
    found = asked(PRIORITIZED, "06-02 00:00")
    assert found.seen == 3
    assert found.failed == [wrong.number, without.number]


def test_priority_set_within_half_an_hour_holds_and_later_it_is_late() -> None:
    in_time, late = (an_incident("06-01 09:00", impact=None, urgency=None) for _ in range(2))
    actions.change(in_time, by=SYSTEM, at=at("06-01 09:20"), impact=2)
    actions.change(in_time, by=SYSTEM, at=at("06-01 09:30"), urgency=1)
    actions.change(late, by=SYSTEM, at=at("06-01 09:31"), impact=2, urgency=1)
    found = asked(PRIORITIZED, "06-02 00:00")
    assert (found.seen, found.late, found.failed) == (2, [late.number], [])


def test_priority_is_not_missed_while_there_is_time() -> None:
    an_incident("06-01 09:00", impact=None)
    assert verdict(PRIORITIZED, "06-01 09:29") == "undetermined"
    assert verdict(PRIORITIZED, "06-01 09:31") == "nonconforming"


def test_another_matrix_makes_no_old_priority_wrong() -> None:
    stricter = {str(impact): {str(urgency): 1 for urgency in (1, 2, 3)} for impact in (1, 2, 3)}
    kind = kind_named("priority_matrix")
    first = actions.record(kind, by=SYSTEM, at=at("01-01 00:00"), title="Usual")
    actions.move(first, "adopt", by=SYSTEM, at=at("01-01 00:00"))
    before = an_incident("06-01 09:00", impact=2, urgency=2)
    actions.move(first, "retire", by=SYSTEM, at=at("06-02 00:00"), because="Too mild.")
    second = actions.record(kind, by=SYSTEM, at=at("06-02 00:00"), title="Strict", table=stricter)
    actions.move(second, "adopt", by=SYSTEM, at=at("06-02 00:00"))
    after = an_incident("06-03 09:00", impact=2, urgency=2)
    assert (before.priority, after.priority) == (3, 1)
    assert verdict(PRIORITIZED, "06-04 00:00") == "conforming"
    forced(after, priority=3)
    assert asked(PRIORITIZED, "06-04 00:00").failed == [after.number]


@pytest.mark.parametrize("check", [RECORDED, CLASSIFIED, PRIORITIZED])
def test_where_nothing_was_seen_nothing_is_proven(check: object) -> None:
    assert verdict(check, "06-02 00:00") == "undetermined"  # type: ignore[arg-type]


def test_an_incident_whose_beginning_is_not_in_the_ledger_fails() -> None:
    Incident.objects.create(
        number="INC-900001", title="From nowhere", status="new", recorded_at=at("06-01 09:00"),
        opened_at=at("06-01 09:00"),
    )  # fmt: skip
    assert not LedgerEntry.objects.filter(number="INC-900001").exists()
    assert asked(RECORDED, "06-02 00:00").failed == ["INC-900001"]
