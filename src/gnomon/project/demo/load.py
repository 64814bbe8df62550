"""Load the demo: the organisation by the same actions as any other, its year of incidents as a written history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from gnomon.evaluation.actions import backfill_snapshots
from gnomon.evaluation.actions.snapshot_seals import seal_snapshots
from gnomon.organization.actions.setup import CHINA_OFFICE_HOURS
from gnomon.organization.models import Person, Role, WorkCalendar
from gnomon.organization.queries.calendars import calendar_of
from gnomon.organization.roles import role_title
from gnomon.project.demo.names import invented_names
from gnomon.project.demo.parameters import both, parameters
from gnomon.project.demo.simulation import Year
from gnomon.project.demo.today import agree_inside, ask_how_it_went, let_it_break, name_categories, prepare_the_desk
from gnomon.project.demo.writing import YearWriter
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named
from gnomon.records.ledger.seal import seal_ledger
from gnomon.records.search.vocabulary import learn_anew

YEAR = timedelta(days=366)
MEASURED = timedelta(days=30)  # what is said of each day before today, as if the worker had run


def is_loaded() -> bool:
    """Whether the demo organisation is there, whole: its last person is recorded with its last incident."""
    return Person.objects.filter(username="admin", email__endswith=f"@{parameters()['domain']}").exists()


def sign_ins() -> list[tuple[str, str, str]]:
    """Username, password and roles of the people who can sign in."""
    p = parameters()
    return [
        (username, p["password"], ", ".join(role_title(role) for role in roles))
        for username, _name, roles, _team, _language in p["people"]
    ]


@transaction.atomic
def load_demo(say: Callable[[str], None] = lambda text: None, now: datetime | None = None) -> None:
    """Bring the demo in, all of it or nothing."""
    now = (now or datetime.now(UTC)).replace(microsecond=0)
    say("Loading the demo organisation …")
    begun = now - YEAR
    teams = _teams(begun)
    people = _people(begun, teams)
    _responsibilities(begun, people)
    services = _services(begun, teams, people)
    _agreements(begun, services, people)
    agree_inside(begun, teams, people)
    name_categories(begun, teams, people, services)
    _major_rules(begun, people)
    requesters = _requesters(begun)
    office = calendar_of(WorkCalendar.objects.get(title=CHINA_OFFICE_HOURS))
    say("Drawing a year of incidents …")
    year = Year(parameters(), office, now, [*requesters, "carol"])
    writer = YearWriter(people | requesters, teams, services)
    writer.write(year.lives())
    _major_review(now, people)
    say("Letting today begin …")
    prepare_the_desk(now - timedelta(days=30), people)
    ask_how_it_went(now)
    let_it_break(now, teams, people, services)
    say("Measuring the last month …")
    today = timezone.localdate(now)
    backfill_snapshots(today - MEASURED, today - timedelta(days=1), now=now)
    seal_snapshots(until=now)
    learn_anew()
    seal_ledger()


def _teams(at: datetime) -> dict[str, Any]:
    kind = kind_named("team")
    return {
        key: actions.record(kind, by=SYSTEM, at=at, title=both(name)) for key, name in parameters()["teams"].items()
    }


def _people(at: datetime, teams: dict[str, Any]) -> dict[str, Any]:
    p, kind, made = parameters(), kind_named("person"), {}
    password = make_password(p["password"])
    for username, name, roles, team, language in p["people"]:
        made[username] = actions.record(
            kind, by=SYSTEM, at=at, title=name, username=username, roles=roles, team=teams.get(team),
            language=language, email=f"{username}@{p['domain']}",
        )  # fmt: skip
    Person.objects.filter(username__in=made).update(password=password)
    for key, team in teams.items():
        lead = next(u for u, _n, roles, t, _l in p["people"] if t == key and "agent" in roles)
        actions.change(team, by=SYSTEM, at=at, lead=made[lead])
    return made


def _responsibilities(at: datetime, people: dict[str, Any]) -> None:
    """Top management gives each role to the first whose main one it is (5.3)."""
    holders = {roles[0]: username for username, _n, roles, _t, _l in reversed(parameters()["people"])}
    for role in Role.objects.filter(code__in=holders).order_by("id"):
        actions.record(
            kind_named("responsibility"), by=people["grace"], at=at, person=people[holders[role.code]], role=role,
            since=at.date(),
        )  # fmt: skip


def _requesters(at: datetime) -> dict[str, Any]:
    p, kind = parameters(), kind_named("person")
    return {
        f"r{n}": actions.record(kind, by=SYSTEM, at=at, title=name, roles=["requester"], email=f"r{n}@{p['domain']}")
        for n, name in enumerate(invented_names(p["requesters"], p["seed"]), 1)
    }


def _services(at: datetime, teams: dict[str, Any], people: dict[str, Any]) -> dict[str, Any]:
    kind, made = kind_named("service"), {}
    for service in parameters()["services"]:
        live = actions.record(
            kind, by=people["alice"], at=at, title=both(service["name"]), criticality=service["criticality"],
            team=teams[service["team"]], owner=people["alice"],
        )  # fmt: skip
        made[service["name"]["en"]] = actions.move(live, "go_live", by=people["alice"], at=at)
    return made


def _agreements(at: datetime, services: dict[str, Any], people: dict[str, Any]) -> None:
    """One agreement a service with the first customer; the last service is still without, so the board can say so."""
    p = parameters()
    customers = [
        actions.record(kind_named("customer"), by=people["kehu"], at=at, title=both(c), owner=people["kehu"])
        for c in p["customers"]
    ]
    targets = [
        {"priority": n, "respond_minutes": respond, "resolve_minutes": resolve}
        for n, (respond, resolve) in enumerate(zip(p["targets"]["respond"], p["targets"]["resolve"], strict=True), 1)
    ]
    grave = WorkCalendar.objects.get(title="24×7")
    office = WorkCalendar.objects.get(title=CHINA_OFFICE_HOURS)
    for n, (name, service) in enumerate(list(services.items())[:-1]):
        agreement = actions.record(
            kind_named("service_level_agreement"), by=people["kehu"], at=at, title=f"{name} SLA", service=service,
            customer=customers[n % len(customers)], calendar=grave if service.criticality == 1 else office,
            targets=targets, customer_agreed_at=at, provider_agreed_at=at, effective_from=at.date(),
            workload_limits=[{"incidents_per_month": 400}], exceptions_stated=True,
            exceptions="Planned maintenance announced five days before. 提前五天通知的计划维护除外。", owner=people["kehu"],
        )  # fmt: skip
        actions.move(agreement, "agree", by=people["kehu"], at=at)


def _major_rules(at: datetime, people: dict[str, Any]) -> None:
    procedure = actions.record(
        kind_named("document"), by=people["yuan"], at=at, title="Major incident procedure 重大事件程序", type="procedure",
        text="Declare, name a manager, inform top management, restore, review. 宣布、指定负责人、通报最高管理层、恢复、评审。",
        approved_by=people["sam"], owner=people["yuan"],
    )  # fmt: skip
    actions.move(procedure, "publish", by=people["yuan"], at=at)
    criteria = actions.record(
        kind_named("major_incident_criteria"), by=people["yuan"], at=at, title="Major incident criteria 重大事件准则",
        criteria="Critical priority on a service of critical standing stops a whole customer. "
        "关键服务出现最高优先级中断，使某一客户整体停摆。",
        priority_at_least=1, criticality_at_least=1, procedure=procedure, owner=people["yuan"],
        checklist="10: Inform top management 通报最高管理层\n15: Open a call for all who work on it 召集处理人员\n"
        "30: Publish a text for customers 发布对客户的通告\nName the next update 约定下次更新时间",
    )  # fmt: skip
    actions.move(criteria, "approve", by=people["sam"], at=at)


def _major_review(now: datetime, people: dict[str, Any]) -> None:
    from gnomon.resolution.models import Incident

    major = Incident.objects.filter(is_major=True, resolved_at__isnull=False).first()
    if major is None or major.resolved_at is None:
        return
    held = major.resolved_at + timedelta(days=parameters()["major"]["review_after_days"])
    if held > now:
        return
    review = actions.record(
        kind_named("major_incident_review"), by=people["alice"], at=held, title="Scanners offline: review 扫描枪离线评审",
        incident=major, reported_at=held, held_at=held, owner=people["alice"],
        report="The broker's disk filled because retention was never set. 中间件未设保留期导致磁盘写满。",
        improvements="Alert at 70 %; retention of 7 days; spare volume. 70% 告警；保留 7 天；备用卷。",
    )  # fmt: skip
    actions.move(review, "hold", by=people["alice"], at=held)
    actions.move(review, "close", by=people["alice"], at=held + timedelta(hours=2))
