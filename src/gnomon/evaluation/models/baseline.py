"""From when on the limits of a control chart hold (9.1)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gnomon.records.models import Record


class ControlBaseline(Record):
    """Somebody's word that the process runs anew: the limits of a measure are those of these days (9.1).

    `title` says what changed. Until the next baseline, nothing computes the limits again.
    """

    class Step(models.TextChoices):
        WEEK = "week", pgettext_lazy("step", "Week")
        MONTH = "month", pgettext_lazy("step", "Month")

    measure = models.CharField(_("measure"), max_length=60)
    step = models.CharField(pgettext_lazy("of a chart", "step"), max_length=10, choices=Step.choices, default=Step.WEEK)
    start_date = models.DateField(_("first day of the baseline"))
    end_date = models.DateField(_("last day of the baseline"))
    reason = models.TextField(_("why the limits are set anew"), blank=True)

    class Meta(Record.Meta):
        verbose_name = _("control baseline")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(end_date__gte=models.F("start_date")), name="a_baseline_ends_after_it_starts"
            ),
        )
        indexes = (models.Index(fields=("measure", "step"), name="baselines_of_measure"),)
