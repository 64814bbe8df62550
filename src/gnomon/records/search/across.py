"""Search over all kinds: what a question finds for a person, kind by kind, the likeliest first."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from gnomon.records.definitions import within
from gnomon.records.kinds import Kind, kinds
from gnomon.records.models import Numbering, Record
from gnomon.records.models.numbering import number_text
from gnomon.records.narrowing import Narrowing
from gnomon.records.permissions import may, visible
from gnomon.records.queries.together import records_together, rows_together
from gnomon.records.search.asking import Asked, Wish, understand
from gnomon.records.search.correcting import Correction, corrected
from gnomon.records.search.holding import Held, Scope, held, scope_of
from gnomon.records.search.named import Named
from gnomon.records.search.terms import Terms, terms_of
from gnomon.records.search.wishes import Understood, understood
from gnomon.standard.plugs import Actor
from gnomon.workflow.tables import Phase

COUNTED = 500
A_FEW = 8
_NUMBER = re.compile(r"(?:([A-Za-z]{2,8})\s*-?\s*)?#?0*(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind: how many, up to a bound, and the likeliest of them."""

    kind: Kind
    count: int
    more: bool
    records: Sequence[Any]
    best: bool = False

    @property
    def counted(self) -> int:
        return min(self.count, COUNTED)


@dataclass(slots=True)
class Answer:
    """What a question finds. `shown` are the filters in force, `notes` what was not understood."""

    asked: Asked
    terms: Terms
    groups: list[Group] = field(default_factory=list)
    shown: list[tuple[str, str, Wish]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    correction: Correction | None = None
    complete: bool = True

    @property
    def count(self) -> int:
        return sum(group.counted for group in self.groups)

    @property
    def more(self) -> bool:
        return any(group.more for group in self.groups)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of what was found is shown: `most` records of each kind, or of the `only` one from `start` on."""

    only: str = ""
    most: int = A_FEW
    start: int = 0

    def of(self, kind: Kind, ranked: Sequence[int]) -> Sequence[int]:
        return ranked[self.start : self.start + self.most] if self.only in ("", kind.name) else ()


def search(
    typed: str, person: Actor, *, kind: str = "", most: int = A_FEW, start: int = 0, exactly: bool = False
) -> Answer:
    """What a question finds for a person; of one kind only when that is named.

    Mistyped words are corrected when the question finds nothing, unless it is meant `exactly` as it is.
    """
    seen = [one for one in kinds() if one.sees is not None or may(person, "read", one)]
    wanted = Wanted(kind, most, start)
    answer = _found(typed, person, seen, wanted)
    if answer.count == 0 and answer.asked.words and not exactly:
        correction = corrected(answer.asked, [scope_of(one, person) for one in seen], person)
        if correction is not None:
            better = _found(correction.better, person, seen, wanted)
            if better.count:
                better.correction = correction
                return better
    return answer


def record_by_number(typed: str, person: Actor) -> Record | None:
    """The record that a number means: INC-42, inc42, or 42 of the kind that has most; None when none is visible."""
    meant = _NUMBER.fullmatch(typed.strip())
    if meant is None:
        return None
    prefix, counter = (meant[1] or "").upper(), int(meant[2])
    asked = {kind.prefix: kind for kind in kinds() if prefix in ("", kind.prefix)}
    found = rows_together({
        one: visible(kind.model.objects.all(), person).filter(number=number_text(one, counter)).order_by().values_list("pk")
        for one, kind in asked.items()
    })  # fmt: skip
    usual = [prefix] if prefix else Numbering.objects.order_by("-last").values_list("prefix", flat=True)
    first = next(((asked[one], pk) for one in usual for (pk,) in found.get(one, ())), None)
    return next(iter(records_together({first[0]: [first[1]]})[first[0]]), None) if first is not None else None


def led_to(kind: Kind, record: Record, person: Actor) -> Record | None:
    """The record that is shown instead of one that became part of it, for those who are led there."""
    return kind.leads_to(record, person) if kind.leads_to is not None else None


def alone(record: Record) -> Answer:
    """The answer that is this one record."""
    return Answer(Asked(), Terms(()), [Group(record.kind, 1, more=False, records=[record], best=True)])


def _found(typed: str, person: Actor, seen: Sequence[Kind], wanted: Wanted) -> Answer:
    asked = understand(typed)
    if asked.is_empty:
        return Answer(asked, Terms(()))
    named = Named(asked, seen, person)
    readings = _fitting({kind: understood(asked, kind, person, named) for kind in seen})
    reading = next(iter(readings.values()), Understood(words=list(asked.words)))
    answer = Answer(asked, terms_of(reading.asked), shown=reading.shown, notes=reading.notes)
    asks_nothing = answer.terms.asks_nothing and not reading.shown
    scopes = [_scope(kind, person, one, named) for kind, one in readings.items() if not asks_nothing]
    found = held(answer.terms, scopes, person, most=COUNTED)
    answer.complete = answer.terms.asks_nothing or all(one.complete for one in found.values())
    answer.groups = _groups({kind: one for kind, one in found.items() if one.records}, wanted)
    return answer


def _fitting(readings: Mapping[Kind, Understood]) -> dict[Kind, Understood]:
    """The kinds that know the filters that were asked for; when some know more of them, those alone."""
    fitting = {kind: reading for kind, reading in readings.items() if reading.fits}
    fewest = min((len(reading.notes) for reading in fitting.values()), default=0)
    return {kind: reading for kind, reading in fitting.items() if len(reading.notes) == fewest}


def _scope(kind: Kind, person: Actor, reading: Understood, named: Named) -> Scope:
    if not reading.parameters:
        return scope_of(kind, person)
    query = visible(kind.model.objects.all(), person)
    return scope_of(kind, person, Narrowing(kind, person, named.keys).narrowed(query, reading.parameters))


def _groups(found: Mapping[Kind, Held], wanted: Wanted) -> list[Group]:
    """What was found of each kind, the likeliest kind first."""
    ranked = {kind: _ranked(kind, one) for kind, one in found.items()}
    records = records_together({kind: wanted.of(kind, pks) for kind, pks in ranked.items()})
    groups = [
        Group(kind, len(pks), len(pks) > COUNTED or not found[kind].complete, records.get(kind, []),
              best=pks[0] in found[kind].titled)
        for kind, pks in ranked.items()
    ]  # fmt: skip
    there = {group.kind.model for group in groups}
    return sorted(groups, key=lambda group: (not group.best, _hangs_on(group.kind, there), -group.count))


def _ranked(kind: Kind, one: Held) -> list[int]:
    """Those first that hold the words in their titles, then what is open, then the newest."""
    ended = set(within(kind, Phase.RESOLVED, Phase.CLOSED))
    return sorted(one.records, key=lambda pk: (pk not in one.titled, one.records[pk] in ended, -pk))


def _hangs_on(kind: Kind, there: set[Any]) -> bool:
    """Whether records of the kind are each about one of another that was found too, as ratings are about incidents."""
    fields = kind.model._meta.concrete_fields
    return any(
        isinstance(f, models.ForeignKey)
        and not f.null
        and f.related_model in there
        and f.related_model is not kind.model
        for f in fields
    )
