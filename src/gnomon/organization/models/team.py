"""A team that records are assigned to."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gnomon.records.models import Record


class Team(Record):
    """A group of people with a lead (5.3); further members have the part `member` in it."""

    lead = models.ForeignKey(
        "organization.Person", on_delete=models.PROTECT, null=True, blank=True,
        related_name="leads", verbose_name=_("lead"),
    )  # fmt: skip
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True,
        related_name="children", verbose_name=_("part of"),
    )  # fmt: skip
    escalates_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True,
        related_name="+", verbose_name=_("escalates to"),
        help_text=_("The team that can go further when this one cannot."),
    )  # fmt: skip
    email = models.EmailField(_("e-mail"), blank=True, default="")

    class Meta(Record.Meta):
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
                name="a_team_is_not_part_of_itself",
            ),
            models.CheckConstraint(
                condition=models.Q(escalates_to__isnull=True) | ~models.Q(escalates_to=models.F("id")),
                name="a_team_does_not_escalate_to_itself",
            ),
        )

    def __str__(self) -> str:
        return self.title
