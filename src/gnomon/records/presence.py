"""Who looks at or edits a record now: said by the pages that refresh themselves, forgotten when they fall silent."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import OperationalError, connection
from django.utils import timezone

from gnomon.records.kinds import Kind
from gnomon.records.memory import Memory
from gnomon.records.models import Presence
from gnomon.records.queries.people import names_of
from gnomon.standard.plugs import Actor

SAID_EVERY = 20.0  # seconds; an open page asks far more often than it needs to write
HOLDS_FOR = timedelta(seconds=30)
PATIENCE = 100  # milliseconds that a page waits for another writer before it leaves its presence unsaid


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else at a record."""

    name: str
    editing: bool


# (number, person, editing) → when this process said so last. Every process says it for itself.
_said: Memory[tuple[str, str, bool], float] = Memory(4096)


def note_presence(kind: Kind, number: str, person: Actor, *, editing: bool = False) -> None:
    """Say that a person is at a record; written now and then only, and never waited for."""
    key, now = (number, person.number, editing), time.monotonic()
    last = _said.get(key)
    if last is not None and now - last < SAID_EVERY:
        return
    _said.drop((number, person.number, not editing))
    _said.put(key, now)
    row = Presence(kind=kind.name, number=number, person=person.number, editing=editing, seen_at=timezone.now())
    try:
        with _little_patience():
            Presence.objects.bulk_create(
                [row], update_conflicts=True, unique_fields=["number", "person"],
                update_fields=["kind", "editing", "seen_at"],
            )  # fmt: skip
    except OperationalError:
        _said.drop(key)  # somebody writes at length; the next question says it


@contextmanager
def _little_patience() -> Iterator[None]:
    """Do not let a page stand behind a long import: the embedded database has one writer at a time."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    usual = connection.connection.execute("PRAGMA busy_timeout").fetchone()[0]
    connection.connection.execute(f"PRAGMA busy_timeout={PATIENCE}")
    try:
        yield
    finally:
        connection.connection.execute(f"PRAGMA busy_timeout={usual}")


Present = Sequence[tuple[str, str, bool]]


def present(kind: Kind, but: Actor, number: str = "") -> Present:
    """Number, person and whether they edit, of all others at records of a kind, or at one of them."""
    since = timezone.now() - HOLDS_FOR
    known = Presence.objects.filter(kind=kind.name, seen_at__gt=since).exclude(person=but.number)
    if number:
        known = known.filter(number=number)
    return list(known.order_by("number", "person").values_list("number", "person", "editing"))


def mark_of(found: Present) -> str:
    """Changes when somebody comes, goes, or begins to edit; not when they merely stay."""
    return f"{zlib.crc32(repr(found).encode()):x}" if found else "0"


def others_at(found: Present) -> dict[str, list[Other]]:
    """Number → who else is there, by name; one query for all of them, none when nobody is."""
    names: dict[str, Any] = names_of(person for _number, person, _editing in found) if found else {}
    others: dict[str, list[Other]] = {}
    for number, person, editing in found:
        others.setdefault(number, []).append(Other(str(names[person]), editing))
    return others


def forget_the_gone() -> None:
    """Delete what was said long ago."""
    Presence.objects.filter(seen_at__lt=timezone.now() - timedelta(hours=1)).delete()
