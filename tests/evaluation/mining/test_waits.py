"""What time went into, against a plain walk over each record's events."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gnomon.evaluation.mining.reading import EVENT, TOLD, UNCHANGED, Texts
from gnomon.evaluation.mining.waits import stretches
from gnomon.workflow.tables import Phase, State

STATES = (
    State("new", Phase.OPEN, "New"), State("work", Phase.OPEN, "Work"), State("wait", Phase.WAITING, "Wait"),
    State("done", Phase.RESOLVED, "Done"), State("shut", Phase.CLOSED, "Shut"),
)  # fmt: skip
NOW = 100
Event = tuple[int, str | None, str | None, str | None, int]
EVENTS = st.lists(
    st.tuples(
        st.integers(1, 4), st.sampled_from((None, "new", "work", "wait", "done", "shut", "odd")),
        st.sampled_from((None, None, "", "A", "B")), st.sampled_from((None, None, "", "user")), st.integers(0, 50),
    ),
    max_size=40,
)  # fmt: skip


def columns(told: list[Event]) -> tuple[Any, Texts]:
    texts = Texts()
    rows = []
    for case, status, team, reason, at in told:
        places = [
            UNCHANGED if text is None else texts.known[name].setdefault(text, len(texts.known[name]))
            for name, text in zip(TOLD, ("did", status, team, reason), strict=True)
        ]
        rows.append((case, *places, at))
    return np.array(rows, EVENT), texts


def walked(told: list[Event]) -> dict[str, tuple[set[int], int, int]]:
    """Cause → records, times and time, by the book."""
    lives: dict[int, list[Event]] = defaultdict(list)
    for event in told:
        lives[event[0]].append(event)
    found: dict[str, tuple[set[int], int, int]] = defaultdict(lambda: (set(), 0, 0))
    for case, life in lives.items():
        runs: list[list[Any]] = []
        status, team, reason = None, None, None
        for _case, said, handed_to, why, at in sorted(life, key=lambda event: event[4]):
            moved = bool(runs) and bool(handed_to) and bool(team) and handed_to != team
            status, team = said if said is not None else status, handed_to if handed_to is not None else team
            reason = why if why is not None else reason
            cause = _cause(status, reason or "", moved)
            if not runs or runs[-1][0] != cause or moved:
                runs.append([cause, at, status])
        for run, following in zip(runs, [*runs[1:], None], strict=True):
            end = following[1] if following else max(NOW, run[1])
            if run[2] is None or (following is None and run[0] == "closed"):
                continue
            cases, times, time = found[run[0]]
            found[run[0]] = (cases | {case}, times + 1, time + end - run[1])
    return dict(found)


def _cause(status: str | None, reason: str, moved: bool) -> str:
    plain = {
        "new": "unstarted", "work": "work", "wait": f"waiting:{reason}", "done": "confirmation", "shut": "closed",
        "odd": "unknown", None: "nothing",
    }[status]  # fmt: skip
    return "handover" if moved and plain in {"unstarted", "work"} else plain


@given(EVENTS)
def test_causes_are_what_a_plain_walk_finds(told: list[Event]) -> None:
    # A record's first entry always tells its status, as the ledger's do.
    first: set[int] = set()
    rows = []
    for case, status, team, reason, _at in sorted(told, key=lambda event: event[4]):
        rows.append((case, status or ("new" if case not in first else None), team, reason, _at))
        first.add(case)
    events, texts = columns(rows)

    found = stretches(events, texts, STATES, "new", NOW)

    lengths = found.lengths()
    told_by_us = {
        name: (set(found.of(name).tolist()), int((found.cause == at).sum()), int(lengths[found.cause == at].sum()))
        for at, name in enumerate(found.causes)
        if (found.cause == at).any()
    }
    assert told_by_us == walked(rows)


def test_nothing_took_no_time() -> None:
    found = stretches(np.zeros(0, EVENT), Texts(), STATES, "new", NOW)
    assert len(found.case) == 0
    assert found.of("work").tolist() == found.taken_over_by("A").tolist() == []
