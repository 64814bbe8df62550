"""SQLite with its writers in a queue.

SQLite has one writer, and whoever finds it busy sleeps, up to a tenth of a second, and looks again. Beside a
process that writes one short transaction after the other nobody else may find it free for longer than anyone
waits. Here writers wait for a lock of the file system, which wakes the next one at once and in order; the kernel
gives it back when its holder dies. Statements outside a transaction do not queue, and wait as before.
"""

from __future__ import annotations

import fcntl
import os
from typing import Any

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that queues before it begins to write."""

    # Django's stub does not tell of the methods below.

    _queue: int | None = None
    _has_turn = False

    def _start_transaction_under_autocommit(self) -> None:
        self._wait_for_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._end_turn()
            raise

    def _commit(self) -> Any:
        try:
            return super()._commit()  # type: ignore[misc]
        finally:
            self._end_turn()

    def _rollback(self) -> Any:
        try:
            return super()._rollback()  # type: ignore[misc]
        finally:
            self._end_turn()

    def _close(self) -> Any:
        try:
            return super()._close()  # type: ignore[misc]
        finally:
            self._end_turn()
            if self._queue is not None:
                os.close(self._queue)
                self._queue = None

    def _wait_for_turn(self) -> None:
        if self.is_in_memory_db() or self._has_turn:
            return
        if self._queue is None:
            name = f"{self.settings_dict['NAME']}-queue"
            self._queue = os.open(name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._queue, fcntl.LOCK_EX)
        self._has_turn = True

    def _end_turn(self) -> None:
        if self._has_turn and self._queue is not None:
            self._has_turn = False
            fcntl.flock(self._queue, fcntl.LOCK_UN)
