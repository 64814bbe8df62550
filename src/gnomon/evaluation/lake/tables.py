"""Measures as questions to tables: the one module that knows Ibis.

A record is put together from its facts: of each field the value that was told last. Whatever answers, DuckDB in
this process or Spark on many machines, is asked the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import and_, or_
from typing import Any

import ibis

from gnomon.evaluation.asking import Asking, Meets, Sort, Test, others_of, sort_of
from gnomon.evaluation.figures import NOTHING, Figure, counted, share
from gnomon.evaluation.lake.facts import RECORDED_AT
from gnomon.jobs.moments import moment
from gnomon.records.conditions import DAY_MS
from gnomon.records.facts import blank
from gnomon.records.kinds import Kind
from gnomon.standard.expressions import Elapsed, Field, Has, NotLater, Stands, Value

# Stands for “nothing” while the last value is looked for: engines differ on whether that may be empty.
_NO_WHOLE, _NO_FRACTION, _NO_TEXT = -(2**62), -1.7976931348623157e308, ""
NUMBER = "number"
VIEW = "gnomon"


def in_duckdb(paths: Mapping[str, Sequence[str]]) -> Mapping[str, Any]:
    """The files of each kind as a table of DuckDB, in this process."""
    engine = ibis.duckdb.connect()
    # The same question gets the same answer on every machine.
    engine.raw_sql("SET TimeZone = 'UTC'")
    return {name: engine.read_parquet(list(some), hive_partitioning=False) for name, some in paths.items()}


def in_spark(session: Any, paths: Mapping[str, Sequence[str]]) -> Mapping[str, Any]:
    """The files of each kind as a view of a Spark session."""
    session.conf.set("spark.sql.session.timeZone", "UTC")
    engine = ibis.pyspark.connect(session)
    found = {}
    for name, some in paths.items():
        session.read.parquet(*some).createOrReplaceTempView(f"{VIEW}_{name}")
        found[name] = engine.table(f"{VIEW}_{name}")
    return found


class Lake:
    """The facts of a lake as tables of one engine, as known at a moment or, without one, as known last."""

    def __init__(self, facts_of: Mapping[str, Any], as_of: int | None) -> None:
        self._facts_of = facts_of
        self._as_of = as_of

    def figure(self, asked: Asking) -> Figure:
        """The figure of the records that count."""
        return self._figures(asked, "").get(None, _none(asked))

    def figures_by(self, asked: Asking, by: str) -> Mapping[Any, Figure]:
        """The same for each value of a field that occurs; None for what is empty."""
        found = self._figures(asked, by)
        return {key: figure for key, figure in found.items() if figure != NOTHING}

    def _figures(self, asked: Asking, by: str) -> dict[Any, Figure]:
        rows = self._kept(asked, by)
        if rows is None:
            return {}
        group = _key(asked.kind, rows, by) if by else ibis.literal(0)
        told = _aggregates(asked, rows, self._holding(asked.holds, rows))
        answer = rows.group_by(group.name("group_key")).aggregate(**told).execute()
        found: dict[Any, Figure] = {}
        for row in answer.to_dict("records"):
            key = None if not by or row["group_key"] != row["group_key"] else row["group_key"]
            found[_plain(key)] = _figure(asked, row)
        return found

    def _kept(self, asked: Asking, by: str) -> Any:
        """The records that count, with the fields that are asked for; None when the lake has none of the kind."""
        fields = dict.fromkeys((*asked.fields, *((by,) if by else ())))
        rows = self._records(asked.kind, tuple(fields))
        if rows is None:
            return None
        for test in (*asked.tests, *asked.holds):
            rows = self._joined(test, rows)
        return rows.filter(self._holding(asked.tests, rows))

    def _records(self, kind: Kind, fields: Sequence[str]) -> Any:
        facts = self._facts_of.get(kind.name)
        if facts is None:
            return None
        wanted = [name for name in fields if name not in {NUMBER, RECORDED_AT}]
        facts = facts.filter(facts.field.isin([RECORDED_AT, *wanted]))
        if self._as_of is not None:
            facts = facts.filter(facts.happened_at <= ibis.literal(moment(self._as_of)))
        last = {name: _last(facts, name, _sort(kind, name)) for name in (RECORDED_AT, *wanted)}
        rows = facts.group_by(NUMBER).aggregate(**last)
        rows = rows.filter(rows[RECORDED_AT].notnull())  # what has not begun is not there
        return rows.mutate(**{name: _filled(kind, rows, name) for name in wanted})

    # --- conditions ---

    def _holding(self, tests: Sequence[Test | Meets], rows: Any) -> Any:
        return reduce(and_, (_holds(test, rows) for test in tests), ibis.literal(True))

    def _joined(self, test: Test | Meets, rows: Any) -> Any:
        """With what other records say to a condition, where it asks for such."""
        if not isinstance(test, Meets) or not isinstance(test.condition, Has):
            return rows
        condition, name = test.condition, _place(test.condition)
        kind, fields, tests = others_of(condition, test.at)
        others = self._records(kind, fields)
        if others is None:
            return rows.mutate(**{name: ibis.null("int64")})
        for each in tests:
            others = self._joined(each, others)
        others = others.filter(self._holding(tests, others) & others[condition.by].notnull())
        if condition.since:
            others = others.filter(others[condition.since] <= test.at)
            newest = others[condition.since].max()
        else:
            newest = others.count()
        pointed = others.group_by(others[condition.by].name("pointed_at")).aggregate(**{name: newest})
        return rows.left_join(pointed, rows[NUMBER] == pointed.pointed_at).drop("pointed_at")


def _last(facts: Any, name: str, sort: Sort) -> Any:
    """The value that was told last of a field, empty when it was told to be or never was."""
    column, nothing = _column(facts, sort)
    told = column.fill_null(nothing).argmax(facts.version, where=facts.field == name)
    return told.nullif(ibis.literal(nothing))


def _column(facts: Any, sort: Sort) -> tuple[Any, Any]:
    if sort in {"moment", "whole", "truth"}:
        return facts.whole, _NO_WHOLE
    return (facts.fraction, _NO_FRACTION) if sort == "number" else (facts.text, _NO_TEXT)


def _filled(kind: Kind, rows: Any, name: str) -> Any:
    """What a field holds of which the ledger never spoke is what it is born with."""
    field: Any = kind.model._meta.get_field(name)
    usual = None if name in kind.projections else blank(field)
    if usual is None or usual == "":
        return rows[name]
    return rows[name].fill_null(int(usual) if isinstance(usual, bool | int) else usual)


def _sort(kind: Kind, name: str) -> Sort:
    field: Any = kind.model._meta.get_field(name)
    return sort_of(field)


def _holds(test: Test | Meets, rows: Any) -> Any:
    """A test as a truth that is never empty."""
    if isinstance(test, Meets):
        found = _met(test, rows).fill_null(False)
        return found if test.wanted else ~found
    column = rows[test.field]
    if test.says in {"from", "to"}:
        bound = _literal(test.values[0])
        return (column >= bound if test.says == "from" else column < bound).fill_null(False)
    among = [column.isin([_literal(value) for value in test.values if value is not None]).fill_null(False)]
    if None in test.values:
        among.append(column.isnull())
    found = reduce(or_, among)
    return found if test.says == "any" else ~found


def _met(test: Meets, rows: Any) -> Any:
    condition = test.condition
    if isinstance(condition, Stands):
        ends = [(rows[end].isnull() | (rows[end] >= test.at)) for end in condition.ends]
        return reduce(and_, ends, rows[condition.start] < test.at)
    if isinstance(condition, NotLater):
        return rows[condition.first] <= rows[condition.second]
    newest = rows[_place(condition)]
    if not condition.since:
        return newest.notnull()
    days = rows[condition.days].fill_null(0) if condition.days else ibis.literal(0)
    return ibis.literal(test.at) - newest <= (days + condition.grace) * DAY_MS


def _place(condition: Has) -> str:
    return f"has_{condition.kind}_{condition.by}"


def _literal(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value


# --- figures ---


def _aggregates(asked: Asking, rows: Any, holding: Any) -> dict[str, Any]:
    if asked.how == "share":
        return {"whole": rows.count(), "part": holding.cast("int64").sum()}
    if asked.how == "count":
        return {"whole": rows.count()}
    assert asked.value is not None
    value = _amount(asked.value, rows, asked.at)
    exact = value.cast("float64")
    return {
        "whole": value.count(), "total": value.sum().cast("float64"),
        "median": exact.quantile(0.5), "p90": exact.quantile(0.9),
    }  # fmt: skip


def _amount(value: Value, rows: Any, at: int) -> Any:
    if isinstance(value, Field):
        return rows[value.name]
    assert isinstance(value, Elapsed)
    return (rows[value.end] if value.end else ibis.literal(at)) - rows[value.start]


def _figure(asked: Asking, row: Mapping[str, Any]) -> Figure:
    whole = int(row["whole"])
    if asked.how == "count":
        return counted(whole)
    if asked.how == "share":
        return share(int(row["part"]) if whole else 0, whole)
    if not whole:
        return NOTHING
    scale = asked.scale
    return Figure(row["total"] / whole / scale, whole, median=row["median"] / scale, p90=row["p90"] / scale)


def _none(asked: Asking) -> Figure:
    return {"mean": NOTHING, "share": share(0, 0), "count": counted(0)}[asked.how]


def _key(kind: Kind, rows: Any, by: str) -> Any:
    column = rows[by]
    return (column == 1).ifelse("true", "false") if _sort(kind, by) == "truth" else column


def _plain(key: Any) -> Any:
    """A key as the rows of the database have it: engines that know no empty whole number hand out fractions."""
    if key is None or isinstance(key, str):
        return key
    return int(key) if float(key).is_integer() else float(key)
