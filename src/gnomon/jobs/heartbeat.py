"""Keeps the lease of the running job alive while its body works."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import DatabaseError, connection

from gnomon.jobs import claims
from gnomon.jobs.models import QueuedJob

log = logging.getLogger(__name__)


class Heartbeat:
    """One thread for the life of a worker that extends the leases of what it holds, four times in a lease."""

    def __init__(self, lease: timedelta, now: Callable[[], datetime]) -> None:
        self._lease, self._now = lease, now
        self._held: Sequence[QueuedJob] = ()
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    @contextmanager
    def holding(self, jobs: Sequence[QueuedJob]) -> Iterator[None]:
        """Extend the leases of these jobs until the block ends."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._beat, name="job lease", daemon=True)
            self._thread.start()
        self._held = jobs
        try:
            yield
        finally:
            self._held = ()

    def end(self) -> None:
        """Stop the thread and close its connection."""
        self._over.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self._over.clear()

    def _beat(self) -> None:
        try:
            while not self._over.wait(self._lease.total_seconds() / 4):
                for job in self._held:
                    self._extend(job)
        finally:
            connection.close()

    def _extend(self, job: QueuedJob) -> None:
        try:
            claims.extend(job, self._now() + self._lease)
        except DatabaseError:
            # A long write holds the embedded database: the next beat comes in time, or the job runs twice.
            log.warning("The lease of job %s could not be extended.", job, exc_info=True)
            connection.close()
