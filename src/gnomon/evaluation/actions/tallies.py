"""Count the days anew whose records changed since they were counted (9.1)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from gnomon.evaluation.models import DayTally, TallyMark
from gnomon.evaluation.queries.day_cells import STANDS, Cell, by_packed, count_cells, ends_of, numbers_packed
from gnomon.evaluation.queries.day_counts import day_in, days_of
from gnomon.evaluation.queries.measures import measures
from gnomon.evaluation.queries.positions import Place, has_late_ones, place_now
from gnomon.evaluation.queries.touched import place_of, touched_since
from gnomon.evaluation.series import Series, alike, series_of

# So often all is counted anew, for columns that were put right without an entry, such as verdicts of clocks.
WHOLE = timedelta(days=1)
AT_ONCE = 1_000


def amend_tallies(*, anew: bool = False, now: datetime | None = None) -> int:
    """Bring the counts of all days up to the ledger as it stands, all of them `anew` when asked for; how many rows."""
    now = now or datetime.now(UTC)
    by_kind: dict[str, list[Series]] = {}
    for one in series_of(None, measures()):
        by_kind.setdefault(one.measure.kind, []).append(one)
    return sum(_amend(kind, some, anew, now) for kind, some in by_kind.items())


def _amend(kind: str, wanted: Sequence[Series], anew: bool, now: datetime) -> int:
    mark = TallyMark.objects.filter(kind=kind, zone=settings.TIME_ZONE).first()
    # First where the ledger stands, then the counts: what is told in between is counted again next time.
    at = place_now(kind, place_of(mark) if mark is not None else None, now)
    definitions = {one.name: one.definition for one in wanted}
    if mark is not None and not anew and mark.definitions == definitions and now - mark.whole_at < WHOLE:
        before = place_of(mark)
        if (at.sequence, at.digest) == (before.sequence, before.digest) and not has_late_ones(kind, before):
            return 0
        touched = touched_since(mark, sorted({name for one in wanted for name in one.fields}))
        if touched is not None:
            days = {one.name: {day for name in one.fields for day in touched.get(name, ())} for one in wanted}
            return _keep(kind, wanted, days, at, mark.whole_at)
    return _keep(kind, wanted, None, place_now(kind, None, now), now)


def _keep(
    kind: str, wanted: Sequence[Series], days: Mapping[str, Collection[date]] | None, at: Place, whole_at: datetime
) -> int:
    rows = _counted(wanted, days)
    with transaction.atomic():
        for one in wanted:
            old = DayTally.objects.filter(series=one.name)
            (old if days is None else old.filter(day__in=days[one.name])).delete()
        DayTally.objects.bulk_create(rows, batch_size=AT_ONCE)
        TallyMark.objects.update_or_create(
            kind=kind,
            defaults={
                "sequence": at.sequence, "digest": at.digest, "settled": at.settled, "between": at.between,
                "earlier": at.earlier,
                "definitions": {one.name: one.definition for one in wanted}, "zone": settings.TIME_ZONE,
                "whole_at": whole_at,
            },
        )  # fmt: skip
    return len(rows)


def _counted(wanted: Sequence[Series], days: Mapping[str, Collection[date]] | None) -> list[DayTally]:
    zone = ZoneInfo(settings.TIME_ZONE)
    rows = []
    for group in alike(wanted).values():
        first = group[0]
        some = days_of(first.measure.kind, first.fields, zone) if days is None else sorted(days[first.name])
        for name, place, cell in count_cells(group, [day_in(day, zone) for day in some]):
            rows.append(_row(name, some[place], cell))
    return rows


def _row(name: str, day: date, cell: Cell) -> DayTally:
    ends = [end for end in ends_of(cell.numbers) if end != STANDS] if name.endswith(":begun") else []
    return DayTally(
        series=name, day=day, whole=cell.whole, part=cell.part, by=by_packed(cell.by),
        spread=numbers_packed(cell.numbers), ended=len(ends), last_end=max(ends, default=None),
    )  # fmt: skip
