"""Who opens a page does not wait for millions of entries: the question ends in a word that they are being read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_impatient: ContextVar[bool] = ContextVar("impatient", default=False)
MANY = 50_000


class StillReading(Exception):
    """So much has to be read, or judged, that a worker does it; `kind` is whose."""

    def __init__(self, kind: str, judging: bool) -> None:
        super().__init__(kind)
        self.kind, self.judging = kind, judging


@contextmanager
def impatient() -> Iterator[None]:
    """Whatever inside would take long raises StillReading."""
    before = _impatient.set(True)
    try:
        yield
    finally:
        _impatient.reset(before)


def not_for_long(kind: str, count: int, most: int | None = None, *, judging: bool = False) -> None:
    """StillReading when somebody would wait for more than `most`, or than many entries."""
    if count > (MANY if most is None else most) and _impatient.get():
        raise StillReading(kind, judging)
