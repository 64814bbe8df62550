"""The cases behind a figure of the map: those that took a step, did an activity, went a way, came back."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gnomon.evaluation.mining.events import EventLog, Whole
from gnomon.evaluation.mining.loops import returning, to_and_fro
from gnomon.evaluation.mining.variants import key_of, ways

ARROW = "~"
NOBODY = np.zeros(0, np.int64)


def cases_that(log: EventLog, what: str, value: str) -> Whole:
    """Places in `log.cases`; LookupError when `what` is nothing that can be asked."""
    return SELECTIONS[what](log, value)


def any_of(log: EventLog, _value: str) -> Whole:
    """Cases with any event at all."""
    return log.present


def doing(log: EventLog, name: str) -> Whole:
    """Cases with an activity."""
    return np.unique(log.case[log.activity == _place(log, name)])


def stepping(log: EventLog, step: str) -> Whole:
    """Cases in which one activity comes right after another, written `one~other`."""
    start, end = _places(log, step)
    here = log.follows & (log.activity[:-1] == start) & (log.activity[1:] == end)
    return np.unique(log.case[:-1][here])


def beginning(log: EventLog, name: str) -> Whole:
    """Cases that begin with an activity."""
    found: Whole = log.present[log.activity[log.begins] == _place(log, name)]
    return found


def ending(log: EventLog, name: str) -> Whole:
    """Cases whose last event so far is an activity."""
    found: Whole = log.present[log.activity[log.lasts] == _place(log, name)]
    return found


def going(log: EventLog, key: str) -> Whole:
    """Cases that went a way."""
    of, firsts = ways(log)
    for way, case in enumerate(firsts.tolist()):
        begin = int(log.begins[case])
        path = [log.activities[a] for a in log.activity[begin : begin + int(log.lengths[case])].tolist()]
        if key_of(path) == key:
            found: Whole = log.present[of == way]
            return found
    return NOBODY


def coming_back(log: EventLog, name: str) -> Whole:
    """Cases that come back to an activity after something else."""
    return returning(log.collapsed(), _place(log, name))


def tossed(log: EventLog, step: str) -> Whole:
    """Cases that go from one to the other and straight back, written `one~other`; all such cases when it is empty."""
    log = log.collapsed()
    places = to_and_fro(log)
    if not len(places):
        return NOBODY
    if step:
        start, over = _places(log, step)
        places = places & (log.activity[:-2] == start) & (log.activity[1:-1] == over)
    return np.unique(log.case[:-2][places])


def _places(log: EventLog, step: str) -> tuple[int, int]:
    """Where the two activities of `one~other` stand; in logs from elsewhere there are arrows within names, too."""
    parts = step.split(ARROW)
    for at in range(1, len(parts)):
        start, end = _place(log, ARROW.join(parts[:at])), _place(log, ARROW.join(parts[at:]))
        if start >= 0 and end >= 0:
            return start, end
    return -1, -1


def _place(log: EventLog, name: str) -> int:
    """Where an activity stands; -1, which no event has, for one that never happened."""
    return log.activities.index(name) if name in log.activities else -1


SELECTIONS: dict[str, Callable[[EventLog, str], Whole]] = {
    "any": any_of, "activity": doing, "step": stepping, "first": beginning, "last": ending,
    "variant": going, "again": coming_back, "tossed": tossed,
}  # fmt: skip
