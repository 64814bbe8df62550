"""What measures said on a day, kept as it was said (9.1)."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models
from django.utils.translation import gettext as _

from gnomon.records.fields import MomentField


class SnapshotKept(Exception):
    """A snapshot was to be altered or deleted; its text is a sentence."""


class SnapshotQuerySet(models.QuerySet[Any]):
    """Snapshots are added and read; whoever counts anew counts for a day that has none."""

    def update(self, **_values: Any) -> NoReturn:
        raise SnapshotKept(_("A snapshot says what was known when it was taken; it is never altered."))

    def delete(self) -> NoReturn:
        raise SnapshotKept(_("A snapshot says what was known when it was taken; it is never deleted."))


class MeasureSnapshot(models.Model):
    """A measure over one day, or what stood at its end: of all records, or of one value of a dimension.

    `by` names the dimension and `key` the value as lists take it; both are empty for all records. `version` and
    `definition` tell by which definition it was counted, `taken_at` what could be known.
    """

    measure = models.CharField(max_length=60)
    day = models.DateField()
    by = models.CharField(max_length=40, blank=True, default="")
    key = models.CharField(max_length=200, blank=True, default="")
    value = models.FloatField(null=True)
    count = models.PositiveIntegerField(default=0)
    part = models.PositiveIntegerField(null=True)
    median = models.FloatField(null=True)
    p90 = models.FloatField(null=True)
    version = models.PositiveIntegerField()
    definition = models.CharField(max_length=16)
    taken_at: MomentField[Any, Any] = MomentField()

    objects: ClassVar[Any] = SnapshotQuerySet.as_manager()

    class Meta:
        ordering = ("measure", "by", "key", "day")
        constraints = (
            models.UniqueConstraint(fields=("measure", "by", "key", "day"), name="a_day_of_a_measure_is_kept_once"),
        )
        indexes = (models.Index(fields=("day",), name="snapshots_by_day"),)

    def __str__(self) -> str:
        return f"{self.measure} {self.day} {self.by}={self.key}: {self.value}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Only ever once."""
        if not self._state.adding:
            raise SnapshotKept(_("A snapshot says what was known when it was taken; it is never altered."))
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise SnapshotKept(_("A snapshot says what was known when it was taken; it is never deleted."))
