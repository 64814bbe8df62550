"""Let the worker do what waits, as a test needs it."""

from __future__ import annotations

from datetime import datetime

from gnomon.jobs.worker import Worker


def work(now: datetime | None = None) -> int:
    """Run all jobs that are due, and those that they ask for."""
    worker = Worker() if now is None else Worker(now=lambda: now)
    return worker.drain()
