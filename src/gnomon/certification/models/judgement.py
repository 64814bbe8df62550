"""What a named person confirms where records alone cannot tell."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gnomon.jobs.moments import MomentField
from gnomon.records.models import Record


class Judgement(Record):
    """A person's judgement on a requirement, bound to the evidence that was seen and to an end.

    It no longer counts when its time is over or it is withdrawn; and, where it says that the evidence is
    adequate, when that evidence changes. What is attested rests on the person and the document instead.
    """

    class Verdict(models.TextChoices):
        CONFORMING = "conforming", _("Conforming")
        OBSERVATION = "observation", _("Conforming, with observations")
        NONCONFORMING = "nonconforming", _("Nonconforming")

    requirement = models.CharField(_("requirement"), max_length=20)
    verdict = models.CharField(_("verdict"), max_length=20, choices=Verdict.choices)
    reason = models.TextField(_("reason"))
    judged_at = MomentField(_("judged at"))
    valid_until = MomentField(_("valid until"), blank=True)
    withdrawn_at = MomentField(_("withdrawn at"), null=True, blank=True)
    judge = models.CharField(_("judged by"), max_length=40)
    document = models.ForeignKey(
        "governance.Document", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("document"), help_text=_("A published document that bears it out."),
    )  # fmt: skip
    evidence = models.CharField(_("digest of the evidence"), max_length=64)

    class Meta(Record.Meta):
        verbose_name = _("judgement")
        verbose_name_plural = _("judgements")
        indexes = (models.Index(fields=("requirement", "-judged_at"), name="judgements_by_requirement"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(valid_until__gt=models.F("judged_at")), name="a_judgement_is_valid_for_a_time"
            ),
        )
