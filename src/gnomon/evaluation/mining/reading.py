"""From entries of the ledger to events: numbers only, in the order in which they were told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from gnomon.records.ledger.reading import pages, rows

UNCHANGED = -1
NOTHING = ""
# An event: its case by the counter of its number, and what it set, each as a place in the texts of that column.
EVENT = np.dtype(
    [("case", "<i4"), ("verb", "<i4"), ("status", "<i4"), ("team", "<i4"), ("reason", "<i4"), ("at", "<i8")]
)
TOLD = ("verb", "status", "team", "reason")
PAGE = 20_000
AT_ONCE = 500
Events = NDArray[Any]

# The name of a kind is our own; the key of a page is its last sequence alone.
_AFTER = (
    "SELECT sequence, number, verb, happened_at, facts FROM records_ledgerentry "
    "WHERE kind = '{}' AND sequence > %s AND sequence <= {:d} ORDER BY sequence LIMIT %s"
)
_OF = (
    "SELECT sequence, number, verb, happened_at, facts FROM records_ledgerentry "
    "WHERE number IN ({}) ORDER BY number, version"
)


class _Facts(msgspec.Struct, gc=False):
    """Of all that an entry told, what makes an event of it: [old, new] of each."""

    status: Any = None
    team: Any = None
    waiting_reason: Any = None


_facts_of = msgspec.json.Decoder(_Facts).decode


@dataclass
class Texts:
    """The texts of each column, and where each stands."""

    known: dict[str, dict[str, int]] = field(default_factory=lambda: {name: {} for name in TOLD})

    def of(self, column: str) -> list[str]:
        """The texts of a column in their places."""
        return list(self.known[column])


def after(kind: str, sequence: int, upto: int, texts: Texts) -> Iterator[Events]:
    """The events of a kind told after one entry, up to another; page by page."""
    for page in pages(_AFTER.format(kind, upto), start=[sequence], key=slice(0, 1), limit=PAGE):
        yield events_from(page, kind, texts)


def of_cases(kind: str, numbers: Sequence[str], texts: Texts) -> Events:
    """All events of some records."""
    found = []
    for begin in range(0, len(numbers), AT_ONCE):
        some = numbers[begin : begin + AT_ONCE]
        found.append(events_from(rows(_OF.format(", ".join(["%s"] * len(some))), some), kind, texts))
    return np.concatenate(found) if found else np.zeros(0, EVENT)


def events_from(told: Iterable[tuple[Any, ...]], kind: str, texts: Texts) -> Events:
    """Rows of the ledger as events."""
    skip = len(kind) + 1
    verbs, statuses, teams, reasons = (texts.known[name] for name in TOLD)
    made = []
    for _sequence, number, verb, at, text in told:
        facts = _facts_of(text)
        word = verb[skip:]
        made.append((
            counter_of(number),
            verbs.setdefault(word, len(verbs)),
            _place(statuses, facts.status),
            _place(teams, facts.team),
            _place(reasons, facts.waiting_reason),
            at,
        ))  # fmt: skip
    return np.array(made, EVENT)


def counter_of(number: str) -> int:
    """`INC-000042` → 42."""
    return int(number[number.rindex("-") + 1 :])


def _place(known: dict[str, int], pair: Any) -> int:
    """Where the new value of a fact stands among its texts; a value that was taken away is an empty text."""
    if pair is None:
        return UNCHANGED
    new = pair[1] if isinstance(pair, list) and len(pair) == 2 else None
    return known.setdefault(NOTHING if new is None else str(new), len(known))
