"""What mining finds as plain data, for the command line, REST and other machines; times in seconds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from gnomon.calendars.calendar import Calendar
from gnomon.evaluation.mining.asked import Asked, Question
from gnomon.evaluation.mining.conformance import GROUP, fitness, groups, judged
from gnomon.evaluation.mining.deviating import sentence
from gnomon.evaluation.mining.loops import PingPong, Rework, ping_pongs, reworked
from gnomon.evaluation.mining.perspectives import has_team
from gnomon.evaluation.mining.saying import cause_title
from gnomon.evaluation.mining.selecting import ARROW
from gnomon.evaluation.mining.spreads import Spread
from gnomon.evaluation.mining.waits import Cause, by_cause, by_team
from gnomon.jobs.moments import milliseconds

Plain = dict[str, Any]
PLACES = 3


def seconds(time: Spread) -> Plain:
    """Mean, median and 90th percentile, and all together."""
    found = {"mean": time.mean, "median": time.median, "p90": time.p90, "total": time.total}
    return {name: None if value is None else round(value / 1000, PLACES) for name, value in found.items()}


def told_map(question: Asked) -> Plain:
    """The directly-follows graph."""
    graph = question.graph()
    titles, listed = question.titles(node.name for node in graph.nodes), question.listed
    return {
        "records": graph.cases, "steps": graph.events, "seconds": seconds(graph.durations),
        "activities": [
            {
                "name": node.name, "title": titles[node.name], "records": node.cases, "times": node.events,
                "first": node.first, "last": node.last, "list": listed("activity", node.name),
            }
            for node in graph.nodes
        ],
        "paths": [
            {
                "from": edge.start, "to": edge.end, "records": edge.cases, "times": edge.events,
                "seconds": seconds(edge.time), "list": listed("step", f"{edge.start}{ARROW}{edge.end}"),
            }
            for edge in graph.edges
        ],
    }  # fmt: skip


def told_variants(question: Asked) -> Plain:
    """The ways that records went, the most frequent first."""
    ways = question.variants()
    whole = sum(way.cases for way in ways)
    lines = [
        {
            "key": way.key, "path": list(way.path), "records": way.cases, "share": round(way.cases / whole, 6),
            "seconds": seconds(way.time), "list": question.listed("variant", way.key),
        }
        for way in ways
    ]  # fmt: skip
    return {"records": whole, "count": len(ways), "variants": lines}


def told_slowest(question: Asked) -> Plain:
    """The steps that took the most time in all."""
    edges = sorted(question.graph().edges, key=lambda edge: (-edge.time.total, edge.start, edge.end))
    return {
        "steps": [
            {
                "from": edge.start, "to": edge.end, "records": edge.cases, "times": edge.events,
                "seconds": seconds(edge.time), "list": question.listed("step", f"{edge.start}{ARROW}{edge.end}"),
            }
            for edge in edges
        ],
    }  # fmt: skip


def told_waiting(question: Question, hours: Calendar | None = None, now: datetime | None = None) -> Plain:
    """Where time went by cause, and until teams took up what was handed to them."""
    found = question.stretches(milliseconds(now or datetime.now(UTC)))
    causes, teams = by_cause(found, hours), by_team(found, hours)
    titles = question.titles((one.name for one in teams), "teams")
    return {
        "causes": [_cause(question, one, str(cause_title(question.kind, one.name)), "cause") for one in causes],
        "teams": [_cause(question, one, titles[one.name], "team") for one in teams],
    }


def told_rework(question: Question) -> Plain:
    """What is done again, and what teams toss to and fro."""
    again = reworked(question.log())
    tossed = ping_pongs(question.log("teams")) if has_team(question.kind) else ()
    titles = question.titles(one.name for one in again)
    return {
        "again": [_again(question, one, titles) for one in again],
        "tossed": [_tossed(question, one) for one in tossed],
    }


def told_conformance(question: Question) -> Plain:
    """Fitness, and what deviates in the same way together."""
    found = judged(question)
    fit = fitness(found)
    return {
        "records": len(found.steps), "deviating": len(found.deviations), "fitness": None if fit is None else round(fit, 6),
        "deviations": [
            {
                "sort": group.example.sort, "from": group.example.start, "to": group.example.end,
                "version": group.example.version, "detail": group.example.detail, "records": group.cases,
                "times": group.times, "told_later": group.told_later, "says": sentence(question.kind, group.example),
                "list": question.listed(GROUP, group.key, "conformance"),
            }
            for group in groups(found)
        ],
    }  # fmt: skip


# What can be asked of a log from elsewhere, too.
OF_LOGS: Mapping[str, Callable[[Asked], Plain]] = {
    "map": told_map, "variants": told_variants, "bottlenecks": told_slowest,
}  # fmt: skip

QUESTIONS: Mapping[str, Callable[[Question], Plain]] = {
    "map": told_map, "variants": told_variants, "waiting": told_waiting, "rework": told_rework,
    "conformance": told_conformance,
}  # fmt: skip


def _cause(question: Question, one: Cause, title: str, what: str) -> Plain:
    return {
        "name": one.name, "title": title, "records": one.cases, "times": one.time.count, "seconds": seconds(one.time),
        "list": question.listed(what, one.name, "waits"),
    }  # fmt: skip


def _again(question: Question, one: Rework, titles: Mapping[str, str]) -> Plain:
    return {
        "name": one.name, "title": titles[one.name], "records": one.cases, "times": one.again,
        "list": question.listed("again", one.name),
    }  # fmt: skip


def _tossed(question: Question, one: PingPong) -> Plain:
    return {
        "from": one.start, "over": one.over, "records": one.cases, "times": one.times,
        "list": question.listed("tossed", f"{one.start}{ARROW}{one.over}", "teams"),
    }  # fmt: skip
