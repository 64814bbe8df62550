"""What is monitored and measured, and the results kept (9.1)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from gnomon.records.fields import MomentField
from gnomon.records.models import Record


class MonitoringRequirement(Record):
    """What is measured, how, how often, and when it is analysed (9.1 a–d); `title` says what."""

    class Subject(models.TextChoices):
        SMS = "sms", _("Service management system")
        SERVICE = "service", _("Service")
        PROCESS = "process", _("Process")
        SUPPLIER = "supplier", _("Supplier")

    subject = models.CharField(_("subject"), max_length=10, choices=Subject.choices, default=Subject.PROCESS)
    measure = models.CharField(
        _("measure"),
        max_length=60,
        blank=True,
        help_text=_("Name of a measure that is computed from the records, as incident_mttr; empty when taken by hand."),
    )
    method = models.TextField(_("method"), blank=True)
    measure_frequency_days = models.PositiveIntegerField(_("measured every … days"), default=30)
    analysis_frequency_days = models.PositiveIntegerField(_("analysed every … days"), default=30)

    class Meta(Record.Meta):
        verbose_name = _("monitoring requirement")


class MeasurementResult(Record):
    """A result that is kept, with its analysis (9.1); `title` names requirement and period."""

    requirement = models.ForeignKey(
        "evaluation.MonitoringRequirement",
        on_delete=models.PROTECT,
        related_name="results",
        verbose_name=_("monitoring requirement"),
    )
    period_start = models.DateField(_("from"))
    period_end = models.DateField(_("until"))
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=4, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    counted = models.PositiveIntegerField(_("records counted"), default=0)
    analysed_at: MomentField[Any, Any] = MomentField(_("analysed at"), null=True, blank=True)
    evaluation = models.TextField(_("evaluation"), blank=True)

    class Meta(Record.Meta):
        verbose_name = _("measurement result")
        constraints = (
            models.UniqueConstraint(
                fields=("requirement", "period_start", "period_end"), name="one_result_for_each_period"
            ),
        )  # fmt: skip
