"""Up to which entry of a kind the ledger was read for what is kept beside it."""

from __future__ import annotations

from django.db import models


class UpToEntry(models.Model):
    """What is kept of a kind as the ledger stood at an entry.

    How far it was `settled` then, and what is `between`, says `queries.positions.Place`.
    """

    kind = models.CharField(max_length=60, unique=True)
    sequence = models.BigIntegerField()
    digest = models.CharField(max_length=64, blank=True)
    settled = models.BigIntegerField()
    between = models.PositiveIntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.kind} up to {self.sequence}"
