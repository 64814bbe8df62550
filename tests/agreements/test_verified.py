"""Measures and checks read clocks and verdicts: who alters what is kept of them is named, though no entry tells of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from tests.makers import a_team
from tests.records.ledger.attacks import altered, rows_of, spoilt

from gnomon.agreements.models import ClockProjection, TeamClock
from gnomon.organization.models import WorkCalendar
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named
from gnomon.records.ledger import check_derived
from gnomon.records.ledger.check_derived import check_derived as check
from gnomon.records.ledger.findings import Findings
from gnomon.records.ledger.verification import verify_ledger
from gnomon.resolution.models import Incident

pytestmark = [pytest.mark.django_db, pytest.mark.clause("7.5.3.2")]
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def resolved(
    an_agreement: Callable[..., Any], an_incident: Callable[..., Any], resolve: Callable[..., Any], office: WorkCalendar
) -> Incident:
    """An incident with clocks of its own and of its team, and time spent on it."""
    an_agreement()
    team = a_team("Messaging")
    internal = actions.record(
        kind_named("operational_level_agreement"), by=SYSTEM, title="Inside", team=team, calendar=office,
        targets=[{"priority": 3, "resolve_minutes": 60}], team_agreed_at=datetime(2026, 1, 5, tzinfo=UTC),
    )  # fmt: skip
    actions.move(internal, "agree", by=SYSTEM)
    found = resolve(an_incident(at=MONDAY, team=team), MONDAY.replace(hour=11))
    assert isinstance(found, Incident)
    assert found.resolve_met is not None
    assert TeamClock.objects.filter(number=found.number).exists()
    return found


def faults(number: str) -> list[str]:
    return [f"{one.field}: {one.says}" for one in verify_ledger().faults if one.number == number]


COLUMNS = [
    (model, part.name)
    for model in (ClockProjection, TeamClock)
    for part in model._meta.concrete_fields
    if part.name != "id"
] + [(Incident, name) for name in kind_named("incident").projections]


@pytest.mark.parametrize(("model", "name"), COLUMNS, ids=[f"{model.__name__}-{name}" for model, name in COLUMNS])
def test_an_altered_value_is_named(resolved: Incident, model: Any, name: str) -> None:
    assert faults(resolved.number) == []
    part = model._meta.get_field(name)
    key, value = rows_of(model, part)[0]
    with transaction.atomic():
        if not altered(model, part, key, spoilt(bool(value)) if _is_flag(part) else spoilt(value)):
            return  # the database refused it
    assert verify_ledger().faults


def _is_flag(part: Any) -> bool:
    return part.get_internal_type() == "BooleanField"


def test_a_verdict_that_was_made_kinder_is_told_with_what_it_should_be(
    an_agreement: Callable[..., Any], an_incident: Callable[..., Any], resolve: Callable[..., Any]
) -> None:
    an_agreement()
    late = resolve(an_incident(at=MONDAY), MONDAY.replace(day=6))
    assert late.resolve_met is False
    Incident.objects.filter(pk=late.pk).update(resolve_met=True)
    (fault,) = verify_ledger().faults
    assert (fault.what, fault.number, fault.field) == ("derived_differs", late.number, "resolve_met")
    assert late.number in fault.says
    assert verify_ledger(files="none").whole, "nobody asked about clocks"


@pytest.mark.parametrize("model", [ClockProjection, TeamClock])
def test_a_clock_that_is_gone_or_too_many_is_named(resolved: Incident, model: Any) -> None:
    one = model.objects.filter(number=resolved.number).first()
    one.pk, setattr_name = None, "name" if model is ClockProjection else "nth"
    setattr(one, setattr_name, "third" if model is ClockProjection else 9)
    one.save()
    assert len(faults(resolved.number)) == 1
    one.delete()
    assert faults(resolved.number) == []
    model.objects.filter(number=resolved.number).delete()
    assert faults(resolved.number)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="other databases refuse it")
def test_what_is_neither_yes_nor_no_is_named(resolved: Incident) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE resolution_incident SET resolve_met = 7 WHERE number = %s", [resolved.number])
    (fault,) = faults(resolved.number)
    assert fault.startswith("resolve_met")


def test_in_ten_days_everything_was_derived_once(
    an_agreement: Callable[..., Any], an_incident: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_derived, "BLOCK", 2)
    an_agreement()
    for _ in range(7):
        an_incident(at=MONDAY)
    looked_at = [check(Findings(), "sample", day=day) for day in range(10)]
    assert sum(looked_at) == check(Findings()) == 7
    assert max(looked_at) == 2
    assert check(Findings(), "none") == 0


def test_a_record_whose_entries_cannot_be_read_does_not_hide_its_neighbours(
    an_agreement: Callable[..., Any], an_incident: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from gnomon.records.ledger.triggers import unguard

    an_agreement()
    broken, kinder = an_incident(at=MONDAY), an_incident(at=MONDAY)
    unguard(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE records_ledgerentry SET facts = %s WHERE number = %s", ['{"status":7}', broken.number])
    Incident.objects.filter(pk=kinder.pk).update(respond_due_at=MONDAY)
    findings = Findings()
    check(findings)
    assert {one.number for one in findings.ordered()} == {broken.number, kinder.number}
