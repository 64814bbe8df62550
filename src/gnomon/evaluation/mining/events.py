"""An event log as columns: which case, what happened, when; always by case, then time, then as it was told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Truth = NDArray[np.bool_]
WIDEST = 2**62


@dataclass(frozen=True, eq=False)
class EventLog:
    """Events in order. `case` and `activity` are places in `cases` and `activities`, `at` is milliseconds since 1970."""

    case: Whole
    activity: Whole
    at: Whole
    cases: Sequence[Any] | NDArray[Any]
    activities: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.case)

    @cached_property
    def begins(self) -> Whole:
        """Where each case begins that has an event."""
        if not len(self):
            return np.zeros(0, np.int64)
        return np.flatnonzero(np.concatenate(([True], self.case[1:] != self.case[:-1])))

    @cached_property
    def lengths(self) -> Whole:
        """How many events each case has."""
        return np.diff(np.append(self.begins, len(self)))

    @cached_property
    def lasts(self) -> Whole:
        """Where the last event of each case stands."""
        return self.begins + self.lengths - 1

    @cached_property
    def present(self) -> Whole:
        """The cases that have an event, in order."""
        return self.case[self.begins]

    @cached_property
    def follows(self) -> Truth:
        """For each event but the last of all, whether the next belongs to the same case."""
        same: Truth = self.case[1:] == self.case[:-1]
        return same

    @cached_property
    def durations(self) -> Whole:
        """Milliseconds from the first to the last event of each case."""
        return self.at[self.lasts] - self.at[self.begins]

    def names(self, cases: Whole) -> list[Any]:
        """What cases are called."""
        return [self.cases[at] for at in cases.tolist()]

    def only(self, keep: Truth) -> EventLog:
        """The log of those events alone."""
        return EventLog(self.case[keep], self.activity[keep], self.at[keep], self.cases, self.activities)

    def collapsed(self) -> EventLog:
        """Without events that repeat the activity right before them in the same case."""
        if not len(self):
            return self
        again = np.concatenate(([False], self.follows & (self.activity[1:] == self.activity[:-1])))
        return self.only(~again)


def coded(values: Iterable[str]) -> tuple[Whole, list[str]]:
    """Texts as places in the list of those that occur, in the order of their first occurrence."""
    return coded_column(pa.array(values, pa.string()))


def coded_column(column: Any) -> tuple[Whole, list[str]]:
    """The same for a column of Arrow."""
    encoded = column.dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.unify_dictionaries().combine_chunks()
    return encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64), encoded.dictionary.to_pylist()


def event_log(case: Whole, activity: Whole, at: Whole, cases: Any, activities: Sequence[str]) -> EventLog:
    """A log from columns in any order; of events of one case at one moment, the first told comes first."""
    case, activity, at = (np.asarray(column, np.int64) for column in (case, activity, at))
    order = in_order(case, at)
    if order is not None:
        case, activity, at = case[order], activity[order], at[order]
    return EventLog(case, activity, at, cases, tuple(activities))


def log_of(rows: Iterable[tuple[str, str, int]]) -> EventLog:
    """A log from rows of case, activity and milliseconds."""
    told = list(rows)
    case, cases = coded([row[0] for row in told])
    activity, activities = coded([row[1] for row in told])
    return event_log(case, activity, np.fromiter((row[2] for row in told), np.int64, len(told)), cases, activities)


def in_order(case: Whole, at: Whole) -> Whole | None:
    """The order by case and time that leaves equals as they stand; None when it is the present one."""
    if len(case) < 2:
        return None
    step = case[1:] - case[:-1]
    if bool(((step > 0) | ((step == 0) & (at[1:] >= at[:-1]))).all()):
        return None
    return grouped_order(case, at)


def grouped_order(group: Whole, value: Whole) -> Whole:
    """The stable order by group, then value; both in one key where they fit, which sorts in half the time."""
    low, high = int(value.min()), int(value.max())
    if (high - low + 1) * (int(group.max()) + 1) < WIDEST and int(group.min()) >= 0:
        return np.argsort(group * (high - low + 1) + (value - low), kind="stable")
    return np.lexsort((value, group))
