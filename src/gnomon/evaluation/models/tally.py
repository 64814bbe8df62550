"""What was counted last, from which figures of any period and part of the records are put together (9.1)."""

from __future__ import annotations

from typing import Any

from django.db import models

from gnomon.evaluation.models.place import UpToEntry
from gnomon.records.fields import MomentField


class TalliedColumn(models.Model):
    """One column of the records that count at moments in a stretch of time, as planes (`evaluation.planes`).

    No record of anything: it may be thrown away at any time, and is counted anew. `moment` names the fields that decide
    about the stretch; `version` is another one whenever the stretch is written.
    """

    kind = models.CharField(max_length=60)
    moment = models.CharField(max_length=200)
    stretch = models.IntegerField()
    name = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    version = models.CharField(max_length=16)
    planes = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "moment", "stretch", "name"), name="a_column_of_a_stretch_is_kept_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.moment} {self.stretch} {self.name}: {self.size}"


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
    """Up to which entry of the ledger the records of a kind are counted, and by which definitions.

    `columns` are those of the records that were read for it; `turn` is another one whenever anything was counted.
    """

    definitions: models.JSONField[Any, Any] = models.JSONField(default=dict)
    columns: models.JSONField[Any, Any] = models.JSONField(default=list)
    turn = models.PositiveIntegerField(default=0)
    whole_at: MomentField[Any, Any] = MomentField()
