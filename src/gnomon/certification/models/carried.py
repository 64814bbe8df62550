"""From where the next run may go on; working notes, overwritten by each run, that prove nothing."""

from __future__ import annotations

from django.db import models

from gnomon.certification.models.run import CheckResult
from gnomon.jobs.moments import MomentField


class CarriedResult(models.Model):
    """The newest result of a rule, up to where the ledger had been read for it, and whom time alone will turn.

    `asked_at` is the moment as of which the check was last asked about all records.
    """

    rule = models.CharField(max_length=30, primary_key=True)
    result = models.ForeignKey(CheckResult, on_delete=models.PROTECT, related_name="+")
    as_of = MomentField()
    asked_at = MomentField()
    position = models.BigIntegerField()
    turns = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.rule} up to {self.position}"
