"""The threads of a test server share one connection in memory, which bears one request at a time."""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock

from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]
_turn = RLock()


def one_at_a_time(get_response: Answer) -> Answer:
    """Middleware: no request begins before the last one is answered."""

    def answer(request: HttpRequest) -> HttpResponse:
        with _turn:
            return get_response(request)

    return answer
