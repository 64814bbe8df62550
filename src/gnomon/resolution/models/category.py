"""What incidents are about, as a tree of two steps that people keep (8.6.1 a)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gnomon.records.models import Record


class Category(Record):
    """A category, or a subcategory of one; the title is its English name, and what incidents hold.

    Incidents hold the words and not the row, so that history that was brought along keeps its own.
    """

    title_zh = models.CharField(_("Chinese title"), max_length=120, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="subcategories",
        verbose_name=_("part of category"),
    )  # fmt: skip
    service = models.ForeignKey(
        "portfolio.Service", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("usual service"),
    )  # fmt: skip
    team = models.ForeignKey(
        "organization.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("usual team"),
    )  # fmt: skip

    class Meta(Record.Meta):
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        # Two rules, for SQLite takes two empty parents for two different ones.
        constraints = (
            models.UniqueConstraint(
                fields=("title",), condition=models.Q(status="in_use", parent__isnull=True),
                name="a_category_in_use_has_a_title_of_its_own",
            ),
            models.UniqueConstraint(
                fields=("title", "parent"), condition=models.Q(status="in_use", parent__isnull=False),
                name="a_subcategory_in_use_has_a_title_of_its_own",
            ),
        )  # fmt: skip
