"""Digests of rows that leave no entries: a record keeps them, and whoever verifies takes them again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError

from gnomon.records.ledger.canonical import canonical


@dataclass(frozen=True, slots=True)
class Digest:
    """How many rows, and the SHA-256 over them in their order; `last` is the key of the last."""

    count: int
    digest: str
    last: int


def digest_of(rows: Iterable[Sequence[Any]], last: int) -> Digest:
    """The digest of rows whose first column is their key; of none, `last` stays."""
    digest, count = hashlib.sha256(), 0
    for row in rows:
        digest.update(canonical(list(row)) + b"\n")
        count, last = count + 1, row[0]
    return Digest(count, digest.hexdigest(), last)


def altered(seals: Any, holds: Callable[[Any], bool]) -> Iterator[Any]:
    """Those of the seals, a manager of records, whose rows are not what they were."""
    for seal in seals.order_by("id").iterator():
        try:
            whole = holds(seal)
        except (DatabaseError, AttributeError, TypeError, ValueError, OverflowError):
            whole = False  # somebody wrote what no field can hold
        if not whole:
            yield seal
