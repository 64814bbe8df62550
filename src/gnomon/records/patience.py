"""Who opens a page does not wait for long work: the request ends in a word that it is being done, and a worker does it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NoReturn

from django.http import HttpRequest, HttpResponse

from gnomon.records.refusals import NotYet

# What would have taken long, where somebody waits; None where nobody does.
_impatient: ContextVar[list[Callable[[], object]] | None] = ContextVar("impatient", default=None)


def nobody_waits(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: whatever would take long within a request raises NotYet; commands and workers wait."""

    def answer(request: HttpRequest) -> HttpResponse:
        with impatient():
            return get_response(request)

    return answer


@contextmanager
def impatient() -> Iterator[None]:
    """Whatever inside would take long raises NotYet; a worker is asked at the end.

    At the end, because what raises takes the writes of every transaction with it that is open where it is raised.
    """
    asked: list[Callable[[], object]] = []
    before = _impatient.set(asked)
    try:
        yield
    finally:
        _impatient.reset(before)
        for ask in asked:
            ask()


def somebody_waits() -> bool:
    """Whether this is within a request, where nothing may take long."""
    return _impatient.get() is not None


def not_yet(refused: NotYet, ask: Callable[[], object]) -> NoReturn:
    """Refuse for now, and ask a worker: at the end, where somebody waits."""
    asked = _impatient.get()
    if asked is None:
        ask()
    else:
        asked.append(ask)
    raise refused
