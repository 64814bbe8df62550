"""Where time goes: by cause, by step, and until a team takes up what was handed to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

from gnomon.calendars.calendar import Calendar
from gnomon.evaluation.mining.asked import Question
from gnomon.evaluation.mining.atlas import Atlas, time_words, total_words
from gnomon.evaluation.mining.graph import Edge
from gnomon.evaluation.mining.saying import cause_title
from gnomon.evaluation.mining.selecting import ARROW
from gnomon.evaluation.mining.waits import Cause, by_cause, by_team
from gnomon.evaluation.views.mined_map import chosen_by, page, question_of
from gnomon.jobs.moments import milliseconds
from gnomon.organization.models import WorkCalendar
from gnomon.organization.queries import calendar_of

MOST = 15


@dataclass(frozen=True, slots=True)
class TimeLine:
    """One place where time goes; `share` in per cent of all that is listed with it."""

    title: str
    cases: int
    times: int
    share: float
    median: str
    p90: str
    total: str
    url: str
    tone: str = ""


def process_waits(request: HttpRequest) -> HttpResponse:
    """Causes of passing time, bottlenecks, and teams that let handed work lie."""
    about = chosen_by(request)
    question = question_of(request, about)
    calendars = list(WorkCalendar.objects.filter(status="in_use").order_by("title"))
    chosen = next((one for one in calendars if one.number == request.GET.get("hours")), None)
    hours = calendar_of(chosen) if chosen is not None else None
    causes, teams = waits_of(question, datetime.now(UTC), hours)
    return page(
        request, about, "evaluation/mining/waits.html", "evaluation/mining/_waits.html", "mining-waiting", seen_as=False,
        causes=causes, teams=teams, steps=bottlenecks(question), calendars=calendars, hours=chosen, is_empty=not causes,
    )  # fmt: skip


def waits_of(question: Question, now: datetime, hours: Calendar | None) -> tuple[list[TimeLine], list[TimeLine]]:
    """Where time went by cause, and by team until what was handed to it was taken up."""
    found = question.stretches(milliseconds(now))
    kind = question.kind
    causes, teams = by_cause(found, hours), by_team(found, hours)
    names = question.titles((one.name for one in teams), "teams")
    days = hours is None
    return (
        [_line(question, one, str(cause_title(kind, one.name)), "cause", causes, days) for one in causes],
        [_line(question, one, names[one.name], "team", teams, days) for one in teams[:MOST]],
    )


def bottlenecks(question: Question) -> list[TimeLine]:
    """The steps between states that took the most time in all; what follows a closed state is not counted."""
    return slowest(Atlas(Question(question.kind, "states", question.parameters, question.person)))


def slowest(atlas: Atlas) -> list[TimeLine]:
    """The same of any map."""
    edges = [edge for edge in atlas.graph.edges if atlas.phases.get(edge.start) != "closed"]
    whole = sum(edge.time.total for edge in edges)
    longest = sorted(edges, key=lambda edge: -edge.time.total)[:MOST]
    return [_step(atlas, edge, whole) for edge in longest]


def _step(atlas: Atlas, edge: Edge, whole: float) -> TimeLine:
    url = atlas.question.listed("step", f"{edge.start}{ARROW}{edge.end}")
    return TimeLine(
        f"{atlas.titles[edge.start]} → {atlas.titles[edge.end]}", edge.cases, edge.events,
        100 * edge.time.total / whole if whole else 0.0, time_words(edge.time.median), time_words(edge.time.p90),
        total_words(edge.time.total), url, atlas.phases.get(edge.start, ""),
    )  # fmt: skip


def _line(
    question: Question, one: Cause, title: str, what: str, all_of_them: Iterable[Cause], days: bool
) -> TimeLine:  # fmt: skip
    whole = sum(other.time.total for other in all_of_them)
    words: Any = time_words if days else hour_words
    return TimeLine(
        title, one.cases, one.time.count, 100 * one.time.total / whole if whole else 0.0, words(one.time.median),
        words(one.time.p90), total_words(one.time.total) if days else hour_words(one.time.total),
        question.listed(what, one.name, "waits"),
    )  # fmt: skip


def hour_words(length: float | None) -> str:
    """Service hours: a day of them is as long as its calendar says, so they run on as hours."""
    return time_words(length, days=False)
