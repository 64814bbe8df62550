"""The directly-follows graph: which activity comes right after which, in how many cases, after how long."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gnomon.evaluation.mining.events import EventLog, Whole
from gnomon.evaluation.mining.spreads import Spread, spread, spread_at, spreads


@dataclass(frozen=True, slots=True)
class Node:
    """An activity: how often it occurs, in how many cases, how many begin and end with it."""

    name: str
    events: int
    cases: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Edge:
    """One activity right after another: how often, in how many cases, and the milliseconds between."""

    start: str
    end: str
    events: int
    cases: int
    time: Spread


@dataclass(frozen=True, slots=True)
class Graph:
    """What was discovered, the most frequent first."""

    events: int
    cases: int
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    durations: Spread

    def node(self, name: str) -> Node:
        """The activity of that name; LookupError when it never happened."""
        for one in self.nodes:
            if one.name == name:
                return one
        raise LookupError(f"{name} never happened.")


def discover(log: EventLog) -> Graph:
    """The graph of a log."""
    return Graph(len(log), len(log.begins), _nodes(log), _edges(log), spread(log.durations))


def pairs(log: EventLog) -> Whole:
    """For each step from one event to the next of its case: first activity times their number, plus the second."""
    follows = log.follows
    return log.activity[:-1][follows] * len(log.activities) + log.activity[1:][follows]


def gaps(log: EventLog) -> Whole:
    """The milliseconds that each of these steps took."""
    return np.diff(log.at)[log.follows]


def _nodes(log: EventLog) -> tuple[Node, ...]:
    size = len(log.activities)
    events = np.bincount(log.activity, minlength=size)
    cases = _cases_of(log.case, log.activity, size)
    first = np.bincount(log.activity[log.begins], minlength=size)
    last = np.bincount(log.activity[log.lasts], minlength=size)
    found = [
        Node(name, int(events[at]), int(cases[at]), int(first[at]), int(last[at]))
        for at, name in enumerate(log.activities)
        if events[at]
    ]
    return tuple(sorted(found, key=lambda node: (-node.events, node.name)))


def _edges(log: EventLog) -> tuple[Edge, ...]:
    if len(log) < 2:
        return ()
    size = len(log.activities)
    pair = pairs(log)
    time = spreads(pair, gaps(log), size * size)
    cases = _cases_of(log.case[:-1][log.follows], pair, size * size)
    found = [
        Edge(
            log.activities[at // size], log.activities[at % size], int(time.count[at]), int(cases[at]),
            spread_at(time, at),
        )
        for at in np.flatnonzero(time.count).tolist()
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda edge: (-edge.events, edge.start, edge.end)))


def _cases_of(case: Whole, what: Whole, size: int) -> Whole:
    """In how many cases each thing occurs; `case` is in order."""
    if not len(case):
        return np.zeros(size, np.int64)
    places = np.cumsum(np.concatenate(([0], (case[1:] != case[:-1]).astype(np.int64))))
    keys = np.sort(places * size + what)
    once = np.concatenate(([True], keys[1:] != keys[:-1]))
    return np.bincount(keys[once] % size, minlength=size)
