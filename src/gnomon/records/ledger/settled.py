"""Up to where the ledger can be read for good: nothing will appear before that place any more."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import connection

from gnomon.jobs.asking import rows_of
from gnomon.records.models import LedgerEntry

PATIENCE = 1.0  # seconds that those who are writing are waited for


def newest_entry() -> int:
    """The place of the last entry that can be read now; 0 when there is none."""
    last: int = rows_of(f"SELECT COALESCE(MAX(sequence), 0) FROM {LedgerEntry._meta.db_table}", [])[0][0]
    return last


def all_written(patience: float = PATIENCE) -> bool:
    """Whether all entries with a place up to that of the newest one, as it was read before this call, can be read by now.

    PostgreSQL commits out of order: who took a place first may be the last to be seen. But places are taken under a
    lock on the table, so what is missing belongs to those who hold one now; they are brief, and are waited for.
    Whoever takes the lock after them takes a later place.
    """
    if connection.vendor != "postgresql":
        return True
    until, writers = time.monotonic() + patience, _writers()
    while writers:
        if time.monotonic() > until:
            return False
        time.sleep(0.005)
        writers &= _writers()
    return True


@dataclass(slots=True)
class _Known:
    """What this process found out, and at which place it saw whom write, for later looks to wait for."""

    settled: int = 0
    place: int = 0
    writers: frozenset[str] = frozenset()


_known = _Known()


def look(patience: float = 0.0) -> None:
    """Find out up to where the ledger is settled; whoever then begins to read sees all that it holds up to there.

    Without patience nobody is waited for: who wrote at an earlier look and does so no longer has written by now.
    """
    if connection.vendor != "postgresql":
        return
    place, writers = newest_entry(), _writers()
    if not writers or (patience and all_written(patience)):
        _known.settled = max(_known.settled, place)
    elif not _known.writers & writers:
        _known.settled = max(_known.settled, _known.place)
        _known.place, _known.writers = place, frozenset(writers)


def settled() -> int:
    """The highest place up to which looks of this process found the ledger settled, asked for before it is read."""
    held = _held.get()
    return _known.settled if held is None else held


@contextmanager
def holding() -> Iterator[None]:
    """Within it nothing counts as settled that was found so only after the moment that is read."""
    token = _held.set(_known.settled)
    try:
        yield
    finally:
        _held.reset(token)


_held: ContextVar[int | None] = ContextVar("settled", default=None)


def _writers() -> set[str]:
    """The transactions of others that may have an entry which nobody sees yet."""
    rows = rows_of(
        "SELECT virtualtransaction FROM pg_locks WHERE relation = %s::regclass AND mode = 'RowExclusiveLock' "
        "AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
        "AND pid IS DISTINCT FROM pg_backend_pid()",
        [LedgerEntry._meta.db_table],
    )
    return {name for (name,) in rows}
