"""What records add to series: told of one by its columns, or by the database of all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import itemgetter, or_
from typing import Any, NamedTuple

from django.db.models import Case, F, Q, Value, When

from gnomon.evaluation.asking import Test, asking, fields_of, filled, sort_of
from gnomon.evaluation.queries.as_of import plain_of
from gnomon.evaluation.queries.counting import among_of, each_raw_row, in_milliseconds, part_of
from gnomon.evaluation.queries.stretches import AT, Group, Row, stretch_of
from gnomon.evaluation.rows import amount_of, meets
from gnomon.evaluation.series import Series, alike
from gnomon.jobs.moments import moment
from gnomon.records.conditions import amount, earliest
from gnomon.records.kinds import Kind, kind_named
from gnomon.records.queries.together import one_of

ALWAYS = moment(0)  # what is counted beforehand rests on no moment of asking
AT_ONCE = 5_000


class Adds(NamedTuple):
    """What one record adds to a series: when, whether it keeps a share, its number, and its values of the dimensions."""

    at: int
    holds: bool
    number: int | None
    by: tuple[Any, ...]


class Page(NamedTuple):
    """Some records that follow one another: the lines they are counted by, and their columns of each group."""

    lines: Iterable[list[Any]]
    placed: Sequence[tuple[Group, int, Mapping[str, Sequence[Any]]]]  # of a group in a stretch


class Reader:
    """Reads from the columns of records of a kind what they add to some series."""

    def __init__(self, wanted: Sequence[Series]) -> None:
        self.kind: Kind = kind_named(wanted[0].measure.kind)
        self.groups = [Group(some) for some in alike(wanted).values()]
        self._asked = [(one, asking(one.measure, filled(one.measure.among, ALWAYS), ALWAYS)) for one in wanted]
        names = {name for one in wanted for name in (*one.fields, *one.dimensions)}
        for _one, asked in self._asked:
            tests = (*asked.tests, *asked.holds)
            assert not any(isinstance(test, Test) and _names_another(self.kind, test) for test in tests)
            names |= {name for test in tests for name in fields_of(test)} | {name for name in asked.fields if name}
        self.names = tuple(sorted(names))
        self._fields: list[Any] = [self.kind.model._meta.get_field(name) for name in self.names]
        self._sorts = [sort_of(field) for field in self._fields]

    def rows(self, keys: Iterable[int]) -> Iterator[tuple[int, Row]]:
        """The key and the columns of some records, as numbers and texts."""
        query = self.kind.model.objects.filter(pk__in=one_of(keys)).order_by("pk")
        for line in self._lines(each_raw_row(query.values_list("pk", *self._columns()))):
            yield line[0], dict(zip(self.names, line[1:], strict=True))

    def pages(self) -> Iterator[Page]:
        """All records in the order of their keys."""
        asked = [(group, name, said) for group in self.groups for name, said in _columns_of(group).items()]
        chosen = ("pk", *self._columns(), *(said for _group, _name, said in asked))
        query, wide = self.kind.model.objects.order_by("pk"), len(self.names) + 1
        last = 0
        while rows := list(each_raw_row(query.filter(pk__gt=last).values_list(*chosen)[:AT_ONCE])):
            last = rows[-1][0]
            columns = list(zip(*rows, strict=True))
            known = dict(zip(self.names, columns[1:wide], strict=True))
            of: dict[str, dict[str, Sequence[Any]]] = {group.moment: {} for group in self.groups}
            for (group, name, _said), column in zip(asked, columns[wide:], strict=True):
                of[group.moment][name] = column
            placed = [one for group in self.groups for one in _placed(group, of[group.moment], known)]
            yield Page(self._lines(row[:wide] for row in rows), placed)

    def adds(self, row: Row) -> Iterator[tuple[str, Adds]]:
        """By the name of the series."""
        for one, asked in self._asked:
            at = _moment(one, row)
            if at is not None and all(meets(test, row, _nothing) for test in asked.tests):
                holds = asked.how == "share" and all(meets(test, row, _nothing) for test in asked.holds)
                yield one.name, Adds(at, holds, _number(one, row), tuple(row[name] for name in one.dimensions))

    def placed(self, row: Row) -> Mapping[tuple[str, int], Row]:
        """By moment and stretch: what is kept there of a record."""
        adds, found = dict(self.adds(row)), {}
        for group in self.groups:
            some = [(one, adds[one.name]) for one in group.series if one.name in adds]
            if some:
                at = some[0][1].at
                kept = dict.fromkeys(group.forms) | {name: row[name] for name in group.dimensions} | {AT: at}
                for one, add in some:
                    kept |= {one.name: True, one.holds: add.holds, one.number: add.number}
                    kept[one.numbered] = add.number is not None
                found[group.moment, stretch_of(at)] = kept
        return found

    def _columns(self) -> list[Any]:
        return [
            in_milliseconds(name) if sort == "moment" else field.attname
            for name, field, sort in zip(self.names, self._fields, self._sorts, strict=True)
        ]

    def _lines(self, rows: Iterable[Sequence[Any]]) -> Iterator[list[Any]]:
        """The key of each record and the columns that it is counted by."""
        odd = [(at, sort) for at, sort in enumerate(self._sorts, start=1) if sort in {"day", "number"}]
        for row in rows:
            line = list(row)
            for at, sort in odd:
                line[at] = plain_of(sort, line[at])
            yield line


def _columns_of(group: Group) -> Mapping[str, Any]:
    """What the database says of each record for a group; no moment where none of its series counts the record."""
    each = [among_of(one.measure, ALWAYS) for one in group.series]
    found: dict[str, Any] = {
        AT: _when(reduce(or_, each) if all(each) else Q(), in_milliseconds(group.series[0].moment))
    }
    for one, among in zip(group.series, each, strict=True):
        found[one.name] = _when(among, Value(1))
        if one.measure.how == "share":
            found[one.holds] = _when(among & part_of(one.measure, ALWAYS), Value(1))
        if one.has_number:
            found[one.number] = _when(among, _number_asked(one))
    return found


def _placed(
    group: Group, told: Mapping[str, Sequence[Any]], known: Mapping[str, Sequence[Any]]
) -> Iterator[tuple[Group, int, Mapping[str, Sequence[Any]]]]:
    """Columns of a group, parted by stretches."""
    columns = {**told, **{name: known[name] for name in group.dimensions}}
    for one in group.series:
        if one.has_number:
            columns[one.numbered] = [number is not None for number in columns[one.number]]
    places: dict[int, list[int]] = defaultdict(list)
    for place, at in enumerate(told[AT]):
        if at is not None:
            places[stretch_of(at)].append(place)
    for stretch, some in places.items():
        chosen = itemgetter(*some) if len(some) > 1 else lambda column, at=some[0]: (column[at],)
        yield group, stretch, {name: chosen(column) for name, column in columns.items()}


def _when(condition: Q, then: Any) -> Any:
    return Case(When(condition, then=then)) if condition else then


def _number_asked(one: Series) -> Any:
    if one.side:
        return in_milliseconds(earliest(one.ends) if one.side == "begun" else F(one.fields[0]))
    assert one.measure.value is not None
    return amount(one.measure.value)


def _number(one: Series, row: Row) -> int | None:
    """What `_number_asked` asks for, of one record."""
    if one.side == "gone":
        began: int = row[one.fields[0]]
        return began
    if one.side == "begun":
        return _end(one, row)
    if one.measure.how != "mean":
        return None
    assert one.measure.value is not None
    found: Any = amount_of(one.measure.value, row, 0)
    return None if found is None else int(found)


def _moment(one: Series, row: Row) -> int | None:
    """The moment that decides about the period, as `Series.moment` says it."""
    at: int | None = row[one.fields[0]]
    if one.side != "gone" or at is None:
        return at
    end = _end(one, row)
    return None if end is None else max(at, end)


def _end(one: Series, row: Row) -> int | None:
    return min((row[name] for name in one.ends if row[name] is not None), default=None)


def _names_another(kind: Kind, test: Test) -> bool:
    """Whether a test asks for a certain record of another kind, of which the columns know no number."""
    field: Any = kind.model._meta.get_field(test.field)
    return sort_of(field) == "reference" and any(value is not None for value in test.values)


def _nothing(*_asked: Any) -> Mapping[str, Any]:
    return {}
