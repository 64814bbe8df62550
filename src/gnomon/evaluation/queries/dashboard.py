"""Incidents in pictures, read in a number of queries that does not grow with the records."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.utils import timezone, translation

from gnomon.evaluation.choices import Choice
from gnomon.evaluation.figures import Figure, mean
from gnomon.evaluation.periods import Bucket, buckets, cut_to_millisecond
from gnomon.evaluation.queries import lists, spreads
from gnomon.evaluation.queries.counting import values_by
from gnomon.evaluation.queries.measures import Group, by_values, measure_named, shares_by
from gnomon.evaluation.queries.over_time import Which
from gnomon.evaluation.queries.sources import Sources
from gnomon.evaluation.queries.spreads import Part
from gnomon.jobs.moments import moment
from gnomon.records.kinds import kind_named
from gnomon.records.models import LedgerEntry
from gnomon.standard.plugs import Measure

READ = (
    "incidents_opened", "incidents_resolved", "incident_backlog", "reopen_rate", "incident_sla", "incident_source_sla",
)  # fmt: skip
COMPARED = ("priority", "team")
REMEMBERED = 8


@dataclass(frozen=True, slots=True)
class Reading:
    """A measure in the period, and the list of what it counts."""

    measure: Measure
    figure: Figure
    url: str


@dataclass(frozen=True, slots=True)
class Board:
    """What the pictures show of a period."""

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


def span_of_records() -> tuple[datetime | None, datetime | None]:
    """When the first incident opened, and when one was opened or resolved last: three looks into indexes at once."""
    table = connection.ops.quote_name(kind_named("incident").model._meta.db_table)
    ends = ("MIN(opened_at)", "MAX(opened_at)", "MAX(resolved_at)")
    with connection.cursor() as cursor:
        # Asked for together, SQLite would read the whole table for them.
        cursor.execute("SELECT " + ", ".join(f"(SELECT {end} FROM {table})" for end in ends))
        first, opened, resolved = (None if at is None else moment(at) for at in cursor.fetchone())
    return first, max((one for one in (opened, resolved) if one), default=None)


def board(choice: Choice, now: datetime | None = None) -> Board:
    """The pictures of a period, by what the ledger holds this minute; read anew as soon as it holds more."""
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
    measures = [measure_named(name) for name in READ]
    sources = Sources(measures, [period, *(bucket.period for bucket in cut)], within, now)
    steps = {measure.name: [sources.group(measure, bucket) for bucket in cut] for measure in measures}
    opened = measure_named("incidents_opened")
    return Board(
        readings=[
            Reading(measure, sources.figure(measure, period), sources.url(measure, period)) for measure in measures
        ],
        opened=steps["incidents_opened"],
        resolved=steps["incidents_resolved"],
        backlog=steps["incident_backlog"],
        time_to_resolve=_with_spread(measure_named("incident_mttr"), sources, choice, cut),
        reopened=steps["reopen_rate"],
        ours=_shares(measure_named("incident_sla"), sources, choice),
        theirs=_shares(measure_named("incident_source_sla"), sources, choice),
        services=by_values(opened, sources.given(opened, period), "service", at),
        ages=spreads.ages(measure_named("incident_backlog"), period, within, now),
        reassigned=spreads.times(measure_named("reassignment_count"), "reassignment_count", period, within),
    )


def _shares(measure: Measure, sources: Sources, choice: Choice) -> Mapping[str, Sequence[Group]]:
    """A share by the dimensions in which ours and the source's are compared."""
    return shares_by(measure, sources.given(measure, choice.period), COMPARED)


def _with_spread(measure: Measure, sources: Sources, choice: Choice, cut: Sequence[Bucket]) -> list[Group]:
    """A mean step by step, with its spread; what each record adds is read once."""
    step = Which(measure.at, [bucket.period for bucket in cut])
    values = values_by(measure, sources.given(measure, choice.period), step, choice.period.end) if cut else {}
    return [
        Group(bucket.key, bucket.title, mean(values.get(at, []), measure.scale), sources.url(measure, bucket.period))
        for at, bucket in enumerate(cut)
    ]
