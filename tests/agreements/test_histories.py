"""What clocks read in a ledger whose entries were told in any order."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from gnomon.agreements.histories import Line, read, said_in
from gnomon.workflow.tables import Phase

PHASES = {"new": Phase.OPEN, "waiting": Phase.WAITING, "resolved": Phase.RESOLVED}
NINE = datetime(2026, 3, 9, 9, tzinfo=UTC)


def text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def told(*entries: tuple[int, dict[str, object]]) -> list[Line]:
    """`told((0, {"status": "new"}), (90, {…}))`: minutes after nine, and the new facts."""
    return [
        Line(
            sequence,
            "incident:recorded" if sequence == 1 else "incident:changed",
            "PER-000002",
            NINE + timedelta(minutes=minutes),
            said_in(json.dumps({name: [None, new] for name, new in facts.items()})),
        )
        for sequence, (minutes, facts) in enumerate(entries, 1)
    ]


def lives(lines: list[Line]) -> list[tuple[int, str, int | None]]:
    return [((h.at - NINE) // timedelta(minutes=1), h.status_after, h.priority) for h in read(lines, PHASES).happenings]


def test_a_state_told_to_have_come_earlier_replaces_those_told_before():
    lines = told((0, {"status": "new"}), (180, {"status": "waiting"}), (120, {"status": "resolved"}))
    assert lives(lines) == [(0, "new", None), (120, "resolved", None)]


def test_a_priority_told_to_have_counted_earlier_does():
    lines = told((0, {"status": "new", "priority": 3}), (60, {"priority": 2}), (30, {"priority": 1}))
    assert lives(lines) == [(0, "new", 3), (30, "new", 1)]


def test_nothing_happens_before_the_record_opened():
    lines = told((60, {"status": "new", "opened_at": text(NINE)}), (90, {"opened_at": text(NINE + timedelta(hours=1))}))
    assert lives(lines) == [(60, "new", None)]
    early = told((60, {"status": "new"}), (30, {"status": "resolved"}))
    assert lives(early) == [(60, "new", None), (60, "resolved", None)]


def test_a_response_that_was_taken_back_never_was():
    lines = told((0, {"status": "new"}), (10, {"responded_at": text(NINE)}), (20, {"responded_at": None}))
    assert not any("responded" in h.names for h in read(lines, PHASES).happenings)


def test_a_record_born_with_its_response_responds_at_that_moment():
    lines = told((60, {"status": "new", "opened_at": text(NINE), "responded_at": text(NINE + timedelta(minutes=20))}))
    assert [(h.at, sorted(h.names)) for h in read(lines, PHASES).happenings] == [
        (NINE, ["recorded"]),
        (NINE + timedelta(minutes=20), ["responded"]),
    ]


def test_pins_are_remembered_with_the_moment_they_were_set():
    lines = told(
        (0, {"status": "new", "sla": "SLA-000001", "sla_version": 2}), (60, {"sla_version": 3, "calendar_version": 1})
    )
    assert [tuple(pins) for pins in read(lines, PHASES).pins] == [
        (NINE, "SLA-000001", 2, None),
        (NINE + timedelta(hours=1), "SLA-000001", 3, 1),
    ]


facts = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(sorted(PHASES)),
        "priority": st.none() | st.integers(1, 4),
        "responded_at": st.none() | st.integers(-60, 600).map(lambda m: text(NINE + timedelta(minutes=m))),
        "title": st.just("x"),
    },
)


@given(st.lists(st.tuples(st.integers(-60, 600), facts), max_size=8))
@settings(max_examples=100, deadline=None)
def test_however_it_was_told_the_last_word_holds_and_the_chain_is_whole(later):
    lines = told((0, {"status": "new", "priority": 3}), *later)
    history = read(lines, PHASES)
    known: dict[str, object] = {}
    for line in lines:
        for name in ("status", "priority", "responded_at"):
            fact = getattr(line.said, name)
            known |= {name: fact[1]} if fact is not None else {}
    assert history.happenings[-1].status_after == known["status"]
    assert history.happenings[-1].priority == known["priority"]
    assert history.happenings[0].phase_before is None
    assert [h.at for h in history.happenings] == sorted(h.at for h in history.happenings)
    for one, following in pairwise(history.happenings):
        assert (one.phase_after, one.status_after) == (following.phase_before, following.status_before)
    responded = [h for h in history.happenings if "responded" in h.names]
    assert bool(responded) == bool(known.get("responded_at"))
