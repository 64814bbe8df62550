"""Roles, and who answers for what since when (5.3)."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from gnomon.organization.kind_fields import RoleCodeField
from gnomon.records.models import Record


class Role(Record):
    """A role of the service management system; the ten that permissions know carry their codes."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    title_zh = models.CharField(_("title in Chinese"), max_length=120, blank=True, default="")
    description = models.TextField(_("purpose"), blank=True, default="")
    description_zh = models.TextField(_("purpose in Chinese"), blank=True, default="")

    authorities = models.TextField(_("authorities"), blank=True, default="")
    authorities_zh = models.TextField(_("authorities in Chinese"), blank=True, default="")

    based_on = RoleCodeField(
        _("based on"), max_length=40, blank=True, default="", declared=True,
        help_text=_(
            "The role in whose place this one stands; then it can be given to people, and the table of permissions "
            "says what it may do. It never changes."
        ),
    )  # fmt: skip

    class Meta(Record.Meta):
        verbose_name = _("role")
        verbose_name_plural = _("roles")

    def __str__(self) -> str:
        return self.title_zh if self.title_zh and (get_language() or "").startswith("zh") else self.title


class Responsibility(Record):
    """What a person answers for: a role or an authority, for a process or a clause, from one day to another."""

    person = models.ForeignKey(
        "organization.Person", on_delete=models.PROTECT, related_name="responsibilities", verbose_name=_("person")
    )
    role = models.ForeignKey(
        Role, on_delete=models.PROTECT, null=True, blank=True, related_name="responsibilities", verbose_name=_("role")
    )
    authority = models.TextField(_("authority"), blank=True, default="", help_text=_("What this person may decide."))
    process = models.CharField(_("process"), max_length=120, blank=True, default="")
    clause = models.CharField(_("clause"), max_length=20, blank=True, default="", help_text=_("As 8.6.1."))
    since = models.DateField(_("since"), default=timezone.localdate)
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("responsibility")
        verbose_name_plural = _("responsibilities")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="a_responsibility_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=models.Q(role__isnull=False) | ~models.Q(authority=""),
                name="a_responsibility_has_a_role_or_an_authority",
            ),
        )
        indexes = (models.Index(fields=("clause",), name="responsibilities_by_clause"),)
