"""Work that comes back: activities that are done again, and teams that hand records to and fro."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from gnomon.evaluation.mining.asked import Question
from gnomon.evaluation.mining.loops import ping_pongs, reworked
from gnomon.evaluation.mining.perspectives import has_team
from gnomon.evaluation.mining.selecting import ARROW, cases_that
from gnomon.evaluation.views.mined_map import chosen_by, page, question_of

MOST = 40


@dataclass(frozen=True, slots=True)
class LoopLine:
    """What comes back; `share` in per cent of all records."""

    title: str
    cases: int
    times: int
    share: float
    url: str


def process_rework(request: HttpRequest) -> HttpResponse:
    """Repeated activities by the chosen side, and what teams toss to and fro."""
    about = chosen_by(request)
    question = question_of(request, about)
    again = again_lines(question)
    tossed, any_tossed = tossed_lines(question)
    return page(
        request, about, "evaluation/mining/page.html", "evaluation/mining/_rework.html", "mining-rework",
        again=again, tossed=tossed, any_tossed=any_tossed, has_team=has_team(about.kind),
        is_empty=not question.graph().cases,
    )  # fmt: skip


def again_lines(question: Question) -> list[LoopLine]:
    """Activities that records come back to."""
    log = question.log()
    found = reworked(log)[:MOST]
    titles = question.titles(one.name for one in found)
    whole = len(log.begins)
    return [
        LoopLine(
            titles[one.name], one.cases, one.again, 100 * one.cases / whole,
            question.listed("again", one.name),
        )
        for one in found
    ]  # fmt: skip


def tossed_lines(question: Question) -> tuple[Sequence[LoopLine], LoopLine | None]:
    """What goes from one team to another and straight back; and how many records that happens to at all."""
    if not has_team(question.kind):
        return [], None
    log = question.log("teams")
    found = ping_pongs(log)
    if not found:
        return [], None
    names = [name for one in found for name in (one.start, one.over)]
    titles, whole = question.titles(names, "teams"), len(log.begins)
    lines = [
        LoopLine(
            f"{titles[one.start]} → {titles[one.over]} → {titles[one.start]}", one.cases, one.times,
            100 * one.cases / whole, _tossed(question, f"{one.start}{ARROW}{one.over}"),
        )
        for one in found[:MOST]
    ]  # fmt: skip
    cases = len(cases_that(log, "tossed", ""))
    times = sum(one.times for one in found)
    return lines, LoopLine("", cases, times, 100 * cases / whole, _tossed(question, ""))


def _tossed(question: Question, value: str) -> str:
    return question.listed("tossed", value, "teams")
