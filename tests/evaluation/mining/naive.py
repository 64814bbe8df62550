"""The same answers worked out the slow and plain way, event by event."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import groupby, pairwise
from statistics import median

Row = tuple[str, str, int]


def courses(rows: Sequence[Row]) -> dict[str, list[tuple[str, int]]]:
    """Case → its activities with their moments; equals stay in the order in which they were told."""
    told: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for case, activity, at in rows:
        told[case].append((activity, at))
    return {case: sorted(events, key=lambda event: event[1]) for case, events in told.items()}


def edges(rows: Sequence[Row]) -> dict[tuple[str, str], tuple[int, int, float]]:
    """Step → how often, in how many cases, median time."""
    times: dict[tuple[str, str], list[int]] = defaultdict(list)
    cases: dict[tuple[str, str], set[str]] = defaultdict(set)
    for case, events in courses(rows).items():
        for (one, begun), (other, done) in pairwise(events):
            times[one, other].append(done - begun)
            cases[one, other].add(case)
    return {step: (len(found), len(cases[step]), median(found)) for step, found in times.items()}


def variants(rows: Sequence[Row]) -> Counter[tuple[str, ...]]:
    return Counter(tuple(activity for activity, _at in events) for events in courses(rows).values())


def durations(rows: Sequence[Row]) -> dict[str, int]:
    return {case: events[-1][1] - events[0][1] for case, events in courses(rows).items()}


def collapsed(rows: Sequence[Row]) -> dict[str, list[str]]:
    return {
        case: [name for name, _same in groupby(name for name, _at in events)] for case, events in courses(rows).items()
    }


def reworked(rows: Sequence[Row]) -> dict[str, tuple[int, int]]:
    """Activity → in how many cases it comes back, and how often in all."""
    found: dict[str, tuple[int, int]] = {}
    for path in collapsed(rows).values():
        for name, times in Counter(path).items():
            if times > 1:
                cases, again = found.get(name, (0, 0))
                found[name] = (cases + 1, again + times - 1)
    return found


def tossed(rows: Sequence[Row]) -> dict[tuple[str, str], tuple[int, int]]:
    """Step → in how many cases it is taken straight back, and how often in all."""
    times: Counter[tuple[str, str]] = Counter()
    cases: dict[tuple[str, str], set[str]] = defaultdict(set)
    for case, path in collapsed(rows).items():
        for one, over, back in zip(path, path[1:], path[2:], strict=False):
            if one == back:
                times[one, over] += 1
                cases[one, over].add(case)
    return {step: (len(cases[step]), count) for step, count in times.items()}
