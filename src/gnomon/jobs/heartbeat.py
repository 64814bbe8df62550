"""Keeps a job's lease alive while its body runs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from types import TracebackType

from django.db import DatabaseError, connection

from gnomon.jobs import claims
from gnomon.jobs.models import QueuedJob

log = logging.getLogger(__name__)


class Heartbeat:
    """Extends the lease of `job` from a thread of its own, four times in a lease."""

    def __init__(self, job: QueuedJob, lease: timedelta, now: Callable[[], datetime]) -> None:
        self._job, self._lease, self._now = job, lease, now
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"lease of job {job.pk}", daemon=True)

    def __enter__(self) -> Heartbeat:
        self._thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _where: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        try:
            while not self._over.wait(self._lease.total_seconds() / 4):
                try:
                    claims.extend(self._job, self._now() + self._lease)
                except DatabaseError:
                    # A long write holds the embedded database: the next beat comes in time, or the job runs twice.
                    log.warning("The lease of job %s could not be extended.", self._job, exc_info=True)
        finally:
            connection.close()
