"""How satisfied the people were whom we served (8.3.2, 8.6.1)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gnomon.records.fields import MomentField
from gnomon.records.models import Record


class SatisfactionRating(Record):
    """What a requester was asked after an incident was closed, and what they answered.

    It stands from when they were asked, so that those who did not answer are counted too.
    """

    class Score(models.IntegerChoices):
        VERY_GOOD = 5, _("Very good")
        GOOD = 4, _("Good")
        FAIR = 3, _("Fair")
        POOR = 2, _("Poor")
        VERY_POOR = 1, _("Very poor")

    incident = models.ForeignKey(
        "resolution.Incident", on_delete=models.PROTECT, related_name="ratings", verbose_name=_("incident")
    )
    requester = models.ForeignKey(
        "organization.Person", on_delete=models.PROTECT, related_name="ratings", verbose_name=_("requester")
    )
    score = models.PositiveSmallIntegerField(_("rating"), choices=Score.choices, null=True, blank=True)
    comment = models.TextField(_("comment"), blank=True, default="")
    asked_at = MomentField(_("asked at"), null=True, blank=True)
    answered_at = MomentField(_("answered at"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("satisfaction rating")
        indexes = (models.Index(fields=("status", "asked_at"), name="ratings_asked"),)
        constraints = (
            models.UniqueConstraint(fields=("incident", "requester"), name="an_incident_is_rated_once_by_a_person"),
            models.CheckConstraint(
                condition=models.Q(score__isnull=True) | models.Q(score__gte=1, score__lte=5),
                name="a_rating_is_from_one_to_five",
            ),
            models.CheckConstraint(
                condition=models.Q(status="answered", score__isnull=False) | ~models.Q(status="answered"),
                name="an_answered_rating_has_a_score",
            ),
        )  # fmt: skip
