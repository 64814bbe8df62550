"""What goes on in the demo on the day of loading: a major incident under way, and the desk's own tools in use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from gnomon.organization.actions.setup import CHINA_OFFICE_HOURS
from gnomon.organization.models import WorkCalendar
from gnomon.project.demo.parameters import parameters
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named
from gnomon.resolution.models import Incident, IncidentTask

People = Mapping[str, Any]


def agree_inside(at: datetime, teams: People, people: People) -> None:
    """Teams say how soon they are done with their turn, and to whom they hand on what they cannot solve."""
    office = WorkCalendar.objects.get(title=CHINA_OFFICE_HOURS)
    for key, minutes in parameters()["today"]["inside"].items():
        agreed = actions.record(
            kind_named("operational_level_agreement"), by=people["kehu"], at=at, title=f"{teams[key].title} OLA",
            team=teams[key], calendar=office, effective_from=at.date(), team_agreed_at=at, owner=people["kehu"],
            targets=[{"priority": n, "resolve_minutes": m} for n, m in enumerate(minutes, 1)],
        )  # fmt: skip
        actions.move(agreed, "agree", by=people["kehu"], at=at)
    for team in (teams["workplace"], teams["applications"], teams["network"]):
        actions.change(team, by=SYSTEM, at=at, escalates_to=teams["platform"])
    actions.change(teams["desk"], by=SYSTEM, at=at, escalates_to=teams["workplace"])


def name_categories(at: datetime, teams: People, people: People, services: People) -> None:
    """The categories that incidents of each service fall into, with whom they usually go to."""
    chinese = parameters()["today"]["category_names"]
    for service in parameters()["services"]:
        for name in service["categories"]:
            actions.record(
                kind_named("category"), by=people["yuan"], at=at, title=name, title_zh=chinese[name],
                service=services[service["name"]["en"]], team=teams[service["team"]],
            )  # fmt: skip


def prepare_the_desk(at: datetime, people: People) -> None:
    """Escalation, ready replies and a template."""
    today = parameters()["today"]
    policy = actions.record(
        kind_named("escalation_policy"), by=people["yuan"], at=at, owner=people["yuan"], **today["escalation"]
    )
    actions.move(policy, "adopt", by=people["yuan"], at=at)
    for facts in today["replies"]:
        reply = actions.record(kind_named("reply_template"), by=people["bob"], at=at, owner=people["bob"], **facts)
        actions.move(reply, "adopt", by=people["bob"], at=at)
    template = actions.record(
        kind_named("incident_template"), by=people["bob"], at=at, owner=people["bob"], **today["template"]
    )
    actions.move(template, "adopt", by=people["bob"], at=at)


def let_it_break(now: datetime, teams: People, people: People, services: People) -> None:
    """A major incident that began an hour ago: declared, told of, and worked on by several."""
    facts = parameters()["today"]["major"]
    began, service = now - timedelta(minutes=64), services[facts["service"]]
    incident = actions.record(
        kind_named("incident"), by=people["lin"], at=began + timedelta(minutes=4), opened_at=began, impact=1, urgency=1,
        title=facts["title"], description=facts["description"], service=service, channel="phone", category="stock",
        team=teams["desk"],
    )  # fmt: skip
    actions.move(
        incident, "assign", by=people["lin"], at=began + timedelta(minutes=6), team=teams["applications"],
        assignee=people["tomas"],
    )  # fmt: skip
    actions.record(
        kind_named("major_incident"), by=people["alice"], at=began + timedelta(minutes=12), title=facts["situation"],
        incident=incident, manager=people["alice"], technical_lead=people["tomas"], communicator=people["lin"],
        because=facts["because"],
    )  # fmt: skip
    for task in IncidentTask.objects.filter(incident_id=incident.pk).order_by("id")[:2]:
        actions.move(task, "finish", by=people["alice"], at=began + timedelta(minutes=20))
    for text, who, minutes, internal in facts["words"]:
        actions.comment(incident, text, by=people[who], internal=internal, at=began + timedelta(minutes=minutes))
    notice = actions.record(
        kind_named("customer_notice"), by=people["lin"], at=began + timedelta(minutes=40), title=facts["situation"],
        incident=incident, text_en=facts["text_en"], text_zh=facts["text_zh"],
    )  # fmt: skip
    actions.move(notice, "publish", by=people["lin"], at=began + timedelta(minutes=42))
    _reported_alike(began, incident, people, service, facts["alike"])


def _reported_alike(began: datetime, incident: Any, people: People, service: Any, titles: list[str]) -> None:
    """Others report the same: one becomes part of it, two were one and the same."""
    made = [
        actions.record(
            kind_named("incident"), by=people["bob"], at=began + timedelta(minutes=15 + 4 * n), title=title, impact=2,
            urgency=1, service=service, requester=people["carol"] if n == 0 else None, channel="phone", category="stock",
        )
        for n, title in enumerate(titles)
    ]  # fmt: skip
    at = began + timedelta(minutes=30)
    actions.change(made[0], by=people["bob"], at=at, parent=incident)
    for double in made[2:]:
        actions.move(
            double, "merge", by=people["bob"], at=at, merged_into=made[1], because="The same caller 同一来电人"
        )


def ask_how_it_went(now: datetime) -> None:
    """Requesters of the last weeks were asked; some answered."""
    draw = parameters()["today"]["ratings"]
    closed = Incident.objects.filter(
        status="closed", requester__isnull=False, closed_at__gte=now - timedelta(days=21), closed_at__lt=now
    )
    for n, incident in enumerate(closed.select_related("requester").order_by("id")[: draw["asked"]]):
        at = incident.closed_at
        rating = actions.record(
            kind_named("satisfaction_rating"), by=SYSTEM, at=at, title=incident.title, incident=incident,
            requester=incident.requester,
        )  # fmt: skip
        if n % draw["answer_one_in"] == 0:
            score, comment = draw["scores"][n // draw["answer_one_in"] % len(draw["scores"])]
            at = min(at + timedelta(hours=3), now)
            actions.move(rating, "answer", by=SYSTEM, at=at, score=score, comment=comment)
