"""Let the worker do what waits, as a test needs it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from gnomon.governance import notices
from gnomon.jobs.worker import Worker
from gnomon.records.models import Record
from gnomon.standard.plugs import Notice, Says


def work(now: datetime | None = None) -> int:
    """Run all jobs that are due, and those that they ask for."""
    worker = Worker() if now is None else Worker(now=lambda: now)
    return worker.drain()


def tell(
    people: Iterable[str], *, about: Record | None, what: str, title: Says, urgent: bool = False, links: Any = (),
    **more: Any,
) -> None:  # fmt: skip
    """Tell people of something that no app declares."""
    notice = Notice("" if about is None else "*", "", title, what=what, urgent=urgent, links=tuple(links))
    notices.tell(people, notice, about=about, **more)
