"""Where each clock stands, derived from the ledger and rebuildable at any time (8.3.3)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from gnomon.records.fields import MomentField


def _moment() -> MomentField[Any, Any]:
    return MomentField(null=True)


class ClockProjection(models.Model):
    """One clock of one record, as it stood at the last happening that it heeds.

    Nothing here depends on when it was written, so a rebuild gives the same row. What passing time alone
    changes is a comparison: a clock is late when `breached_at` is set or `late_after` lies in the past.
    `met` is the verdict of a stopped clock. `next_threshold_at` is when the next share of the target is
    reached that nobody was told of.
    """

    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=40)
    name = models.CharField(_("clock"), max_length=20)
    state = models.CharField(max_length=20)
    started_at = _moment()
    stopped_at = _moment()
    elapsed_seconds = models.BigIntegerField(default=0)
    target_seconds = models.BigIntegerField(null=True)
    due_at = _moment()
    late_after = _moment()
    breached_at = _moment()
    met = models.BooleanField(null=True)
    next_threshold = models.PositiveSmallIntegerField(null=True)
    next_threshold_at = _moment()
    # the versions it was read with
    sla = models.CharField(max_length=40, default="")
    sla_version = models.PositiveIntegerField(null=True)
    calendar_version = models.PositiveIntegerField(null=True)
    entry = models.BigIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("number", "name"), name="one_clock_of_a_name"),)
        indexes = (
            models.Index(
                fields=("next_threshold_at",), name="clock_thresholds",
                condition=models.Q(next_threshold_at__isnull=False),
            ),
            models.Index(
                fields=("sla",), name="open_clocks_of_agreement",
                condition=models.Q(state__in=("running", "paused", "no_target")),
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number} {self.name} {self.state}"


class ThresholdReached(models.Model):
    """A share of a target that was reached and told of, once for each record, clock and percentage."""

    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=40)
    name = models.CharField(_("clock"), max_length=20)
    percent = models.PositiveSmallIntegerField(_("percent"))
    reached_at = MomentField(_("reached at"))
    told_at = MomentField(_("told at"))

    class Meta:
        constraints = (models.UniqueConstraint(fields=("number", "name", "percent"), name="a_threshold_is_told_once"),)
        indexes = (models.Index(fields=("kind", "reached_at"), name="thresholds_by_moment"),)

    def __str__(self) -> str:
        return f"{self.number} {self.name} {self.percent} %"
