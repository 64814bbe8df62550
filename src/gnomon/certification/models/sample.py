"""A sample that an auditor drew from what a run saw, and the parts that the population had then."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gnomon.certification import numbers
from gnomon.certification.fields import DrawnField, NamedField, StrataField
from gnomon.certification.models.run import ConformityRun, NumberChunk, WrittenOnce
from gnomon.certification.numbers import Numbers
from gnomon.certification.strata import DIMENSIONS
from gnomon.jobs.moments import MomentField
from gnomon.records.models import Record


class Sample(Record):
    """Drawn once and never changed: from the same population, seed and size anybody draws the same numbers.

    `rule` is 0 where the deciding rules of the requirement are taken together. What was found of each record
    stands in the ledger, entry by entry; the two counts follow from there.
    """

    class Part(models.TextChoices):
        SEEN = "seen", _("Records seen")
        LATE = "late", _("Records that were late")
        FAILED = "failed", _("Records that failed")

    class Method(models.TextChoices):
        RANDOM = "random", _("at random")
        STRATIFIED = "stratified", _("in strata")
        ALL = "all", _("all records")
        JUDGEMENT = "judgement", _("by judgement")

    run = models.ForeignKey(
        ConformityRun, on_delete=models.PROTECT, blank=True, related_name="samples", verbose_name=_("conformity run"),
        help_text=_("When empty, the newest that looked at the requirement."),
    )  # fmt: skip
    requirement = models.CharField(_("requirement"), max_length=20)
    rule = models.PositiveSmallIntegerField(
        _("rule"), default=0, help_text=_("0 takes the deciding rules of the requirement together.")
    )
    part = models.CharField(_("drawn from"), max_length=10, choices=Part.choices, default=Part.SEEN)
    method = models.CharField(_("how it is drawn"), max_length=12, choices=Method.choices, default=Method.RANDOM)
    stratified_by = models.CharField(
        _("stratified by"), max_length=20, blank=True, default="",
        choices=[(each.name, each.title) for each in DIMENSIONS.values()],
    )  # fmt: skip
    size = models.PositiveIntegerField(
        _("size"), null=True, blank=True, help_text=_("When empty, the size that is suggested.")
    )
    seed = models.CharField(
        _("seed"), max_length=80, blank=True, default="",
        help_text=_("Best named by the auditor. When empty it is drawn by lot, and stated."),
    )  # fmt: skip
    named = NamedField(
        _("named records"), default=dict, blank=True,
        help_text=_("By judgement: each record with the reason why it was chosen."),
    )  # fmt: skip

    procedure = models.CharField(_("procedure"), max_length=40, blank=True, default="", editable=False)
    population_count = models.PositiveIntegerField(_("population"), default=0, editable=False)
    population_digest = models.CharField(
        _("digest of the population"), max_length=64, blank=True, default="", editable=False
    )
    suggested = models.PositiveIntegerField(_("suggested size"), default=0, editable=False)
    # strata are those of the records as the ledger told them up to here, however long the drawing takes
    position = models.BigIntegerField(_("ledger read up to entry"), null=True, blank=True, editable=False)
    strata = StrataField(_("strata"), default=list, blank=True, editable=False)
    drawn = DrawnField(_("records drawn"), default=list, blank=True, editable=False)
    conclusion = models.TextField(_("conclusion"), blank=True, default="")
    examined_count = models.PositiveIntegerField(pgettext_lazy("sample", "looked at"), default=0, editable=False)
    deviating_count = models.PositiveIntegerField(pgettext_lazy("sample", "do not conform"), default=0, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("sample")
        verbose_name_plural = _("samples")
        indexes = (models.Index(fields=("requirement", "-id"), name="samples_by_requirement"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(size__gte=1, size__lte=models.F("population_count")),
                name="a_sample_is_part_of_its_population",
            ),
            models.CheckConstraint(
                condition=models.Q(examined_count__gte=models.F("deviating_count")),
                name="what_deviates_was_looked_at",
            ),
        )


class Redrawing(models.Model):
    """A sample that a worker is asked to draw again, and what came of it; the newest answer stands."""

    sample = models.OneToOneField(Sample, on_delete=models.CASCADE, related_name="+")
    asked_at = MomentField(_("asked at"))
    answered_at = MomentField(_("answered at"), null=True, blank=True)
    answer = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.sample_id} {self.answered_at}"


class SampleStratum(WrittenOnce):
    """The records of one part of a population when a sample was drawn from it; its digest is in the ledger."""

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=80)
    packed = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("sample", "key"), name="a_sample_has_each_stratum_once"),)

    def __str__(self) -> str:
        return f"{self.sample_id} {self.key}"

    @property
    def numbers(self) -> Numbers:
        packed = bytes(self.packed)
        return numbers.unpack(packed, NumberChunk.contents(numbers.references(packed)))
