"""Services (8.2.2)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gnomon.records.models import Record


class Service(Record):
    """Something that customers get, with how badly they would miss it (8.2.2)."""

    class Criticality(models.IntegerChoices):
        CRITICAL = 1, pgettext_lazy("criticality", "Critical")
        HIGH = 2, _("High")
        MEDIUM = 3, _("Medium")
        LOW = 4, _("Low")

    description = models.TextField(_("description"), blank=True)
    criticality = models.PositiveSmallIntegerField(_("criticality"), choices=Criticality.choices, null=True, blank=True)
    in_scope = models.BooleanField(_("in scope of the SMS"), default=True)
    team = models.ForeignKey(
        "organization.Team", on_delete=models.PROTECT, null=True, blank=True,
        related_name="services", verbose_name=_("supporting team"),
    )  # fmt: skip

    class Meta(Record.Meta):
        verbose_name = _("service")
