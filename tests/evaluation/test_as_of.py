"""9.1: what a measure would have said at a moment, by what had happened by then."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.makers import a_person
from tests.resolution.stage import a_service, an_incident, at, close, forced, resolve

from gnomon.evaluation.asking import NotAskable
from gnomon.evaluation.figures import Figure
from gnomon.evaluation.kinds import measurement_result, monitoring_requirement
from gnomon.evaluation.queries.frozen import those_counted
from gnomon.evaluation.queries.measures import evaluate, measures
from gnomon.governance.kinds import document
from gnomon.organization.kinds import RESPONSIBILITY, ROLE
from gnomon.organization.models import Role
from gnomon.records import actions
from gnomon.records.actions.entries import append
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import Kind, kind_named
from gnomon.records.listing import Listing
from gnomon.records.models import LedgerEntry
from gnomon.records.refusals import InvalidFacts
from gnomon.resolution.models import Incident
from gnomon.resolution.verdicts import verdicts_after_each
from gnomon.standard.periods import Period

pytestmark = [pytest.mark.django_db, pytest.mark.clause("9.1")]

JUNE = Period(datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC))
NOW = datetime(2026, 7, 10, tzinfo=UTC)


def figure(name: str, as_of: str = "", **more: Any) -> Figure:
    return evaluate(name, JUNE, now=NOW, as_of=at(as_of) if as_of else None, **more).figure


def test_an_incident_that_was_reopened_counted_as_resolved_until_then() -> None:
    incident = resolve(an_incident("06-02 09:00"), "06-02 13:00")
    resolve(an_incident("06-03 09:00"), "06-03 11:00")
    actions.move(incident, "reopen", by=SYSTEM, at=at("06-10 09:00"), because="It is back.")
    # (4 h + 2 h) / 2 before it came back, 2 h after
    assert (figure("incident_mttr", "06-09 00:00").value, figure("incident_mttr", "06-09 00:00").count) == (3, 2)
    assert (figure("incident_mttr", "06-11 00:00").value, figure("incident_mttr").value) == (2, 2)
    assert figure("incident_backlog", "06-09 00:00").value == 0
    assert figure("incident_backlog", "06-11 00:00").value == 1


def test_nothing_that_happened_later_is_known() -> None:
    an_incident("06-02 09:00")
    assert figure("incidents_opened", "06-02 08:59").value == 0
    assert figure("incidents_opened", "06-02 09:00").value == 1


def test_what_was_told_late_counts_from_when_it_happened() -> None:
    an_incident("06-02 09:00", told="06-20 09:00")
    # the entry that tells of it happened on the 20th, so until then nobody knew
    assert figure("incidents_opened", "06-10 00:00").value == 0
    assert figure("incidents_opened", "06-21 00:00").value == 1


def test_an_entry_of_the_future_waits_for_its_moment() -> None:
    incident = an_incident("06-02 09:00")
    append(
        kind="incident", number=incident.number, version=2, verb="incident:changed", actor="SYSTEM",
        recorded_at=at("06-03 09:00"), happened_at=at("12-24 09:00"),
        facts={"is_major": [False, True], "opened_at": ["2026-06-02T09:00:00.000Z", "2026-12-24T09:00:00.000Z"]}, because="",
    )  # fmt: skip
    Incident.objects.update(version=2, is_major=True, major_declared_at=NOW, opened_at=at("12-24 09:00"))
    assert figure("major_incidents", "07-05 00:00") == Figure(0, 0)
    assert figure("incidents_opened", "07-05 00:00").value == 1
    assert figure("incidents_opened").value == 0


def test_verdicts_of_clocks_are_those_of_then() -> None:
    """The last verdict that the ledger gives is the one that stands in the columns."""
    mail = a_service()
    incident = resolve(an_incident("06-02 09:00", service=mail), "06-02 09:30")
    close(incident, "06-05 09:00")
    history = list(LedgerEntry.objects.filter(number=incident.number).order_by("version"))
    ((*_earlier, last),) = verdicts_after_each([history])
    incident.refresh_from_db()
    assert last[1] == {"respond_met": incident.respond_met, "resolve_met": incident.resolve_met}
    assert figure("incident_sla", "06-04 00:00") == figure("incident_sla")


def test_a_register_is_read_as_it_stood() -> None:
    alice = a_person("Alice Chen")
    facts = {"title": "Plan", "text": "…", "edition": "1", "approved_by": alice, "next_review_date": date(2026, 6, 20)}
    plan = actions.record(document, by=SYSTEM, at=at("06-01 09:00"), **facts)
    actions.move(plan, "publish", by=SYSTEM, at=at("06-05 09:00"))
    actions.record(document, by=SYSTEM, at=at("06-06 09:00"), **{**facts, "title": "Draft"})
    # not published yet; current; its review is past; put right
    assert figure("document_currency", "06-04 00:00") == Figure(None, 0, 0)
    assert figure("document_currency", "06-10 00:00") == Figure(100, 1, 1)
    assert figure("document_currency", "06-25 00:00") == Figure(0, 1, 0)
    actions.change(plan, by=SYSTEM, at=at("07-05 09:00"), next_review_date=date(2027, 6, 20))
    assert figure("document_currency") == Figure(0, 1, 0)  # at the end of June
    july = evaluate("document_currency", Period(JUNE.end, NOW), now=NOW)
    assert july.figure == Figure(100, 1, 1)
    assert parse_qs(urlsplit(july.url).query) == {"status": ["published"]}


def listed(url: str, kind: Kind = ROLE) -> list[str]:
    return Listing(kind, SYSTEM, parse_qs(urlsplit(url).query, strict_parsing=True)).numbers()


def test_the_list_of_a_past_register_is_of_its_records_however_many() -> None:
    """By hand: 130 roles of June, 120 of them retired in July; five more come in July."""
    roles = [actions.record(ROLE, by=SYSTEM, at=at("06-01 09:00"), title=f"Role {n}", code=f"r{n}") for n in range(130)]
    for role in roles[:120]:
        actions.move(role, "retire", by=SYSTEM, at=at("07-02 09:00"), because="Nobody needs it.")
    for n in range(5):
        actions.record(ROLE, by=SYSTEM, at=at("07-03 09:00"), title=f"New {n}", code=f"n{n}")

    june = evaluate("role_coverage", JUNE, "month", now=NOW)
    assert june.figure == Figure(0, 130, 0)
    assert sorted(listed(june.url)) == sorted(role.number for role in roles)
    assert len(june.url) < 500
    assert {(len(listed(month.url)), month.figure.count) for month in june.groups} == {(130, 130)}
    july = evaluate("role_coverage", Period(JUNE.start, NOW), "month", now=NOW)
    assert [(len(listed(one.url)), one.figure.count) for one in july.groups] == [(130, 130), (15, 15)]
    # What is told late of June is counted by figure and list alike.
    actions.record(ROLE, by=SYSTEM, at=at("06-30 09:00"), title="Late", code="late")
    assert len(listed(june.url)) == evaluate("role_coverage", JUNE, now=NOW).figure.count == 131


REGISTERS = sorted(name for name, one in measures().items() if one.is_of_register)


def a_full_register(name: str, count: int = 120) -> int:
    """So many records of a measure's kind, as they count, straight into the table; some differ in what they can."""
    measure = measures()[name]
    model = kind_named(measure.kind).model
    owners = [a_person("Alice Chen"), a_person("Bob Reed"), None]
    needed: dict[str, Any] = {}
    if measure.kind == "incident_task":
        needed["incident"] = an_incident("06-01 08:00")
    if measure.kind == "measurement_result":
        needed |= {"requirement": actions.record(
            monitoring_requirement, by=SYSTEM, at=at("06-01 08:00"), title="Mail", method="By eye"
        ), "period_end": date(2026, 5, 31)}  # fmt: skip
    status = measure.among.get("status", "recorded").split(",")[0]
    model.objects.bulk_create(
        model(
            number=f"{kind_named(measure.kind).prefix}-{900_000 + n}", title=f"One {n}", status=status,
            recorded_at=at("06-02 09:00"), owner=owners[n % 3], **needed,
            **({"code": f"c{n}"} if measure.kind == "role" else {}),
            **({"period_start": date(2026, 5, 31) - timedelta(days=n)} if "period_end" in needed else {}),
            **({"type": ("policy", "plan", "")[n % 3]} if "type" in measure.dimensions else {}),
        )
        for n in range(count)
    )  # fmt: skip
    return count


@pytest.mark.parametrize("name", REGISTERS)
def test_every_past_register_opens_what_it_counts(name: str) -> None:
    """Of each measure of a register, by each of its dimensions and by week, in a month that is over."""
    measure, made = measures()[name], a_full_register(name)
    for by in ("", *measure.dimensions, "week"):
        found = evaluate(name, JUNE, by, now=NOW)
        assert found.figure.count in {0, made, made + 1}
        for one in (found, *found.groups):
            assert len(listed(one.url, kind_named(measure.kind))) == one.figure.count, one.url


def test_an_address_that_names_no_figure_says_so() -> None:
    for value in (
        "", "measure=role_coverage", "measure=nothing&from=2026-06-01&to=2026-07-01&as_of=2026-07-01",
        "measure=role_coverage&from=2026-06-01&to=soon&as_of=2026-07-01",
        "measure=role_coverage&from=2026-06-01&to=2026-07-01&as_of=2026-07-01&colour=red",
        "measure=incidents_opened&from=2026-06-01&to=2026-07-01&as_of=2026-07-01",
    ):  # fmt: skip
        with pytest.raises(InvalidFacts, match="names no figure"):
            those_counted(ROLE, Role.objects.all(), value)


def test_a_role_is_held_from_the_day_of_the_responsibility_to_its_end() -> None:
    role = actions.record(ROLE, by=SYSTEM, at=at("06-01 09:00"), title="Duty officer", code="duty")
    held = actions.record(
        RESPONSIBILITY, by=SYSTEM, at=at("06-03 09:00"), person=a_person(), role=role, since=date(2026, 6, 3)
    )
    actions.move(held, "end", by=SYSTEM, at=at("06-20 09:00"), until=date(2026, 6, 20))
    shares = [figure("role_coverage", day).value for day in ("06-02 00:00", "06-10 00:00", "06-21 00:00")]
    assert shares == [0, 100, 0]


def test_measuring_is_on_schedule_for_an_interval_and_a_day() -> None:
    weekly = actions.record(
        monitoring_requirement, by=SYSTEM, at=at("06-01 09:00"), title="Mail", method="By eye", measure_frequency_days=7
    )
    result = actions.record(
        measurement_result, by=SYSTEM, at=at("06-08 09:00"), title="Mail", requirement=weekly,
        period_start=date(2026, 6, 1), period_end=date(2026, 6, 7),
    )  # fmt: skip
    told = LedgerEntry.objects.get(number=result.number).recorded_at
    share = [
        evaluate("measurement_coverage", Period(JUNE.start, moment), now=moment).figure.value
        for moment in (told + timedelta(days=8), told + timedelta(days=8, seconds=1))
    ]
    assert share == [100, 0]


def test_groups_of_the_past_add_up_and_are_named() -> None:
    mail = a_service("Mail")
    for service in (mail, mail, None):
        an_incident("06-02 09:00", service=service)
    found = evaluate("incidents_opened", JUNE, "service", now=NOW, as_of=at("06-30 00:00"))
    assert [(group.title, group.figure.count) for group in found.groups] == [("Mail", 2), ("None", 1)]
    by_week = evaluate("incidents_opened", JUNE, "week", now=NOW, as_of=at("06-30 00:00"))
    assert [group.figure.count for group in by_week.groups][:2] == [3, 0]


def test_what_only_a_list_understands_is_refused_in_a_sentence() -> None:
    with pytest.raises(NotAskable, match="Only the list can be narrowed by “phase”"):
        figure("incidents_opened", "06-10 00:00", within={"phase": ["open"]})
    with pytest.raises(NotAskable, match="“due_at.to”"):
        figure("incidents_opened", "06-10 00:00", within={"due_at.to": ["2026-06-01"]})


def test_as_of_now_says_what_the_columns_say(mixed: None) -> None:
    for name in ("incident_mttr", "incident_backlog", "backlog_age", "reopen_rate", "sla_attainment"):
        assert figure(name, "07-10 00:00") == figure(name), name


@pytest.fixture
def mixed() -> None:
    for hour in range(9, 17):
        incident = an_incident(f"06-02 {hour:02d}:00", urgency=1 + hour % 3)
        if hour % 2:
            close(resolve(incident, f"06-0{hour % 5 + 3} 10:00"), "06-09 09:00")
        if hour % 3 == 0:
            forced(incident, reopen_count=1)
