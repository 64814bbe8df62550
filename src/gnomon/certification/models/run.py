"""Runs of the evidence checks and what they found; written once, never altered, never pruned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gnomon.certification import numbers
from gnomon.certification.numbers import Numbers
from gnomon.certification.verdicts import Reason, Status
from gnomon.jobs.moments import MomentField
from gnomon.records.models import Record
from gnomon.standard.plugs import Limit

STATUSES = [(status.value, status.value) for status in Status]
REASONS = [(reason.value, reason.value) for reason in Reason]


class Method(models.TextChoices):
    """How a run came to know what it says; what it says is the same either way."""

    FULL = "full", _("every record asked")
    AMENDED = "amended", _("an earlier run amended")


class ConformityRun(Record):
    """One examination of the records at one moment; its digest, in the ledger, seals the results below it."""

    as_of = MomentField(_("as of"))
    clause = models.CharField(_("clause"), max_length=20, blank=True, default="")
    started_at = MomentField(_("started at"))
    finished_at = MomentField(_("finished at"))
    engine = models.CharField(_("engine version"), max_length=40)
    edition = models.CharField(_("catalogue"), max_length=40)
    digest = models.CharField(_("digest of the results"), max_length=64)
    counts = models.JSONField(_("verdicts"), default=dict)
    method = models.CharField(_("how it was made"), max_length=10, choices=Method.choices, default=Method.FULL)
    amends = models.CharField(_("amends"), max_length=40, blank=True, default="")
    position = models.BigIntegerField(_("ledger read up to entry"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("conformity run")
        verbose_name_plural = _("conformity runs")
        indexes = (models.Index(fields=("as_of", "id"), name="runs_by_moment"),)


class OnlyAddedTo(models.QuerySet[Any]):
    """Rows that are evidence cannot be changed or deleted in bulk either."""

    def update(self, **_facts: Any) -> int:
        raise TypeError(f"{self.model.__name__} is evidence and is never changed; make a new run.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError(f"{self.model.__name__} is evidence and is never deleted.")


class WrittenOnce(models.Model):
    """A row that is evidence: saved once, then neither changed nor deleted."""

    objects: ClassVar[Any] = OnlyAddedTo.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError(f"{type(self).__name__} is evidence and is never changed; make a new run.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError(f"{type(self).__name__} is evidence and is never deleted.")


class NumberChunk(models.Model):
    """A part of one or many populations, kept once under the digest of its content."""

    digest = models.CharField(max_length=64, primary_key=True)
    packed = models.BinaryField()

    def __str__(self) -> str:
        return self.digest

    @classmethod
    def contents(cls, digests: Iterable[str]) -> dict[str, bytes]:
        """What is kept under these digests."""
        wanted, found = sorted(digests), dict[str, bytes]()
        for start in range(0, len(wanted), 500):
            rows = cls.objects.filter(digest__in=wanted[start : start + 500]).values_list("digest", "packed")
            found |= {digest: bytes(packed) for digest, packed in rows}
        return found

    @classmethod
    def keep(cls, chunks: Mapping[str, bytes]) -> None:
        """Keep what is not kept yet."""
        present = cls.contents(chunks)
        missing = [NumberChunk(digest=digest, packed=chunks[digest]) for digest in chunks.keys() - present.keys()]
        # Another run may keep the same content at the same time; one of the two is enough.
        NumberChunk.objects.bulk_create(missing, ignore_conflicts=True)


class CheckResult(WrittenOnce):
    """What one check of one rule saw in a run: its exact population, and which records deviated."""

    run = models.ForeignKey(ConformityRun, on_delete=models.PROTECT, related_name="checks")
    requirement = models.CharField(max_length=20)
    rule = models.PositiveSmallIntegerField()
    check_version = models.PositiveIntegerField()
    period_start = MomentField()
    period_end = MomentField()
    threshold = models.CharField(max_length=40)
    limits = models.JSONField(default=list)
    seen = models.PositiveIntegerField()
    population_digest = models.CharField(max_length=64)
    packed_population = models.BinaryField()
    late_count = models.PositiveIntegerField()
    late_digest = models.CharField(max_length=64, default="")
    packed_late = models.BinaryField()
    failed_count = models.PositiveIntegerField()
    failed_digest = models.CharField(max_length=64, default="")
    packed_failed = models.BinaryField()
    # how many records were asked about again; empty when the check was asked about all
    asked = models.PositiveIntegerField(null=True)
    groups = models.JSONField(null=True)
    status = models.CharField(max_length=20, choices=STATUSES)
    reason = models.CharField(max_length=30, choices=REASONS)
    error = models.TextField(blank=True, default="")
    seconds = models.FloatField()

    class Meta:
        ordering = ("requirement", "rule")
        constraints = (
            models.UniqueConstraint(fields=("run", "requirement", "rule"), name="a_run_checks_each_rule_once"),
            models.CheckConstraint(
                condition=models.Q(seen__gte=models.F("late_count") + models.F("failed_count")),
                name="late_and_failed_records_were_seen",
            ),
        )

    def __str__(self) -> str:
        return f"{self.requirement}/{self.rule} {self.status}"

    @property
    def population(self) -> Numbers:
        return self._unpacked(self.packed_population)

    @property
    def late(self) -> Numbers:
        return self._unpacked(self.packed_late)

    @property
    def failed(self) -> Numbers:
        return self._unpacked(self.packed_failed)

    def _unpacked(self, packed: bytes | memoryview) -> Numbers:
        return numbers.unpack(bytes(packed), NumberChunk.contents(numbers.references(bytes(packed))))

    @property
    def limits_used(self) -> tuple[Limit, ...]:
        return tuple(Limit(value, unit) for value, unit in self.limits)


class RequirementResult(WrittenOnce):
    """The verdict on one requirement in a run, with the counts of its deciding checks."""

    run = models.ForeignKey(ConformityRun, on_delete=models.PROTECT, related_name="requirements")
    requirement = models.CharField(max_length=20)
    status = models.CharField(max_length=20, choices=STATUSES)
    reason = models.CharField(max_length=30, choices=REASONS)
    seen = models.PositiveIntegerField()
    late_count = models.PositiveIntegerField()
    failed_count = models.PositiveIntegerField()
    judgement = models.CharField(max_length=40, blank=True, default="")
    evidence = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("run", "requirement"), name="a_run_judges_each_requirement_once"),
        )
        indexes = (models.Index(fields=("requirement", "run"), name="verdicts_of_requirement"),)

    def __str__(self) -> str:
        return f"{self.requirement} {self.status}"
