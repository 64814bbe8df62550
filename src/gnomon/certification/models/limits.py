"""Numbers that the organization sets for itself; the standard sets none."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gnomon.jobs.moments import MomentField
from gnomon.records.models import Record


class Since(Record):
    """Something in force from a moment until it is withdrawn; the newest one in force counts."""

    since = MomentField(_("in force since"), blank=True)
    withdrawn_at = MomentField(_("withdrawn at"), null=True, blank=True)

    class Meta(Record.Meta):
        abstract = True


class RuleLimit(Since):
    """The organization's own limits of one evidence rule, in place of the catalogue's."""

    requirement = models.CharField(_("requirement"), max_length=20)
    rule = models.PositiveSmallIntegerField(_("rule"), default=1)
    values = models.JSONField(_("limits"), default=list, blank=True)
    share = models.DecimalField(_("share that must hold (%)"), max_digits=5, decimal_places=2, null=True, blank=True)

    class Meta(Since.Meta):
        verbose_name = _("own limit")
        verbose_name_plural = _("own limits")
        indexes = (models.Index(fields=("requirement", "rule", "-since"), name="limits_by_rule"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(share__isnull=True) | models.Q(share__gt=0, share__lte=100),
                name="a_share_is_a_part_of_a_hundred",
            ),
        )


class PlannedActivity(Since):
    """How often the organization planned to repeat an activity."""

    activity = models.CharField(_("activity"), max_length=60)
    days = models.PositiveIntegerField(_("every (days)"))
    tolerance_days = models.PositiveIntegerField(_("tolerance (days)"), default=0)

    class Meta(Since.Meta):
        verbose_name = _("planned activity")
        verbose_name_plural = _("planned activities")
        indexes = (models.Index(fields=("activity", "-since"), name="plans_by_activity"),)
        constraints = (models.CheckConstraint(condition=models.Q(days__gt=0), name="a_planned_activity_comes_round"),)


class Operation(Since):
    """Since when the management system is in operation: no recurring record is due before its interval has passed."""

    class Meta(Since.Meta):
        verbose_name = _("operation of the management system")
        verbose_name_plural = _("operation of the management system")
