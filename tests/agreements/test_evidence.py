"""8.3.3 c, d, f, g, h: what the register of agreements proves, then and now."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from gnomon.agreements import evidence
from gnomon.agreements.kinds import customer as CUSTOMER
from gnomon.agreements.kinds import service_level_agreement as AGREEMENT
from gnomon.certification import verdicts
from gnomon.certification.catalogue import catalogue
from gnomon.organization.kinds import PERSON, WORK_CALENDAR
from gnomon.portfolio.kinds import service as SERVICE
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.standard.periods import Period
from gnomon.standard.plugs import EvidenceCheck, Finding, Question

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.3.3")]

AGREED_WITH, COVERED = evidence.services_are_agreed_with_customers, evidence.live_services_have_an_agreement
STATES = (
    (evidence.agreements_state_targets, {"targets": [{"priority": 1}]}),
    (evidence.agreements_state_workload_limits, {"workload_limits": []}),
    (evidence.agreements_state_exceptions, {"exceptions_stated": False}),
)
OFFICE = {"time_zone": "UTC", "week": {"mon": [["09:00", "17:00"]]}}


def day(month: int, number: int, hour: int = 12) -> datetime:
    return datetime(2026, month, number, hour, tzinfo=UTC)


AGREED = day(1, 10)


def a_service(*, live: bool = True, **facts: Any) -> Any:
    owner = actions.record(PERSON, by=SYSTEM, title="Alice Chen")
    made: Any = actions.record(SERVICE, by=SYSTEM, at=day(1, 1), title="Mail", owner=owner, **facts)
    return actions.move(made, "go_live", by=SYSTEM, at=day(1, 2)) if live else made


def an_agreement(service: Any, *, agreed: datetime | None = AGREED, **facts: Any) -> Any:
    calendar = actions.record(WORK_CALENDAR, by=SYSTEM, title=f"Hours {service.number}", hours=OFFICE)
    usual = {
        "title": "Mail", "service": service, "calendar": calendar,
        "customer": actions.record(CUSTOMER, by=SYSTEM, title="Harbour Office"),
        "targets": [{"priority": 1, "resolve_minutes": 240}], "workload_limits": [{"incidents": 50}],
        "exceptions_stated": True, "customer_agreed_at": day(1, 9), "provider_agreed_at": day(1, 9),
    }  # fmt: skip
    made: Any = actions.record(AGREEMENT, by=SYSTEM, at=day(1, 5), **{**usual, **facts})
    return actions.move(made, "agree", by=SYSTEM, at=agreed) if agreed else made


def asked(check: EvidenceCheck, when: datetime) -> Finding:
    return check.run(Question(Period.since_ever(when), when, catalogue().rules[check.name].limits))


def verdict(check: EvidenceCheck, when: datetime) -> str:
    return str(verdicts.check_verdict(verdicts.sound(asked(check, when)), catalogue().rules[check.name]).status)


def test_every_live_service_in_scope_needs_an_agreement_in_force() -> None:
    covered, bare = a_service(), a_service()
    a_service(live=False)
    a_service(in_scope=False)
    an_agreement(covered, effective_to=date(2026, 6, 30))
    found = asked(COVERED, day(6, 30))
    assert sorted(found.population) == [covered.number, bare.number]
    assert found.failed == [bare.number]
    assert asked(COVERED, day(7, 2)).failed == [covered.number, bare.number]


def test_an_agreement_counts_from_the_day_it_was_agreed_and_takes_effect() -> None:
    an_agreement(a_service(), agreed=day(2, 1), effective_from=date(2026, 3, 1))
    assert verdict(COVERED, day(1, 20)) == "nonconforming"
    assert verdict(COVERED, day(2, 20)) == "nonconforming"
    assert verdict(COVERED, day(3, 20)) == "conforming"


def test_default_targets_are_no_agreement() -> None:
    service = a_service()
    actions.record(AGREEMENT, by=SYSTEM, at=day(1, 5), title="Default", is_default=True, service=service)
    assert verdict(COVERED, day(6, 1)) == "nonconforming"
    for check, _wrong in STATES:
        assert asked(check, day(6, 1)).seen == 0


def test_both_sides_must_have_agreed() -> None:
    service = a_service()
    an_agreement(service, agreed=None, customer_agreed_at=None)
    agreed = an_agreement(service)
    found = asked(AGREED_WITH, day(6, 1))
    assert found.seen == 2
    assert found.failed == [f"{service.number}/CUS-000001"]
    assert f"{service.number}/{agreed.customer.number}" in found.population
    assert verdict(AGREED_WITH, day(6, 1)) == "nonconforming"


def test_a_pair_counts_once_however_many_agreements_name_it() -> None:
    service = a_service()
    agreed = an_agreement(service)
    an_agreement(service, agreed=None, customer=agreed.customer, customer_agreed_at=None)
    assert asked(AGREED_WITH, day(6, 1)).seen == 1
    assert verdict(AGREED_WITH, day(6, 1)) == "conforming"
    # the customer had agreed on 9 January, and nobody before
    assert verdict(AGREED_WITH, day(1, 8)) == "nonconforming"


@pytest.mark.parametrize(("check", "wrong"), STATES, ids=lambda value: getattr(value, "name", ""))
def test_each_agreement_states_what_it_must(check: EvidenceCheck, wrong: dict[str, Any]) -> None:
    right = an_agreement(a_service())
    assert verdict(check, day(6, 1)) == "conforming"
    bad = an_agreement(a_service(), **wrong)
    found = asked(check, day(6, 1))
    assert sorted(found.population) == [right.number, bad.number]
    assert found.failed == [bad.number]


def test_targets_may_be_for_the_response_alone() -> None:
    an_agreement(a_service(), targets=[{"priority": 1, "respond_minutes": 15}])
    assert verdict(evidence.agreements_state_targets, day(6, 1)) == "conforming"


def test_only_agreed_ones_are_asked() -> None:
    drafted = an_agreement(a_service(), agreed=None)
    assert asked(evidence.agreements_state_targets, day(6, 1)).seen == 0
    actions.move(drafted, "agree", by=SYSTEM, at=day(3, 1))
    actions.move(drafted, "retire", by=SYSTEM, at=day(5, 1), because="Over.")
    assert asked(evidence.agreements_state_targets, day(4, 1)).seen == 1
    assert asked(evidence.agreements_state_targets, day(6, 1)).seen == 0


@pytest.mark.parametrize("check", [AGREED_WITH, COVERED, *(check for check, _wrong in STATES)])
def test_where_nothing_was_seen_nothing_is_proven(check: EvidenceCheck) -> None:
    assert verdict(check, day(6, 1)) == "nonconforming"
