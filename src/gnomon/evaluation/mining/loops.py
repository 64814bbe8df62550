"""Work that comes back: activities that a case returns to, and teams that hand a case to and fro."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gnomon.evaluation.mining.events import EventLog, Truth, Whole


@dataclass(frozen=True, slots=True)
class Rework:
    """An activity that cases come back to: in how many cases, and how often beyond the first time."""

    name: str
    cases: int
    again: int


@dataclass(frozen=True, slots=True)
class PingPong:
    """A case that went from one to another and straight back: `start` → `over` → `start`."""

    start: str
    over: str
    cases: int
    times: int


def reworked(log: EventLog) -> tuple[Rework, ...]:
    """Activities that happen again after something else did, in most cases first; staying is no return."""
    log = log.collapsed()
    size = len(log.activities)
    if not len(log):
        return ()
    keys, times = np.unique(log.case * size + log.activity, return_counts=True)
    again = times > 1
    cases = np.bincount(keys[again] % size, minlength=size)
    more = np.bincount(keys[again] % size, weights=times[again] - 1, minlength=size)
    found = [Rework(name, int(cases[at]), int(more[at])) for at, name in enumerate(log.activities) if cases[at]]
    return tuple(sorted(found, key=lambda one: (-one.cases, -one.again, one.name)))


def ping_pongs(log: EventLog) -> tuple[PingPong, ...]:
    """What goes to and fro, in most cases first."""
    log = log.collapsed()
    places = to_and_fro(log)
    size = len(log.activities)
    pair = log.activity[:-2][places] * size + log.activity[1:-1][places]
    case = log.case[:-2][places]
    found = []
    for at in np.unique(pair).tolist():
        here = pair == at
        start, over = log.activities[at // size], log.activities[at % size]
        found.append(PingPong(start, over, len(np.unique(case[here])), int(here.sum())))
    return tuple(sorted(found, key=lambda one: (-one.cases, -one.times, one.start, one.over)))


def to_and_fro(log: EventLog) -> Truth:
    """For each event but the last two, whether its case goes elsewhere and straight back; `log` is collapsed."""
    if len(log) < 3:
        return np.zeros(0, np.bool_)
    same = log.follows[:-1] & log.follows[1:]
    back: Truth = same & (log.activity[2:] == log.activity[:-2]) & (log.activity[1:-1] != log.activity[:-2])
    return back


def returning(log: EventLog, activity: int) -> Whole:
    """The cases that come back to an activity; `log` is collapsed."""
    case, times = np.unique(log.case[log.activity == activity], return_counts=True)
    return case[times > 1]
