"""What the jobs app itself does on a schedule."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from gnomon.jobs.actions import prune
from gnomon.standard.plugs import Job


def forget_done_jobs() -> None:
    """Delete jobs that have been done for longer than JOBS_KEPT (two weeks by default)."""
    prune(getattr(settings, "JOBS_KEPT", timedelta(days=14)), datetime.now(UTC))


FORGET_DONE_JOBS = Job(
    "jobs:forget_done", forget_done_jobs, every=timedelta(days=1), title=_("Forget jobs done long ago")
)
