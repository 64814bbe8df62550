"""Variants: the ways that cases went, from beginning to end."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gnomon.evaluation.mining.events import EventLog, Whole
from gnomon.evaluation.mining.spreads import Spread, spread_at, spreads

Mixed = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Variant:
    """A way, the cases that went it, and how long they took; `key` names it in an address."""

    key: str
    path: tuple[str, ...]
    cases: int
    time: Spread


def variants(log: EventLog) -> tuple[Variant, ...]:
    """All ways, the most frequent first."""
    of, firsts = ways(log)
    time = spreads(of, log.durations, len(firsts))
    found = []
    for at, case in enumerate(firsts.tolist()):
        begin = int(log.begins[case])
        path = tuple(log.activities[a] for a in log.activity[begin : begin + int(log.lengths[case])].tolist())
        found.append(Variant(key_of(path), path, int(time.count[at]), spread_at(time, at)))
    return tuple(sorted(found, key=lambda one: (-one.cases, len(one.path), one.path)))


def key_of(path: Sequence[str]) -> str:
    """A short name that is the same wherever and whenever the way is found."""
    return hashlib.sha256("\x1f".join(path).encode()).hexdigest()[:16]


def ways(log: EventLog) -> tuple[Whole, Whole]:
    """For each case which way it went, and for each way the first case that went it."""
    if not len(log):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    place = np.arange(len(log)) - np.repeat(log.begins, log.lengths)
    mixed = _mixed(log.activity + place * len(log.activities))
    sums = np.add.reduceat(mixed, log.begins)
    _once, firsts, of = np.unique(sums, return_index=True, return_inverse=True)
    if _are_what_they_seem(log, of, firsts, place):
        return of.astype(np.int64), firsts.astype(np.int64)
    return _one_by_one(log)


def _mixed(values: Whole) -> Mixed:
    """Numbers that look random, the same for the same value (splitmix64)."""
    mixed = values.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _are_what_they_seem(log: EventLog, of: Whole, firsts: Whole, place: Whole) -> bool:
    """Whether each case is, event by event, like the first of its way: sums may be equal by accident."""
    like = firsts[of]
    if not bool((log.lengths[like] == log.lengths).all()):
        return False
    return bool((log.activity[np.repeat(log.begins[like], log.lengths) + place] == log.activity).all())


def _one_by_one(log: EventLog) -> tuple[Whole, Whole]:
    known: dict[bytes, int] = {}
    firsts, of = [], []
    for case, (begin, length) in enumerate(zip(log.begins.tolist(), log.lengths.tolist(), strict=True)):
        way = log.activity[begin : begin + length].tobytes()
        if way not in known:
            known[way] = len(known)
            firsts.append(case)
        of.append(known[way])
    return np.array(of, np.int64), np.array(firsts, np.int64)
