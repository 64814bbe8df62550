"""What the ground floor does on a schedule."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from gnomon.records.ledger.seal import seal_ledger
from gnomon.standard.plugs import Job


def seal() -> None:
    seal_ledger()


def sweep() -> None:
    """Take in what a very long transaction committed among entries sealed long ago (PostgreSQL)."""
    seal_ledger(sweep=True)


SEAL = Job("records:seal", seal, every=timedelta(minutes=1), title=_("Seal the ledger"))
SWEEP = Job("records:sweep", sweep, every=timedelta(days=1), title=_("Seal what was left behind"))
