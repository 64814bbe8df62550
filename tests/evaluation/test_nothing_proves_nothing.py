"""A check that saw nothing proves nothing: over an empty house no check of any app says that it conforms."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gnomon.certification import verdicts, windows
from gnomon.certification.catalogue import catalogue
from gnomon.certification.queries.live import declared_checks, misdeclared_checks
from gnomon.standard.plugs import Question

pytestmark = pytest.mark.django_db

MOMENTS = st.datetimes(datetime(2010, 1, 1), datetime(2026, 6, 1), timezones=st.just(UTC))


@given(st.sampled_from(sorted(declared_checks())), MOMENTS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_empty_house_conforms_to_nothing(name: str, as_of: datetime) -> None:
    rule = catalogue().rules[name]
    question = Question(windows.window_of(rule.window, as_of), as_of, rule.limits)
    found = verdicts.sound(declared_checks()[name].run(question))
    assert (found.seen, list(found.late), list(found.failed)) == (0, [], [])
    assert not verdicts.check_verdict(found, rule).status.proven


@pytest.mark.clause("8.6.1")
def test_every_rule_of_incident_management_has_its_check_but_those_about_records_that_are_not_there_yet() -> None:
    rules = {name for name in catalogue().rules if name.startswith("8.6.1-")}
    contacts_and_monitoring_events = {"8.6.1-a1/2", "8.6.1-a1/3"}
    assert rules - contacts_and_monitoring_events == {name for name in declared_checks() if name.startswith("8.6.1-")}
    assert misdeclared_checks() == []


def test_what_these_records_cannot_prove_has_no_check() -> None:
    for requirement in ("8.3.3-a", "8.3.3-b", "8.3.3-e", "8.3.3-i", "9.1-f", "9.1-g"):
        assert not [name for name in declared_checks() if name.startswith(f"{requirement}/")]
