"""Entries as facts: one row for each field that an entry changed, with its new value in a column of its sort."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec

from gnomon.evaluation.asking import Sort, sort_of
from gnomon.evaluation.queries.as_of import plain_of
from gnomon.records.facts import is_note, ledgered, personal_names
from gnomon.records.kinds import Kind, kind_named
from gnomon.records.ledger.entries import EntryColumns
from gnomon.records.models import LedgerEntry

RECORDED_AT = "recorded_at"
_decode = msgspec.json.Decoder(dict[str, list[Any]]).decode


class Fact(NamedTuple):
    """What a field of a record came to hold: `whole` for moments (milliseconds), numbers, yes and no; else `text`."""

    position: int
    number: str
    version: int
    recorded_at: int
    happened_at: int
    field: str
    whole: int | None
    fraction: float | None
    text: str | None


@dataclass(frozen=True, slots=True)
class Sealed:
    """An entry at its place in the sealed tree, verified."""

    position: int
    sequence: int
    content: EntryColumns

    @property
    def kind(self) -> str:
        return self.content[0]

    @property
    def number(self) -> str:
        return self.content[1]

    @property
    def version(self) -> int:
        return self.content[2]

    @property
    def recorded_at(self) -> int:
        return self.content[5]


def facts_of(entries: Sequence[Sealed]) -> dict[str, list[Fact]]:
    """The facts of some entries, by kind; what was derived from them stands with the entry that changed it."""
    found: dict[str, list[Fact]] = defaultdict(list)
    by_kind: dict[str, list[Sealed]] = defaultdict(list)
    for entry in entries:
        by_kind[entry.kind].append(entry)
    for name, some in by_kind.items():
        try:
            kind = kind_named(name)
        except LookupError:
            continue  # of an app that is no longer installed: its entries are there, its fields unknown
        sorts = told_fields(kind)
        for entry in some:
            found[name] += _told(sorts, entry)
        found[name] += _derived(kind, some)
    return found


def told_fields(kind: Kind) -> Mapping[str, Sort]:
    """The fields of a kind that a lake tells, and what sort of value each holds: all that are in the ledger, speak of
    nobody and are no structure."""
    personal = personal_names(kind)
    sorts = {f.name: sort_of(f) for f in ledgered(kind.model) if f.name not in personal}
    return {name: sort for name, sort in sorts.items() if sort != "other"}


def _told(sorts: Mapping[str, Sort], entry: Sealed) -> Iterator[Fact]:
    verb, happened_at, facts = entry.content[3], entry.content[6], entry.content[7]
    if entry.version == 1:
        yield _fact(entry, happened_at, RECORDED_AT, "moment", entry.recorded_at)
    if is_note(verb):
        return
    for name, pair in _decode(facts).items():
        sort = sorts.get(name)
        if sort is not None:
            yield _fact(entry, happened_at, name, sort, plain_of(sort, pair[1]))


def _derived(kind: Kind, entries: Sequence[Sealed]) -> Iterator[Fact]:
    if kind.derives is None:
        return
    new = {(entry.number, entry.version): entry for entry in entries}
    since: dict[str, int] = {}
    for entry in entries:
        since[entry.number] = min(entry.version, since.get(entry.number, entry.version))
    numbers, sorts = sorted(since), {name: sort_of(kind.model._meta.get_field(name)) for name in kind.derives.fields}
    for start in range(0, len(numbers), 2_000):
        histories: dict[str, list[LedgerEntry]] = defaultdict(list)
        of = LedgerEntry.objects.filter(number__in=numbers[start : start + 2_000]).order_by("number", "version")
        for each in of:
            histories[each.number].append(each)
        told = kind.derives.run(list(histories.values()), since)
        for number, derived in zip(histories, told, strict=True):
            for version, facts in derived:
                told_with = new.get((number, version))
                if told_with is not None:
                    for name, value in facts.items():
                        yield _fact(told_with, told_with.content[6], name, sorts[name], plain_of(sorts[name], value))


def _fact(entry: Sealed, happened_at: int, name: str, sort: Sort, value: Any) -> Fact:
    whole = fraction = text = None
    if value is not None:
        if sort in {"moment", "whole", "truth"}:
            whole = int(value)
        elif sort == "number":
            fraction = float(value)
        else:
            text = str(value)
    return Fact(
        entry.position, entry.number, entry.version, entry.recorded_at, happened_at, name, whole, fraction, text
    )
