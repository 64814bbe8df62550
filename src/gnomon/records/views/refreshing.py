"""Lists that refresh themselves: what is sent to one watcher is kept for the others who see the same."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils import timezone, translation

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
# What was sent under a key: the digest of what it shows, and the HTML, or None while nobody needed it.
_sent: Memory[tuple[Any, ...], tuple[str, str | None]] = Memory(64)


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


def kept_answer(request: HttpRequest, key: tuple[Any, ...] | None, mark: str) -> HttpResponse | None:
    """What another watcher was sent under this key, or that nothing is new; None when it must be made."""
    digest, html = (_sent.get(key) if key is not None else None) or ("", None)
    if not digest:
        return None
    if had(request, digest):
        return unchanged(mark, digest)
    if html is None:
        return None
    token = get_token(request)
    return HttpResponse(_TOKEN.sub(rf"\g<1>{token}\g<2>", html), headers={"ETag": tag_of(mark, digest)})


def keep(key: tuple[Any, ...] | None, digest: str, html: str | None) -> None:
    if key is not None:
        _sent.put(key, (digest, html))


def had(request: HttpRequest, digest: str) -> bool:
    """Whether the watcher already has a page with this digest."""
    asked = request.headers.get("If-None-Match", "")
    return "HX-Request" in request.headers and asked.endswith(f'.{digest}"')


def unchanged(mark: str, digest: str) -> HttpResponse:
    """Nothing new is shown, though something happened; the new tag makes the next question cheap again."""
    return HttpResponse(status=304, headers={"ETag": tag_of(mark, digest)})


def shared_key(
    request: HttpRequest, kind: Kind, person: Any, names: Sequence[str], mark: str
) -> tuple[Any, ...] | None:
    """Those for whom the rows of a list are the same, at one moment; None when they are not refreshed."""
    if wanted(request) != "rows":
        return None
    values = {value for values in request.GET.lists() for value in values[1]}
    roles = tuple(sorted(person.roles))
    alike = is_staff(request, kind) and not values & PERSONAL and sees_all_that_it_names(kind, roles)
    return (
        kind.name, request.get_full_path(), tuple(names), translation.get_language(), str(timezone.get_current_timezone()),
        roles, "" if alike else person.number, mark,
    )  # fmt: skip


@lru_cache(maxsize=256)
def sees_all_that_it_names(kind: Kind, roles: tuple[str, ...]) -> bool:
    """Whether people of these roles read every kind that records of this one refer to."""
    related: set[Any] = {
        field.related_model for field in kind.model._meta.concrete_fields if isinstance(field, models.ForeignKey)
    }
    try:
        return all(not set(kind_of(model).holders("read")).isdisjoint(roles) for model in related)
    except LookupError:  # something that is no record: who may see it is not ours to say
        return False
