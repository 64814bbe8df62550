"""Count series over pieces of time, from the records themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache, reduce
from operator import or_
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Count, F, Max, Min, Q, Sum

from gnomon.evaluation.queries import lists
from gnomon.evaluation.queries.counting import among_of, each_raw_row, in_milliseconds, part_of
from gnomon.evaluation.queries.over_time import Which
from gnomon.evaluation.series import Series, alike
from gnomon.records.conditions import amount
from gnomon.records.kinds import kind_named
from gnomon.standard.periods import Period
from gnomon.standard.plugs import Measure

Counts = dict[str, list[tuple[int, int]]]  # by series: whole and part of each piece
DAY = timedelta(days=1)
AT_ONCE = 400  # pieces


@lru_cache(maxsize=8_000)
def day_in(day: date, zone: ZoneInfo) -> Period:
    """A day from midnight to midnight."""
    return Period(_midnight(day, zone), _midnight(day + DAY, zone))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def count_pieces(wanted: Sequence[Series], pieces: Sequence[Period], within: lists.Within | None = None) -> Counts:
    """What counts in each of some pieces of time in order that do not overlap, in few queries."""
    found: Counts = {one.name: [] for one in wanted}
    for start in range(0, len(pieces), AT_ONCE):
        for group in alike(wanted).values():
            some = pieces[start : start + AT_ONCE]
            for name, counts in _count(group, some, within or {}, pieces[-1].end).items():
                found[name] += counts
    return found


def _count(group: Sequence[Series], pieces: Sequence[Period], within: lists.Within, at: datetime) -> Counts:
    counts: Counts = {one.name: [(0, 0)] * len(pieces) for one in group}
    for place, *added in grouped(group, pieces, (), within, at):
        for n, one in enumerate(group):
            counts[one.name][place] = int(added[n] or 0), int(added[len(group) + n] or 0)
    return counts


def grouped(
    group: Sequence[Series], pieces: Sequence[Period], columns: Sequence[str], within: lists.Within, at: datetime
) -> Iterator[tuple[Any, ...]]:
    """For each piece and values of these columns: the place of the piece, the values, the wholes and the parts."""
    wholes = {f"whole_{n}": Count("pk", filter=among_of(one.measure, at)) for n, one in enumerate(group)}
    parts = {f"part_{n}": _part(one, at) for n, one in enumerate(group)}
    rows = placed(group, pieces, within, at).values("place", *columns).annotate(**wholes, **parts)
    return each_raw_row(rows.values_list("place", *columns, *wholes, *parts))


def placed(
    group: Sequence[Series], pieces: Sequence[Period], within: lists.Within, at: datetime
) -> models.QuerySet[Any, Any]:
    """The records that may count for series of one moment, each with the `place` of the piece that it lies in."""
    first, runs = group[0], _runs(pieces)
    # Asked of each field first, because an index of it can serve.
    near = reduce(or_, [_within(name, run) for name in first.fields for run in runs])
    records = lists.records_of(first.measure.kind, within).filter(near).annotate(tally_at=first.moment)
    if first.side == "gone":
        records = records.filter(reduce(or_, [_within("tally_at", run) for run in runs]))
    if len(group) == 1:
        records = records.filter(among_of(first.measure, at) & _indexed(first.measure))
    found: models.QuerySet[Any, Any] = records.annotate(place=Which(first.moment, pieces))
    return found


def _indexed(measure: Measure) -> Q:
    """Those of an index that holds few records and all that count: SQLite takes it only for a question of its own."""
    model = kind_named(measure.kind).model
    wanted = {name: True for name, value in measure.among.items() if value == "true"}
    for index in model._meta.indexes:
        if wanted and index.condition == Q(**wanted):
            return Q(pk__in=model._default_manager.filter(index.condition).order_by().values("pk"))
    return Q()


def _part(one: Series, at: datetime) -> Any:
    """What the records add up to: moments of begin of what stands, amounts of a mean, those that keep a share."""
    measure, among = one.measure, among_of(one.measure, at)
    if one.side:
        return Sum(in_milliseconds(F(one.fields[0])), filter=among)
    if measure.how == "mean":
        assert measure.value is not None
        return Sum(amount(measure.value), filter=among)
    return Count("pk", filter=among & part_of(measure, at)) if measure.how == "share" else Count("pk", filter=among)


def _within(name: str, run: Period) -> Q:
    return Q(**{f"{name}__gte": run.start, f"{name}__lt": run.end})


def _runs(pieces: Sequence[Period]) -> list[Period]:
    """Pieces that follow one another as one."""
    runs: list[Period] = []
    for piece in pieces:
        if runs and runs[-1].end == piece.start:
            runs[-1] = Period(runs[-1].start, piece.end)
        else:
            runs.append(piece)
    return runs


def days_of(kind: str, fields: Sequence[str], zone: ZoneInfo) -> list[date]:
    """All days from the first on which a record has one of these moments to the last."""
    ends = kind_named(kind).model.objects.aggregate(
        **{f"first_{n}": Min(name) for n, name in enumerate(fields)},
        **{f"last_{n}": Max(name) for n, name in enumerate(fields)},
    )
    known = [at.astimezone(zone).date() for at in ends.values() if at is not None]
    return [min(known) + n * DAY for n in range((max(known) - min(known)).days + 1)] if known else []
