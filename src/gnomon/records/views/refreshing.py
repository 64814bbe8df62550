"""The rows of a list, kept as they were drawn: for those who watch it, and for whoever opens it next."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils import timezone, translation
from django.utils.safestring import SafeString

from gnomon.records.definitions import acting, reading
from gnomon.records.kinds import Kind, kind_of
from gnomon.records.memory import Memory
from gnomon.records.permissions import may
from gnomon.records.presence import Present, mark_of, present
from gnomon.records.views.finding import is_staff
from gnomon.records.watching import newest_entry, slot
from gnomon.standard.plugs import Actor
from gnomon.ui.render import wanted

PERSONAL = {"me", "mine"}
_TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]*(")')


class Kept(NamedTuple):
    """What was drawn under a key: the digest of what it shows, the rows, or None while nobody needed them, and the first."""

    digest: str
    rows: SafeString | None = None
    first: str = ""


_sent: Memory[tuple[Any, ...], Kept] = Memory(64)


def list_mark(kind: Kind, person: Actor) -> tuple[str, Present]:
    """Changes whenever a record of the kind does, or somebody comes or goes; and who is there, for staff."""
    found = present(kind, person) if may(person, "read", kind) else []
    return f"{newest_entry(kind.name)}.{mark_of(found)}.{slot()}", found


def digest_of(records: Sequence[Any], total: str, rest: str) -> str:
    """What a page of a list shows, shortly: which records in which state, how many, and `rest`."""
    shown = ",".join(f"{record.number}:{record.version}" for record in records)
    return f"{zlib.crc32(f'{shown}|{total}|{rest}'.encode()):x}"


def tag_of(mark: str, digest: str) -> str:
    return f'"{mark}.{digest}"'


def kept_rows(request: HttpRequest, key: tuple[Any, ...]) -> Kept | None:
    """What was drawn under this key, with the token of whoever asks now."""
    kept = _sent.get(key)
    if kept is None or kept.rows is None:
        return kept
    own = _TOKEN.sub(rf"\g<1>{get_token(request)}\g<2>", kept.rows)
    return kept._replace(rows=SafeString(own))


def keep(key: tuple[Any, ...], kept: Kept) -> None:
    _sent.put(key, kept)


def forget_rows() -> None:
    """Draw all lists anew."""
    _sent.cache_clear()


def had(request: HttpRequest, digest: str) -> bool:
    """Whether the watcher already has a page with this digest."""
    asked = request.headers.get("If-None-Match", "")
    return "HX-Request" in request.headers and asked.endswith(f'.{digest}"')


def unchanged(mark: str, digest: str) -> HttpResponse:
    """Nothing new is shown, though something happened; the new tag makes the next question cheap again."""
    return HttpResponse(status=304, headers={"ETag": tag_of(mark, digest)})


def shared_key(request: HttpRequest, kind: Kind, person: Any, names: Sequence[str], mark: str) -> tuple[Any, ...]:
    """Those for whom the rows of a list are the same, at one moment.

    What refreshes itself follows the entries of its kind. Whoever opens the page sees all that it names as it is now:
    a team renamed, a clock of another policy.
    """
    follows = mark if wanted(request) == "rows" else f"{mark}.{newest_entry()}"
    values = {value for values in request.GET.lists() for value in values[1]}
    roles = tuple(sorted(person.roles))
    alike = is_staff(request, kind) and not values & PERSONAL and sees_all_that_it_names(kind, roles, reading())
    return (
        kind.name, request.get_full_path(), tuple(names), translation.get_language(), str(timezone.get_current_timezone()),
        roles, "" if alike else person.number, follows,
    )  # fmt: skip


@lru_cache(maxsize=256)
def sees_all_that_it_names(kind: Kind, roles: tuple[str, ...], _read: tuple[int, int] = (0, 0)) -> bool:
    """Whether people of these roles read every kind that records of this one refer to."""
    related: set[Any] = {
        field.related_model for field in kind.model._meta.concrete_fields if isinstance(field, models.ForeignKey)
    }
    try:
        return all(not acting(roles).isdisjoint(kind_of(model).holders("read")) for model in related)
    except LookupError:  # something that is no record: who may see it is not ours to say
        return False
