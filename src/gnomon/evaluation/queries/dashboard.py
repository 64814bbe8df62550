"""Incidents in pictures, read in a number of queries that does not grow with the records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from gnomon.evaluation.choices import Choice
from gnomon.evaluation.figures import Figure, mean
from gnomon.evaluation.periods import Bucket, buckets
from gnomon.evaluation.queries import spreads
from gnomon.evaluation.queries.counting import values_by
from gnomon.evaluation.queries.measures import Group, measure_named
from gnomon.evaluation.queries.over_time import Which
from gnomon.evaluation.queries.sources import Sources
from gnomon.evaluation.queries.spreads import Part
from gnomon.jobs.moments import moment
from gnomon.records.kinds import kind_named
from gnomon.standard.periods import Period
from gnomon.standard.plugs import Measure

READ = (
    "incidents_opened", "incidents_resolved", "incident_backlog", "reopen_rate", "incident_sla", "incident_source_sla",
)  # fmt: skip
COMPARED = ("priority", "team")


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


def periods_of(choice: Choice) -> list[Period]:
    """The period and its steps, of which the pictures show figures."""
    return [choice.period, *(bucket.period for bucket in buckets(choice.period, choice.step))]


def board(choice: Choice, sources: Sources) -> Board:
    """The pictures of a period, from sources that know its measures and periods."""
    period, cut = choice.period, buckets(choice.period, choice.step)
    measures = [measure_named(name) for name in READ]
    steps = {measure.name: [sources.group(measure, bucket) for bucket in cut] for measure in measures}
    return Board(
        readings=[
            Reading(measure, sources.figure(measure, period), sources.url(measure, period)) for measure in measures
        ],
        opened=steps["incidents_opened"],
        resolved=steps["incidents_resolved"],
        backlog=steps["incident_backlog"],
        time_to_resolve=_with_spread(measure_named("incident_mttr"), sources, choice, cut),
        reopened=steps["reopen_rate"],
        ours=sources.shares_by(measure_named("incident_sla"), period, COMPARED),
        theirs=sources.shares_by(measure_named("incident_source_sla"), period, COMPARED),
        services=sources.shares_by(measure_named("incidents_opened"), period, ["service"])["service"],
        ages=spreads.ages(measure_named("incident_backlog"), sources, period),
        reassigned=spreads.times(measure_named("reassignment_count"), "reassignment_count", sources, period),
    )


def _with_spread(measure: Measure, sources: Sources, choice: Choice, cut: Sequence[Bucket]) -> list[Group]:
    """A mean step by step, with its spread; what each record adds is read once."""
    tallied = sources.spreads(measure)
    if tallied is not None:
        return [
            Group(one.key, one.title, tallied.figure(one.period, measure.scale), sources.url(measure, one.period))
            for one in cut
        ]
    step = Which(measure.at, [bucket.period for bucket in cut])
    values = values_by(measure, sources.given(measure, choice.period), step, choice.period.end) if cut else {}
    return [
        Group(bucket.key, bucket.title, mean(values.get(at, []), measure.scale), sources.url(measure, bucket.period))
        for at, bucket in enumerate(cut)
    ]
