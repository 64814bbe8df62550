"""Days as they were counted last, from which figures of long periods are put together (9.1)."""

from __future__ import annotations

from typing import Any

from django.db import models

from gnomon.evaluation.models.place import UpToEntry
from gnomon.records.fields import MomentField


class DayTally(models.Model):
    """How many records of a day count for a series, and what they add up to; no row where there are none.

    No record of anything: it may be thrown away at any time, and is counted anew when what it was counted from changes.
    `by` says the same for each value of some dimensions. `spread` holds each number that a mean is taken of, in order;
    of what began on the day, when it began and when it ended. `ended` of these ended, `last_end` the latest of them.
    """

    series = models.CharField(max_length=80)
    day = models.DateField()
    whole = models.PositiveIntegerField()
    part = models.BigIntegerField()
    by = models.BinaryField(default=b"")
    spread = models.BinaryField(default=b"")
    ended = models.PositiveIntegerField(default=0)
    last_end = models.BigIntegerField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("series", "day"), name="a_day_of_a_series_is_counted_once"),)

    def __str__(self) -> str:
        return f"{self.series} {self.day}: {self.part} of {self.whole}"


class TalliedRecords(models.Model):
    """By which columns some records of a kind that follow one another were counted, so that a change is a difference."""

    kind = models.CharField(max_length=60)
    block = models.BigIntegerField()
    rows = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("kind", "block"), name="a_record_was_counted_by_one_line"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.block}"


class TallyMark(UpToEntry):
    """Up to which entry of the ledger the days of a kind are counted, by which definitions and in which time zone.

    `columns` are those of the records that were read for it; `turn` is another one whenever anything was counted.
    """

    definitions: models.JSONField[Any, Any] = models.JSONField(default=dict)
    columns: models.JSONField[Any, Any] = models.JSONField(default=list)
    zone = models.CharField(max_length=60)
    turn = models.PositiveIntegerField(default=0)
    whole_at: MomentField[Any, Any] = MomentField()
