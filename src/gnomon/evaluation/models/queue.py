"""The queue as it stood at an entry, from which processes go on that have not read it yet (8.6.1)."""

from __future__ import annotations

from typing import Any

from django.db import models

from gnomon.records.fields import MomentField


class KeptQueue(models.Model):
    """What is unresolved of a kind, in columns of numbers, up to an entry of the ledger (as `TallyMark` says it).

    No record of anything: it may be thrown away at any time. `states` are those that count as unresolved; at `read_at`
    all of it was read from the records.
    """

    kind = models.CharField(max_length=60, unique=True)
    sequence = models.BigIntegerField()
    digest = models.CharField(max_length=64, blank=True)
    settled = models.BigIntegerField()
    between = models.PositiveIntegerField()
    earlier: models.JSONField[Any, Any] = models.JSONField(default=list)
    states: models.JSONField[Any, Any] = models.JSONField(default=list)
    queue = models.BinaryField()
    read_at: MomentField[Any, Any] = MomentField()

    def __str__(self) -> str:
        return f"{self.kind} up to {self.sequence}"
