"""The ledger of a kind as an object-centric event log in each format of OCEL 2.0, people under pseudonyms."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import models

from gnomon.integrations.object_log_forms import FORMS, OBJECT_LOG
from gnomon.integrations.told import TOLD, Event, courses
from gnomon.records.imports.object_logs.staged import EVENT, OBJECT, STRING, Happened, Staged, Thing
from gnomon.records.kinds import Kind, kind_of
from gnomon.records.models import Record
from gnomon.records.showing import field_named
from gnomon.standard.plugs import Actor

PERSON, DID = "person", "did"


def object_log(
    kind: Kind, person: Actor, parameters: Mapping[str, Sequence[str]] | None = None, form: str = OBJECT_LOG
) -> Iterator[bytes]:
    """The log in pieces. Records of the person's list are objects, each ledger entry an event of its record.

    Teams, services and other records that an entry set a relation to are objects too, as is who did it.
    """
    with staged_log(kind, person, parameters or {}) as staged:
        yield from FORMS[form].pieces(staged)


@contextmanager
def staged_log(kind: Kind, person: Actor, parameters: Mapping[str, Sequence[str]]) -> Iterator[Staged]:
    """The log on disk: the types come first in some formats, and only the events tell which there are."""
    with (
        TemporaryDirectory(prefix="gnomon-ocel-") as folder,
        closing(sqlite3.connect(Path(folder) / "log.sqlite3")) as database,
    ):
        staged = Staged(database, kind.path)
        staged.begin()
        _tell(kind, person, parameters, staged)
        staged.end()
        yield staged


def _tell(kind: Kind, person: Actor, parameters: Mapping[str, Sequence[str]], staged: Staged) -> None:
    related = relations_of(kind)
    others: dict[str, dict[str, None]] = {PERSON: {}, **{type_: {} for type_ in related.values()}}
    typed = dict.fromkeys(TOLD, STRING)
    staged.declare(OBJECT, kind.name, typed)
    for type_ in others:
        staged.declare(OBJECT, type_, {})
    verbs: set[str] = set()
    for number, told in courses(kind, person, parameters, tuple(related)):
        for one in told:
            if one.verb not in verbs:
                verbs.add(one.verb)
                staged.declare(EVENT, one.verb, typed)
            others[PERSON][one.actor] = None
            for name, other in one.set_to.items():
                others[related[name]][other] = None
            staged.add_event(_event(kind, number, one))
        states = [(name, one.at, value) for one in told for name, value in one.facts.items()]
        staged.add_object(Thing(number, kind.name, states))
    for type_, names in others.items():
        for name in names:
            staged.add_object(Thing(name, type_))


def relations_of(kind: Kind) -> dict[str, str]:
    """Relations of the kind to records that are nobody, each with the kind of record it leads to."""
    found = {}
    for name in (*kind.fields, "team"):
        try:
            field = field_named(kind, name)
        except LookupError:
            continue
        related: Any = field.related_model
        if isinstance(field, models.ForeignKey) and issubclass(related, Record):
            type_ = kind_of(related).name
            if type_ not in {PERSON, kind.name}:
                found[name] = type_
    return found


def _event(kind: Kind, number: str, one: Event) -> Happened:
    ties = [(number, kind.name), (one.actor, DID), *((other, name) for name, other in one.set_to.items())]
    return Happened(f"{number}.{one.version}", one.verb, one.at, one.facts, ties)
