"""Millions of entries are read by a worker; who opens a page meanwhile is told so."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gnomon.records.patience import not_yet, somebody_waits
from gnomon.records.refusals import NotYet

MANY = 50_000


class StillReading(NotYet):
    """So much has to be read, or judged, that a worker does it; `kind` is whose."""

    def __init__(self, kind: str, judging: bool) -> None:
        super().__init__(_("Very much is read for this the first time. A worker does so; look again in a moment."))
        self.kind, self.judging = kind, judging


def not_for_long(kind: str, count: int, most: int | None = None, *, judging: bool = False) -> None:
    """StillReading when somebody would wait for more than `most`, or than many entries."""
    if somebody_waits() and count > (MANY if most is None else most):
        from gnomon.evaluation.actions.reading import ask_for_reading

        still = StillReading(kind, judging)
        not_yet(still, lambda: ask_for_reading(still))
