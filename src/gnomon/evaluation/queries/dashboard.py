"""All that the dashboard shows, read in a number of queries that does not grow with the records."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Max, Min
from django.utils import timezone, translation

from gnomon.evaluation.choices import Choice
from gnomon.evaluation.figures import Figure, mean
from gnomon.evaluation.periods import Bucket, buckets, cut_to_millisecond
from gnomon.evaluation.queries import lists, spreads, together
from gnomon.evaluation.queries.counting import values_by
from gnomon.evaluation.queries.measures import Group, by_values, measure_named, shares_by
from gnomon.evaluation.queries.over_time import Which
from gnomon.evaluation.queries.spells import Spells, spells_of
from gnomon.evaluation.queries.spreads import Part
from gnomon.records.kinds import kind_named
from gnomon.records.models import LedgerEntry
from gnomon.standard.periods import Period
from gnomon.standard.plugs import Measure

TILES = (
    "incidents_opened", "incidents_resolved", "incident_backlog", "backlog_age",
    "incident_mttr", "incident_sla", "incident_source_sla", "incident_response_sla",
    "first_contact_resolution", "reopen_rate", "reassignment_count", "major_incidents",
)  # fmt: skip
COMPARED = ("priority", "team")
TREND_MONTHS = 12
REMEMBERED = 8


@dataclass(frozen=True, slots=True)
class Reading:
    """A measure now, one period earlier, and month by month until now."""

    measure: Measure
    figure: Figure
    before: Figure
    trend: Sequence[float | None]
    url: str


@dataclass(frozen=True, slots=True)
class Board:
    """What the dashboard shows of a period."""

    readings: Sequence[Reading]
    opened: Sequence[Group]
    resolved: Sequence[Group]
    backlog: Sequence[Group]
    time_to_resolve: Sequence[Group]
    reopened: Sequence[Group]
    ours: Mapping[str, Sequence[Group]]
    theirs: Mapping[str, Sequence[Group]]
    services: Sequence[Group]
    ages: Sequence[Part]
    reassigned: Sequence[Part]

    def reading(self, name: str) -> Reading:
        return next(reading for reading in self.readings if reading.measure.name == name)

    @property
    def is_empty(self) -> bool:
        """Nothing happened in the period and nothing was open."""
        return not any(reading.figure.count for reading in self.readings)


def span_of_records() -> tuple[datetime | None, datetime | None]:
    """When the first incident opened, and when one was opened or resolved last."""
    model = kind_named("incident").model
    ends = model.objects.aggregate(first=Min("opened_at"), opened=Max("opened_at"), resolved=Max("resolved_at"))
    newest = max((moment for moment in (ends["opened"], ends["resolved"]) if moment), default=None)
    return ends["first"], newest


def board(choice: Choice, now: datetime | None = None) -> Board:
    """The dashboard of a period, by what the ledger holds this minute; read anew as soon as it holds more."""
    now = cut_to_millisecond(now or datetime.now(UTC))
    newest = LedgerEntry.objects.order_by("-sequence").values_list("sequence", "digest").first()
    if newest is None:
        return _read(choice, now)
    # The digest tells two ledgers apart that have come equally far, as those of two databases.
    key = (
        newest[0], bytes(newest[1]), choice.period, choice.step, repr(sorted(choice.within.items())),
        timezone.get_current_timezone_name(), translation.get_language(), now.replace(second=0, microsecond=0),
    )  # fmt: skip
    if key not in _remembered:
        _remembered[key] = _read(choice, now)
        while len(_remembered) > REMEMBERED:
            _remembered.popitem(last=False)
    return _remembered[key]


_remembered: OrderedDict[tuple[Any, ...], Board] = OrderedDict()


def _read(choice: Choice, now: datetime) -> Board:
    period, within = choice.period, choice.within
    at = lists.stands_at(period, now)
    cut = buckets(period, choice.step)
    months = _trend_months(at)
    sources = _Sources(choice, cut, months, now)

    opened = measure_named("incidents_opened")
    return Board(
        readings=[sources.reading(measure_named(name)) for name in TILES],
        opened=sources.steps("incidents_opened"),
        resolved=sources.steps("incidents_resolved"),
        backlog=sources.steps("incident_backlog"),
        time_to_resolve=sources.steps_with_spread("incident_mttr"),
        reopened=sources.steps("reopen_rate"),
        ours=sources.shares("incident_sla"),
        theirs=sources.shares("incident_source_sla"),
        services=by_values(opened, lists.parameters(opened, period, within), "service", at),
        ages=spreads.ages(measure_named("incident_backlog"), period, within, now),
        reassigned=spreads.times(measure_named("reassignment_count"), "reassignment_count", period, within),
    )


class _Sources:
    """What adds up is summed and what stands is read once, for tiles, trends and steps alike."""

    def __init__(self, choice: Choice, cut: Sequence[Bucket], months: Sequence[Bucket], now: datetime) -> None:
        self.choice, self.cut, self.months, self.now = choice, cut, months, now
        measures = [measure_named(name) for name in TILES]
        periods = [choice.before, choice.period, *(bucket.period for bucket in (*cut, *months))]
        self._sums = together.sums_over(measures, periods, choice.within)
        ends = [lists.stands_at(one, now) for one in periods]
        self._added: dict[str, Mapping[int, list[float]]] = {}
        self._spells: dict[str, Spells] = {}
        for measure in measures:
            if measure.standing and measure.standing not in self._spells:
                self._spells[measure.standing] = spells_of(measure, min(ends), max(ends), choice.within)

    def figure(self, measure: Measure, period: Period) -> Figure:
        """The figure of a period, without the spread of a mean."""
        if measure.at:
            return self._sums[measure.name].figure(period)
        spells, at = self._spells[measure.standing], lists.stands_at(period, self.now)
        return spells.mean_age(at, measure.scale) if measure.how == "mean" else spells.count(at)

    def whole(self, measure: Measure) -> Figure:
        """The figure of the chosen period, with the spread of a mean."""
        if measure.how != "mean":
            return self.figure(measure, self.choice.period)
        at = lists.stands_at(self.choice.period, self.now)
        if measure.standing:
            return self._spells[measure.standing].ages(at, measure.scale)
        return mean([value for values in self._values(measure).values() for value in values], measure.scale)

    def steps(self, name: str) -> list[Group]:
        """A measure step by step, without the spread of a mean."""
        measure = measure_named(name)
        return [self._group(measure, bucket, self.figure(measure, bucket.period)) for bucket in self.cut]

    def steps_with_spread(self, name: str) -> list[Group]:
        """A mean step by step, with its spread."""
        measure = measure_named(name)
        values = self._values(measure)
        return [
            self._group(measure, bucket, mean(values.get(at, []), measure.scale)) for at, bucket in enumerate(self.cut)
        ]

    def shares(self, name: str) -> Mapping[str, Sequence[Group]]:
        """A share by the dimensions in which ours and the source's are compared."""
        measure = measure_named(name)
        return shares_by(measure, self._given(measure, self.choice.period), COMPARED)

    def reading(self, measure: Measure) -> Reading:
        given = self._given(measure, self.choice.period)
        return Reading(
            measure=measure,
            figure=self.whole(measure),
            before=self.figure(measure, self.choice.before),
            trend=[self.figure(measure, bucket.period).value for bucket in self.months],
            url=lists.address(measure.kind, given),
        )

    def _values(self, measure: Measure) -> Mapping[int, list[float]]:
        """What each record of the chosen period adds, by the step it falls into; read once."""
        if measure.name not in self._added:
            step = Which(measure.at, [bucket.period for bucket in self.cut])
            given = self._given(measure, self.choice.period)
            self._added[measure.name] = values_by(measure, given, step, self.choice.period.end) if self.cut else {}
        return self._added[measure.name]

    def _group(self, measure: Measure, bucket: Bucket, figure: Figure) -> Group:
        url = lists.address(measure.kind, self._given(measure, bucket.period))
        return Group(bucket.key, bucket.title, figure, url)

    def _given(self, measure: Measure, period: Period) -> lists.Parameters:
        return lists.parameters(measure, period, self.choice.within, self.now)


def _trend_months(until: datetime) -> list[Bucket]:
    """The months up to a moment, the last one as far as it has come."""
    year = Period(until.replace(year=until.year - 1, day=1), until)
    return buckets(year, "month")[-TREND_MONTHS:]
