"""SQLite with its writers in a queue.

SQLite has one writer, and whoever finds it busy sleeps, up to a tenth of a second, and looks again. Beside a
process that writes one short transaction after the other nobody else may find it free for longer than anyone
waits. Here writers wait for a lock of the file system, which wakes the next one at once and in order; the kernel
gives it back when its holder dies. Statements outside a transaction do not queue, and wait as before.

A commit that wrote is on the disk before it returns, but whoever waits for the disk no longer holds the turn: the
next one writes meanwhile, and one turn of the disk may serve both. What is read by others may thus be a moment
ahead of the disk; what was acknowledged never is.

Left alone, SQLite has every thousandth page or so of the write-ahead log moved into the database by whoever commits
then, in their turn, and waits for the disk twice. Here whoever has written enough moves them after their turn, beside
those who write. What such a round could not reach, SQLite moves as before once the log is long (settings.py).
"""

from __future__ import annotations

import fcntl
import os
import threading
from typing import Any

from django.db.backends.sqlite3 import base

# Where there is no fdatasync, the whole of the file's facts go to the disk with its contents.
_to_disk = getattr(os, "fdatasync", os.fsync)
# Held by the thread of this process that has the turn; and for how long others let it go first, at most.
_at_turn = threading.Lock()
PATIENCE = 0.005
TIDIED_AFTER = 400  # rows that a connection wrote: some 2,000 pages of creations


def let_the_writer_go_on() -> None:
    """Wait a moment while another thread of this process has the turn: all of the house waits for it.

    Threads of Python take turns of milliseconds on the processor, and whoever holds the database's gives its own
    away at each statement.
    """
    if _at_turn.acquire(timeout=PATIENCE):
        _at_turn.release()


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that queues before it begins to write."""

    # Django's stub does not tell of the methods below.

    _queue: int | None = None
    _log: int | None = None
    _has_turn = False
    _changes_before = 0
    _tidied_at = 0
    _keeps_others = False
    # Off, commits return before they are on the disk; the next one that waits takes them along.
    waits_for_disk = True

    def _start_transaction_under_autocommit(self) -> None:
        self._wait_for_turn()
        try:
            if self._has_turn:
                # FULL would keep the turn while the disk turns; `_commit` sees to the disk itself.
                self.connection.execute("PRAGMA synchronous=NORMAL")
            self._changes_before = self.connection.total_changes
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._end_turn()
            raise

    def _commit(self) -> Any:
        waits = self._has_turn
        try:
            done = super()._commit()  # type: ignore[misc]
        finally:
            self._end_turn()
        if waits and self.connection.total_changes != self._changes_before:
            if self.waits_for_disk:
                self._reach_disk()
            self._tidy()
        return done

    def _rollback(self) -> Any:
        try:
            return super()._rollback()  # type: ignore[misc]
        finally:
            self._end_turn()

    def _reach_disk(self) -> None:
        """Wait until all that was committed so far survives a power cut; OSError when the disk refuses."""
        if self._log is None:
            # While this connection is open, SQLite keeps the file; only the database's own file bears locks.
            self._log = os.open(f"{self.settings_dict['NAME']}-wal", os.O_RDWR | os.O_CLOEXEC)
        _to_disk(self._log)

    def _tidy(self) -> None:
        """Move what is in the write-ahead log into the database, now and then, while others write."""
        changes = self.connection.total_changes
        if changes - self._tidied_at < TIDIED_AFTER:
            return
        self._tidied_at = changes
        try:
            self.connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        except base.Database.OperationalError:  # type: ignore[attr-defined]
            return  # this very connection still reads; the next time will do

    def _close(self) -> Any:
        try:
            return super()._close()  # type: ignore[misc]
        finally:
            self._end_turn()
            for held in (self._queue, self._log):
                if held is not None:
                    os.close(held)
            self._queue = self._log = None
            self._tidied_at = 0

    def _wait_for_turn(self) -> None:
        if self.is_in_memory_db() or self._has_turn:
            return
        if self._queue is None:
            name = f"{self.settings_dict['NAME']}-queue"
            self._queue = os.open(name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._queue, fcntl.LOCK_EX)
        self._has_turn = True
        self._keeps_others = _at_turn.acquire(blocking=False)

    def _end_turn(self) -> None:
        if self._has_turn and self._queue is not None:
            self._has_turn = False
            if self._keeps_others:
                self._keeps_others = False
                _at_turn.release()
            fcntl.flock(self._queue, fcntl.LOCK_UN)
            if self.connection is not None and not self.connection.in_transaction:
                self.connection.execute("PRAGMA synchronous=FULL")  # for statements outside a transaction
