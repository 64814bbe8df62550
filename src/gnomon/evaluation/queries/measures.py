"""Measures over the records (9.1): a figure, the same by a dimension, and the list behind each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from gnomon.evaluation.asking import stands_of
from gnomon.evaluation.figures import Figure
from gnomon.evaluation.periods import STEPS, Bucket, buckets, cut_to_millisecond
from gnomon.evaluation.queries import dimensions, lists, over_time, past
from gnomon.evaluation.queries.counting import figure_of
from gnomon.evaluation.queries.frozen import Frozen
from gnomon.evaluation.queries.lists import Parameters, Within
from gnomon.records.kinds import kind_named
from gnomon.standard.collect import collect
from gnomon.standard.periods import Period
from gnomon.standard.plugs import Measure, Says


class NoSuchMeasure(LookupError):
    """A measure or dimension that nobody declares, with a sentence that names those there are."""


@dataclass(frozen=True, slots=True)
class Group:
    """The figure of one value of a dimension; `url` is the list of exactly what it counts."""

    key: str
    title: Says
    figure: Figure
    url: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a measure says of a period, as a whole and by the values of a dimension."""

    measure: Measure
    period: Period
    figure: Figure
    url: str
    by: str = ""
    groups: Sequence[Group] = ()


@cache
def measures() -> Mapping[str, Measure]:
    """The measures that the installed apps declare, by name."""
    return {measure.name: measure for measure in collect("measures", Measure)}


def measure_named(name: str) -> Measure:
    """The measure of that name; NoSuchMeasure when there is none."""
    try:
        return measures()[name]
    except KeyError:
        says = _("There is no measure called “%(name)s”. Measures: %(known)s.")
        raise NoSuchMeasure(says % {"name": name[:80], "known": ", ".join(sorted(measures()))}) from None


def evaluate(
    name: str, period: Period | None = None, by: str = "", *, within: Within | None = None,
    now: datetime | None = None, as_of: datetime | None = None,
) -> Evaluation:  # fmt: skip
    """What a measure says of a period, the whole past when none is given.

    `by` is a dimension or a step of time; `within` narrows the records by list parameters. With `as_of` it says what
    it would have said at that moment, by what the ledger knew of then; a register is always read so.
    """
    measure = measure_named(name)
    check_dimension(measure, by)
    now = cut_to_millisecond(now or datetime.now(UTC))
    period = period or whole_past(measure, now=as_of or now)
    within = within or {}
    at = lists.stands_at(period, as_of or now)
    if as_of is not None or (measure.is_of_register and at < now):
        return _of_the_past(measure, period, by, within, at if as_of is None else cut_to_millisecond(as_of))
    given = lists.parameters(measure, period, within, now)
    groups: Sequence[Group] = ()
    if by in STEPS:
        groups = over_time_of(measure, buckets(period, by), within, now)
    elif by:
        groups = by_values(measure, given, by, at)
    url = lists.address(measure.kind, given)
    return Evaluation(measure, period, figure_of(measure, given, at), url, by, groups)


def numbers_behind(name: str, period: Period, *, now: datetime | None = None) -> Iterable[str]:
    """The numbers of the records that the figure of a period counts."""
    measure = measure_named(name)
    now = cut_to_millisecond(now or datetime.now(UTC))
    at = lists.stands_at(period, now)
    if measure.is_of_register and at < now:
        return past.counted(measure, period, {}, at)[1]
    given = lists.parameters(measure, period, {}, now)
    return lists.records_of(measure.kind, given).values_list("number", flat=True).iterator(chunk_size=10_000)


def _of_the_past(measure: Measure, period: Period, by: str, within: Within, as_of: datetime) -> Evaluation:
    if not by or by in STEPS:
        figure = past.counted(measure, period, within, as_of)[0]
        groups = _buckets_of_the_past(measure, buckets(period, by) if by else [], within, as_of)
    else:
        (figure, _numbers), each_value = past.counted_by(measure, period, within, as_of, by)
        field = kind_named(measure.kind).model._meta.get_field(by)
        named = dimensions.ordered(field, {key: figure for key, (figure, _numbers) in each_value.items()}, "number")
        groups = [
            Group(value.key, value.title, each, Frozen(measure, period, as_of, within, by, value.key).address)
            for value, each in named
        ]
    return Evaluation(measure, period, figure, Frozen(measure, period, as_of, within).address, by, groups)


def _buckets_of_the_past(measure: Measure, cut: Sequence[Bucket], within: Within, as_of: datetime) -> list[Group]:
    """A figure for each stretch of time; a register is read as of the end of each."""
    found = past.counted_in(measure, [bucket.period for bucket in cut], within, as_of)
    return [
        Group(
            bucket.key, bucket.title, figure,
            Frozen(measure, bucket.period, past.read_at(measure, bucket.period, as_of), within).address,
        )
        for bucket, (figure, _numbers) in zip(cut, found, strict=True)
    ]  # fmt: skip


def over_time_of(
    measure: Measure, cut: Sequence[Bucket], within: Within | None = None, now: datetime | None = None
) -> list[Group]:
    """A measure for each of some months, weeks, days or whatever follows one another."""
    if measure.is_of_register:
        return _buckets_of_the_past(measure, cut, within or {}, cut_to_millisecond(now or datetime.now(UTC)))
    return [
        Group(
            bucket.key,
            bucket.title,
            figure,
            lists.address(measure.kind, lists.parameters(measure, bucket.period, within or {}, now)),
        )
        for bucket, figure in over_time.figures(measure, cut, within or {}, now)
    ]


def groups_by(
    measure: Measure, given: Parameters, found: Mapping[str, Mapping[Any, tuple[int, int]]]
) -> Mapping[str, list[Group]]:
    """What was counted for each value of several dimensions as figures with their lists."""
    return {
        name: [
            Group(value.key, value.title, figure, lists.address(measure.kind, {**given, name: [value.key]}))
            for value, figure in dimensions.told(measure, name, counted_by)
        ]
        for name, counted_by in found.items()
    }


def by_values(measure: Measure, given: Parameters, dimension: str, at: datetime) -> list[Group]:
    """A measure for each value of a dimension that occurs."""
    return [
        Group(value.key, value.title, figure, lists.address(measure.kind, {**given, dimension: [value.key]}))
        for value, figure in dimensions.figures(measure, given, dimension, at)
    ]


def check_dimension(measure: Measure, by: str) -> None:
    """NoSuchMeasure when a measure has no such dimension."""
    if by and by not in STEPS:
        check_narrowing(measure, (by,), STEPS)


def check_narrowing(measure: Measure, names: Iterable[str], further: Sequence[str] = ()) -> None:
    """NoSuchMeasure when a measure cannot be narrowed by one of these, for they are none of its dimensions."""
    for name in names:
        if name not in measure.dimensions:
            says = _("%(measure)s has no dimension “%(by)s”. Dimensions: %(known)s.")
            known = ", ".join((*measure.dimensions, *further))
            raise NoSuchMeasure(says % {"measure": measure.name, "by": name[:80], "known": known})


def whole_past(measure: Measure, now: datetime | None = None) -> Period:
    """From the first moment that any record of the measure's kind has in the field, until now."""
    end = cut_to_millisecond(now or datetime.now(UTC))
    field = measure.at or (stands_of(measure).start if measure.standing else "recorded_at")
    model = kind_named(measure.kind).model
    first = model.objects.filter(**{f"{field}__isnull": False}).order_by(field).values_list(field, flat=True).first()
    return Period(min(first, end) if first else end, end)
