"""Record numbers: a prefix and a counter, never reused."""

from __future__ import annotations

from django.db import models

from gnomon.jobs.asking import rows_of


class Numbering(models.Model):
    """The last number given out for a prefix."""

    prefix = models.CharField(max_length=12, primary_key=True)
    last = models.BigIntegerField(default=0)

    @classmethod
    def take(cls, prefix: str, count: int = 1) -> int:
        """Reserve `count` numbers and return the first; part of the caller's transaction."""
        taken = rows_of(
            "INSERT INTO records_numbering (prefix, last) VALUES (%s, %s) "
            "ON CONFLICT (prefix) DO UPDATE SET last = records_numbering.last + excluded.last RETURNING last",
            [prefix, count],
        )
        last: int = taken[0][0]
        return last - count + 1


def number_text(prefix: str, counter: int) -> str:
    """`INC`, 42 → `INC-000042`."""
    return f"{prefix}-{counter:06d}"
