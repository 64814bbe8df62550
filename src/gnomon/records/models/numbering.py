"""Record numbers: a prefix and a counter, never reused."""

from __future__ import annotations

from typing import Any

from django.db import models

from gnomon.jobs.asking import rows_of, this_connection


class Numbering(models.Model):
    """The last number given out for a prefix."""

    prefix = models.CharField(max_length=12, primary_key=True)
    last = models.BigIntegerField(default=0)

    @classmethod
    def take(cls, prefix: str, count: int = 1) -> int:
        """Reserve `count` numbers and return the first; part of the caller's transaction."""
        last: int = rows_of(f"{_TAKE} RETURNING last", [prefix, count], often=True)[0][0]
        return last - count + 1

    @classmethod
    def take_with(cls, prefix: str, told: str) -> tuple[int, Any]:
        """The next number, and the value of an expression beside it: one statement of those that others wait for."""
        number, value = rows_of(f"{_TAKE} RETURNING last, {told}", [prefix, 1], often=True)[0]
        return number, value

    @classmethod
    def take_ahead(cls, prefix: str, told: str) -> tuple[int, Any] | None:
        """The same before the transaction begins that uses it, where several can write at once: else each would wait
        until the one before is on the disk. A number whose transaction fails then is nobody's."""
        if this_connection().vendor != "postgresql":
            return None
        # It need not wait for the disk: what uses the number does, and comes after it there.
        number, value, _off = rows_of(f"{_TAKE} RETURNING last, {told}, {_NO_WAIT}", [prefix, 1], often=True)[0]
        return number, value


_TAKE = (
    "INSERT INTO records_numbering (prefix, last) VALUES (%s, %s) "
    "ON CONFLICT (prefix) DO UPDATE SET last = records_numbering.last + excluded.last"
)
_NO_WAIT = "set_config('synchronous_commit', 'off', true)"  # for this one transaction


def number_text(prefix: str, counter: int) -> str:
    """`INC`, 42 → `INC-000042`."""
    return f"{prefix}-{counter:06d}"
