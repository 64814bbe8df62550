"""Service level agreements (8.3.3)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from gnomon.agreements.fields import TargetsField
from gnomon.agreements.list_fields import LimitsField, PercentagesField
from gnomon.records.fields import MomentField
from gnomon.records.models import Record

THRESHOLDS = (50, 75, 90, 100)


def usual_thresholds() -> list[int]:
    return list(THRESHOLDS)


class ServiceLevelAgreement(Record):
    """What was agreed with a customer about a service: targets, limits, exceptions (8.3.3).

    `targets` is a list of {"priority", "respond_minutes", "resolve_minutes"}; a missing figure is no target.
    `is_default` gives clocks a target where no agreement applies; it proves nothing for 8.3.3.
    """

    service = models.ForeignKey(
        "portfolio.Service",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="agreements",
        verbose_name=_("service"),
    )
    customer = models.ForeignKey(
        "agreements.Customer",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="agreements",
        verbose_name=_("customer"),
    )
    calendar = models.ForeignKey(
        "organization.WorkCalendar",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="agreements",
        verbose_name=_("service hours"),
    )
    effective_from = models.DateField(_("in effect from"), null=True, blank=True)
    effective_to = models.DateField(_("in effect until"), null=True, blank=True)
    customer_agreed_at: MomentField[Any, Any] = MomentField(_("agreed by the customer at"), null=True, blank=True)
    provider_agreed_at: MomentField[Any, Any] = MomentField(_("agreed by us at"), null=True, blank=True)
    targets = TargetsField(_("service level targets"), default=list, blank=True)
    thresholds = PercentagesField(_("thresholds in percent"), default=usual_thresholds, blank=True)
    waiting_pauses_respond = models.BooleanField(_("waiting pauses the time to respond"), default=False)
    waiting_pauses_resolve = models.BooleanField(_("waiting pauses the time to resolve"), default=True)
    workload_limits = LimitsField(_("workload limits"), default=list, blank=True)
    exceptions_stated = models.BooleanField(_("exceptions are stated"), default=False)
    exceptions = models.TextField(_("exceptions"), blank=True)
    is_default = models.BooleanField(_("default where no agreement applies"), default=False)

    class Meta(Record.Meta):
        verbose_name = _("service level agreement")
        constraints = (
            models.UniqueConstraint(
                fields=("is_default",), condition=models.Q(is_default=True, status__in=("drafted", "agreed")),
                name="one_agreement_is_the_default",
            ),
        )  # fmt: skip
