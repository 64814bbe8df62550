"""What is in a log from elsewhere, kept beside the database: a first look as plain data, and the events as columns."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import numpy as np
from django.urls import reverse

from gnomon.evaluation.mining.events import EventLog
from gnomon.evaluation.mining.files import FileLog, Noticed
from gnomon.evaluation.mining.graph import Graph, discover
from gnomon.evaluation.mining.selecting import cases_that
from gnomon.evaluation.mining.variants import Variant, variants
from gnomon.evaluation.models import ForeignLog
from gnomon.evaluation.queries.foreign_logs import events_file
from gnomon.jobs.moments import moment, written
from gnomon.records.memory import Memory

Plain = dict[str, Any]
MOST_COLUMNS, MOST_ACTIVITIES = 200, 30
_questions: Memory[tuple[int, datetime], LogQuestion] = Memory(3)


def look_of(read: FileLog) -> Plain:
    """The first look: what is in it, how much, from when to when, and what is wrong with it."""
    log = read.log
    counts = np.bincount(log.activity, minlength=len(log.activities)).tolist()
    often = sorted(zip(log.activities, counts, strict=True), key=lambda one: (-one[1], one[0]))
    return {
        "form": read.form, "encoding": read.encoding, "columns": list(read.columns[:MOST_COLUMNS]),
        "case": read.used.case, "activity": read.used.activity, "time": read.used.time, "about": read.used.about,
        "types": dict(read.types), "events": len(log), "cases": len(log.begins), "activities": len(often),
        "often": [{"name": name, "times": count} for name, count in often[:MOST_ACTIVITIES]],
        "first": written(moment(int(log.at.min()))) if len(log) else None,
        "last": written(moment(int(log.at.max()))) if len(log) else None,
        "left_out": read.left_out, "duplicates": read.duplicates,
        "problems": [
            {"text": one.text, "facts": dict(one.facts), "count": one.count, "row": one.row, "value": one.value}
            for one in read.noticed
        ],
    }  # fmt: skip


def problems_of(look: Plain) -> list[Noticed]:
    """What was noticed, to be said in the language of whoever reads it."""
    return [
        Noticed(one["text"], one["count"], one["row"], one["value"], one["facts"]) for one in look.get("problems", [])
    ]


def keep_events(key: int, log: EventLog) -> None:
    """Write the events of a log, in one stroke."""
    place = events_file(key)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = place.with_suffix(".new")
    texts = json.dumps([list(log.cases), list(log.activities)], ensure_ascii=False).encode()
    with draft.open("wb") as file:
        np.savez(file, case=log.case, activity=log.activity, at=log.at, texts=np.frombuffer(texts, np.uint8))
    draft.replace(place)


class LogQuestion:
    """A log from elsewhere, asked as the ledger is; `base` is the address of its lists of cases."""

    perspective = "foreign"

    def __init__(self, log: EventLog, base: str = "") -> None:
        self.log, self.base = log, base

    def graph(self) -> Graph:
        """The map."""
        return self._graph

    @cached_property
    def _graph(self) -> Graph:
        return discover(self.log)

    def variants(self) -> tuple[Variant, ...]:
        """The ways that the cases went."""
        return self._variants

    @cached_property
    def _variants(self) -> tuple[Variant, ...]:
        return variants(self.log)

    def titles(self, names: Iterable[str]) -> dict[str, str]:
        """Activities are called as the log calls them."""
        return {name: name for name in names}

    def phases(self) -> dict[str, str]:
        """Nobody knows what phases a foreign process has."""
        return {}

    def listed(self, what: str, value: str) -> str:
        """The address of the list of the cases behind a number."""
        return f"{self.base}?{urlencode({'which': f'{what}.{value}'})}" if self.base else ""


def question_about(log: ForeignLog) -> LogQuestion:
    """A log that was kept, as something to be asked; LookupError while it is not read, and when it was forgotten."""
    if log.state != ForeignLog.State.READ or log.read_at is None:
        raise LookupError(log.pk)
    mark = (log.pk, log.read_at)
    found = _questions.get(mark)
    if found is None:
        try:
            with np.load(events_file(log.pk), allow_pickle=False) as told:
                cases, activities = json.loads(told["texts"].tobytes())
                events = EventLog(told["case"], told["activity"], told["at"], cases, tuple(activities))
        except (OSError, ValueError, KeyError) as fault:
            raise LookupError(log.pk) from fault
        found = LogQuestion(events, reverse("foreign-log-cases", args=[log.pk]))
        _questions.put(mark, found)
    return found


@dataclass(frozen=True, slots=True)
class Case:
    """A case in short: its events, from when to when, in milliseconds."""

    name: str
    events: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Step:
    """An event of a case, and how long after the one before."""

    activity: str
    at: int
    after: int | None


def cases_behind(question: LogQuestion, which: str) -> list[Case]:
    """The cases behind a number, the longest first; LookupError when `which` is nothing that can be asked."""
    log = question.log
    what, _dot, value = (which or "any.").partition(".")
    wanted = cases_that(log, what, value)
    here = np.isin(log.present, wanted)
    begins, lasts, lengths = log.begins[here], log.lasts[here], log.lengths[here]
    found = [
        Case(str(log.cases[case]), events, first, last)
        for case, events, first, last in zip(
            log.present[here].tolist(), lengths.tolist(), log.at[begins].tolist(), log.at[lasts].tolist(), strict=True
        )
    ]
    return sorted(found, key=lambda one: (one.first - one.last, one.name))


def steps_of(question: LogQuestion, name: str) -> list[Step]:
    """The events of a case in their order; empty when there is no such case."""
    log = question.log
    at = next((place for place, one in enumerate(log.cases) if one == name), -1)
    here = np.flatnonzero(log.case == at).tolist()
    times = [int(log.at[place]) for place in here]
    befores: list[int | None] = [None, *times[:-1]]
    return [
        Step(log.activities[int(log.activity[place])], time, None if before is None else time - before)
        for place, time, before in zip(here, times, befores, strict=False)
    ]


def told_look(look: Plain) -> Plain:
    """A first look for machines: problems in words."""
    problems = [
        {"says": one.says, "count": one.count, "row": one.row or None, "value": one.value} for one in problems_of(look)
    ]
    return {**look, "problems": problems}


def told_cases(question: LogQuestion, which: str, most: int) -> Plain:
    """The cases behind a number, the longest first."""
    found = cases_behind(question, which)
    lines = [
        {
            "case": one.name, "events": one.events, "first": written(moment(one.first)), "last": written(moment(one.last)),
            "seconds": (one.last - one.first) / 1000,
        }
        for one in found[:most]
    ]  # fmt: skip
    return {"count": len(found), "cases": lines}
