"""“Nothing new” for pages that refresh themselves, answered before anything else is done for a request.

A page asks every few seconds, and a hundred agents make forty questions a second of it. Whoever was let in a
moment ago is told that nothing is new without being looked up again: that tells them nothing of a record.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from gnomon.records.memory import Memory
from gnomon.records.models import LedgerEntry

TRUSTED_FOR = 15.0  # seconds; whoever was signed out meanwhile hears “nothing new” for no longer than that
SLOT = 60  # seconds; a page shows clocks and ages, which go on by themselves

Mark = Callable[[HttpRequest], str]
Answer = Callable[[HttpRequest], HttpResponse]
_watched: Memory[tuple[str, str, str], tuple[float, Mark]] = Memory(4096)


def answers_the_unchanged(get_response: Answer) -> Answer:
    """Middleware: 304 for a watched page whose mark is still that of the ETag it was given."""

    def answer(request: HttpRequest) -> HttpResponse:
        tag = request.META.get("HTTP_IF_NONE_MATCH", "")
        if not tag or "HTTP_HX_REQUEST" not in request.META:
            return get_response(request)
        until, mark = _watched.get(_key(request)) or (0.0, None)
        if mark is not None and time.monotonic() < until and tag.startswith(f'"{mark(request)}.'):
            return HttpResponse(status=304, headers={"ETag": tag})
        return get_response(request)

    return answer


def watch(request: HttpRequest, mark: Mark) -> None:
    """Remember that this session may ask for this page, and what tells whether it has changed."""
    key = _key(request)
    if not key[0]:  # no session, nobody to remember
        return
    _watched.put(key, (time.monotonic() + TRUSTED_FOR, mark))


def newest_entry(kind_name: str | None = None) -> int:
    """The newest entry of a kind, or of all: one look into an index, by hand because it is asked so often."""
    table = connection.ops.quote_name(LedgerEntry._meta.db_table)
    of_kind, given = ("", []) if kind_name is None else (" WHERE kind = %s", [kind_name])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT MAX(sequence) FROM {table}{of_kind}", given)
        found = cursor.fetchone()
    return int(found[0] or 0)


def slot() -> int:
    """The minute."""
    return int(time.time() // SLOT)


def _key(request: HttpRequest) -> tuple[str, str, str]:
    return (
        request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""),
        request.get_full_path(),
        request.META.get("HTTP_HX_TARGET", ""),
    )
