"""Customers (8.3.2)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gnomon.records.models import Record


class Customer(Record):
    """An organisation, or a part of one, that receives services (8.3.2)."""

    contact = models.ForeignKey(
        "organization.Person", on_delete=models.PROTECT, null=True, blank=True,
        related_name="+", verbose_name=_("contact"),
    )  # fmt: skip
    needs = models.TextField(_("needs and expectations"), blank=True)

    class Meta(Record.Meta):
        verbose_name = _("customer")
