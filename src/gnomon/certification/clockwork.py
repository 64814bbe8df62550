"""What certification does on a schedule."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from gnomon.certification.actions.run import run_checks
from gnomon.certification.queries.stored import newest_run
from gnomon.records.actors import SYSTEM
from gnomon.standard.plugs import Job

NIGHTLY = timedelta(days=1)
# A job may run twice; a second run so soon after the first would say the same again.
SOON = timedelta(hours=1)


def check_everything() -> None:
    """Ask every evidence check about all records as of now, and keep the verdicts (9.1)."""
    now = datetime.now(UTC)
    newest = newest_run(now)
    if newest is None or now - newest.started_at > SOON:
        run_checks(by=SYSTEM, full=True)


CHECK_EVERYTHING = Job("certification:check_everything", check_everything, every=NIGHTLY, title=_("Check conformity"))
