"""Records as the ledger knew them at a moment: what had happened by then, and nothing that happened later.

A record to which nothing has happened since stands in its columns as it stood then, so only the others are read
from the ledger. Entries of the future count from the moment for which they are dated.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db import models

from gnomon.evaluation.asking import Sort, others_of, sort_of
from gnomon.evaluation.rows import Row, meets
from gnomon.jobs.moments import milliseconds
from gnomon.records.facts import blank, fold, is_note
from gnomon.records.kinds import Kind
from gnomon.records.models import LedgerEntry
from gnomon.standard.expressions import Has

AT_ONCE = 2_000


class Past:
    """The records of all kinds as known at one moment; each kind is read once for the fields that are asked of it."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self._others: dict[tuple[Any, ...], Mapping[str, Collection[Row]]] = {}

    def rows(self, kind: Kind, fields: Sequence[str]) -> Iterator[Row]:
        """The records of a kind with some of their fields."""
        changed = self._changed.get(kind.name, set())
        for row in present(kind, fields):
            if row["number"] not in changed:
                yield row
        yield from self._folded(kind, fields, sorted(changed))

    def others(self, condition: Has, at: int) -> Mapping[str, Collection[Row]]:
        """The records that a condition looks for, by the number to which they point."""
        key = (condition.kind, condition.by, condition.since, repr(sorted(condition.among.items())), at)
        if key not in self._others:
            kind, fields, tests = others_of(condition, at)
            found: dict[str, list[Row]] = defaultdict(list)
            for row in self.rows(kind, fields):
                if row[condition.by] and all(meets(test, row, self.others) for test in tests):
                    found[row[condition.by]].append(row)
            self._others[key] = found
        return self._others[key]

    @cached_property
    def _changed(self) -> Mapping[str, set[str]]:
        """The numbers of those to which something happened later, by kind."""
        changed: dict[str, set[str]] = defaultdict(set)
        later = LedgerEntry.objects.filter(happened_at__gt=self.at).order_by()
        for kind, number in later.values_list("kind", "number").distinct().iterator():
            changed[kind].add(number)
        return changed

    def _folded(self, kind: Kind, fields: Sequence[str], numbers: Sequence[str]) -> Iterator[Row]:
        for start in range(0, len(numbers), AT_ONCE):
            entries = LedgerEntry.objects.filter(number__in=numbers[start : start + AT_ONCE])
            histories: dict[str, list[LedgerEntry]] = defaultdict(list)
            for entry in entries.order_by("number", "version"):
                histories[entry.number].append(entry)
            yield from folded(kind, fields, list(histories.values()), self.at)


def folded(kind: Kind, fields: Sequence[str], histories: Sequence[Sequence[LedgerEntry]], at: datetime) -> list[Row]:
    """Rows from whole histories as known at a moment; those that had not begun are left out."""
    of = {field.name: field for field in kind.model._meta.concrete_fields if field.name in fields}
    known = [history for history in histories if any(entry.happened_at <= at for entry in history)]
    derives = kind.derives is not None and not set(fields).isdisjoint(kind.derives.fields)
    derived = kind.derives.run(known) if kind.derives is not None and derives else ()
    rows: list[Row] = []
    for place, history in enumerate(known):
        then = [entry for entry in history if entry.happened_at <= at]
        facts: dict[str, Any] = {name: None if name in kind.projections else blank(of[name]) for name in of}
        for entry in then:
            if not is_note(entry.verb):
                fold({name: pair for name, pair in entry.changes.items() if name in of}, facts)
        for version, told in derived[place] if derived else ():
            if version <= then[-1].version:
                facts |= {name: value for name, value in told.items() if name in of}
        if "recorded_at" in of:
            facts["recorded_at"] = then[0].recorded_at
        row = {name: plain(of[name], facts[name]) for name in of}
        rows.append({**row, "number": then[0].number})
    return rows


def present(kind: Kind, fields: Sequence[str]) -> Iterator[Row]:
    """All records of a kind as their columns have them now."""
    of = [kind.model._meta.get_field(name) for name in fields if name != "number"]
    columns = [f"{f.name}__number" if isinstance(f, models.ForeignKey) else f.name for f in of]
    rows = kind.model.objects.order_by().values_list("number", *columns)
    for number, *values in rows.iterator(chunk_size=AT_ONCE):
        yield {
            "number": number, **{f.name: plain(f, value) for f, value in zip(of, values, strict=True)}
        }  # fmt: skip


def plain(field: Any, value: Any) -> Any:
    """A value of a column or of the ledger as engines hold it."""
    return plain_of(sort_of(field), value)


def plain_of(sort: Sort, value: Any) -> Any:
    """The same of a field of some sort."""
    if value is None:
        return None
    if sort == "moment":
        return milliseconds(value if isinstance(value, datetime) else datetime.fromisoformat(value))
    if isinstance(value, date):
        return value.isoformat()
    if sort == "number":
        return float(value)
    return float(value) if isinstance(value, Decimal) else value
