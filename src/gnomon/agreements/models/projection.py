"""Where each clock stands, derived from the ledger and rebuildable at any time (8.3.3)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from gnomon.records.fields import MomentField


def _moment() -> MomentField[Any, Any]:
    return MomentField(null=True)


class ClockProjection(models.Model):
    """One clock of one record."""

    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=40)
    name = models.CharField(_("clock"), max_length=20)
    state = models.CharField(max_length=20)
    started_at = _moment()
    stopped_at = _moment()
    elapsed_seconds = models.BigIntegerField(default=0)
    target_seconds = models.BigIntegerField(null=True)
    due_at = _moment()
    breached_at = _moment()
    met = models.BooleanField(null=True)
    next_threshold = models.PositiveSmallIntegerField(null=True)
    next_threshold_at = _moment()
    entry = models.BigIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("number", "name"), name="one_clock_of_a_name"),)
        indexes = (
            models.Index(
                fields=("next_threshold_at",), name="clock_thresholds",
                condition=models.Q(next_threshold_at__isnull=False),
            ),
        )  # fmt: skip
