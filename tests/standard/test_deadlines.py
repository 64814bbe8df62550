"""What was done by its due moment, after it, or not at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from gnomon.standard.deadlines import kept

DUE = datetime(2026, 1, 5, 12, tzinfo=UTC)
LATER = DUE + timedelta(seconds=1)


def test_done_at_the_very_moment_is_in_time_and_after_it_late() -> None:
    found = kept([("A", DUE, DUE), ("B", DUE, LATER)], as_of=LATER)
    assert (found.population, found.late, found.failed) == (["A", "B"], ["B"], [])


def test_what_was_not_done_failed_when_it_was_due_and_is_not_seen_before() -> None:
    found = kept([("A", DUE, None), ("B", LATER, None)], as_of=DUE)
    assert (found.population, found.late, found.failed) == (["A"], [], ["A"])
