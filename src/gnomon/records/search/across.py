"""Search over all kinds: what a question finds for a person, kind by kind, the likeliest first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from gnomon.records.definitions import within
from gnomon.records.kinds import Kind, kinds
from gnomon.records.listing import Listing
from gnomon.records.models import Numbering, Record
from gnomon.records.models.numbering import number_text
from gnomon.records.permissions import may, visible
from gnomon.records.search.asking import Asked, Wish, understand
from gnomon.records.search.correcting import Correction, corrected
from gnomon.records.search.matching import MOST, hits, holding_kinds
from gnomon.records.search.terms import Terms, terms_of
from gnomon.records.search.wishes import Understood, understood
from gnomon.records.search.words import words_of
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


def search(
    typed: str, person: Actor, *, kind: str = "", most: int = A_FEW, start: int = 0, exactly: bool = False
) -> Answer:
    """What a question finds for a person; of one kind only when that is named.

    Mistyped words are corrected when the question finds nothing, unless it is meant `exactly` as it is.
    """
    seen = [one for one in kinds() if one.sees is not None or may(person, "read", one)]
    answer = _found(typed, person, seen, kind, most, start)
    if answer.count == 0 and answer.asked.words and not exactly:
        correction = corrected(answer.asked, seen, person)
        if correction is not None:
            better = _found(correction.better, person, seen, kind, most, start)
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
    usual = list(Numbering.objects.order_by("-last").values_list("prefix", flat=True))
    by_prefix = {kind.prefix: kind for kind in kinds()}
    for one in [prefix] if prefix else usual:
        if one in by_prefix:
            model: Any = by_prefix[one].model
            found: Record | None = visible(model.objects.all(), person).filter(number=number_text(one, counter)).first()
            if found is not None:
                return found
    return None


def led_to(kind: Kind, record: Record, person: Actor) -> Record | None:
    """The record that is shown instead of one that became part of it, for those who are led there."""
    return kind.leads_to(record, person) if kind.leads_to is not None else None


def alone(record: Record) -> Answer:
    """The answer that is this one record."""
    return Answer(Asked(), Terms(()), [Group(record.kind, 1, more=False, records=[record], best=True)])


def _found(typed: str, person: Actor, seen: Sequence[Kind], only: str, most: int, start: int) -> Answer:
    asked = understand(typed)
    if asked.is_empty:
        return Answer(asked, Terms(()))
    readings = {kind: understood(asked, kind, person) for kind in seen} if asked.wishes else {}
    fitting = [kind for kind in seen if not asked.wishes or readings[kind].fits]
    fewest = min((len(readings[kind].notes) for kind in fitting), default=0) if asked.wishes else 0
    fitting = [kind for kind in fitting if not asked.wishes or len(readings[kind].notes) == fewest]
    reading = readings[fitting[0]] if asked.wishes and fitting else Understood(words=list(asked.words))
    terms = terms_of(reading.asked)
    answer = Answer(asked, terms, shown=reading.shown, notes=reading.notes)
    staff_of = {kind.name for kind in fitting if may(person, "read", kind)}
    for kind in holding_kinds(terms, fitting, staff_of):
        size = most if only in ("", kind.name) else 0
        group, complete = _group(typed, kind, person, terms, size, start)
        answer.complete = answer.complete and complete
        if group.count:
            answer.groups.append(group)
    there = {group.kind.model for group in answer.groups}
    answer.groups.sort(key=lambda group: (not group.best, _hangs_on(group.kind, there), -group.count))
    return answer


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


def _group(typed: str, kind: Kind, person: Actor, terms: Terms, most: int, start: int) -> tuple[Group, bool]:
    listing = Listing(kind, person, {"q": [typed]})
    bound = MOST * 2 if not terms.is_empty else COUNTED + 1
    rows = list(listing.query.order_by("-pk").values_list("pk", "status", "title")[:bound])
    titled = _titled(kind, person, terms, [(pk, title) for pk, _status, title in rows])
    ended = set(within(kind, Phase.RESOLVED, Phase.CLOSED))
    rows.sort(key=lambda row: (row[0] not in titled, row[1] in ended, -row[0]))
    shown = [pk for pk, _status, _title in rows[start : start + most]]
    more = len(rows) > COUNTED or not listing.complete
    group = Group(kind, len(rows), more, _records(kind, shown), best=bool(rows) and rows[0][0] in titled)
    return group, listing.complete


def _titled(kind: Kind, person: Actor, terms: Terms, rows: Sequence[tuple[int, str]]) -> set[int]:
    """Those of these records that hold the words in their titles."""
    if terms.is_empty or not rows:
        return set()
    if may(person, "read", kind):
        return set(hits(terms, kind, staff=True, title=True).pks)
    # Few are theirs: reading those titles is quicker than asking the index for all that anybody has.
    return {pk for pk, title in rows if terms.held_by(" ".join(words_of(title)))}


def _records(kind: Kind, pks: Sequence[int]) -> list[Any]:
    """Records in this order, with those that their columns name."""
    if not pks:
        return []
    related = [
        f.name for f in kind.model._meta.concrete_fields if f.name in kind.columns and isinstance(f, models.ForeignKey)
    ]
    query: Any = kind.model.objects.filter(pk__in=pks)
    found = {record.pk: record for record in (query.select_related(*related) if related else query)}
    return [found[pk] for pk in pks if pk in found]
