"""Bring the counts of days up to the ledger: by what changed since, or all anew (9.1)."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from gnomon.evaluation.models import DayTally, TalliedRecords, TallyMark
from gnomon.evaluation.queries.day_cells import (
    STANDS,
    Cell,
    by_packed,
    by_unpacked,
    count_cells,
    ends_of,
    numbers_packed,
    numbers_unpacked,
)
from gnomon.evaluation.queries.day_counts import day_in, days_of
from gnomon.evaluation.queries.differences import (
    TOGETHER,
    Changed,
    Difference,
    Reader,
    amended,
    changed,
    line_of,
    packed,
    told_since,
    unpacked,
)
from gnomon.evaluation.queries.measures import measures
from gnomon.evaluation.queries.positions import Place, has_late_ones, place_now, place_of
from gnomon.evaluation.series import Series, alike, series_of
from gnomon.jobs.moments import moment
from gnomon.records.ledger import settled
from gnomon.records.ledger.reading import one_moment
from gnomon.records.queries.together import one_of

# So often all is counted anew, for columns that were put right without an entry, such as verdicts of clocks.
WHOLE = timedelta(days=1)
AT_ONCE = 1_000


@dataclass
class Counted:
    """What is to be kept of a kind, in place of what is kept of these days and records, or of all of them."""

    place: Place
    whole_at: datetime
    rows: Sequence[DayTally]
    records: Sequence[TalliedRecords]
    days: Mapping[str, Sequence[date]] | None = None


def amend_tallies(*, anew: bool = False, now: datetime | None = None) -> int:
    """Bring the counts of all days up to the ledger as it stands, all of them `anew` when asked for; how many rows."""
    now = now or datetime.now(UTC)
    by_kind: dict[str, list[Series]] = defaultdict(list)
    for one in series_of(None, measures()):
        by_kind[one.measure.kind].append(one)
    return sum(_amend(Reader(some), some, anew, now) for some in by_kind.values())


def _amend(reader: Reader, wanted: Sequence[Series], anew: bool, now: datetime) -> int:
    settled.look(settled.PATIENCE)
    # Days and records are counted as they stand at one moment: a change between would be lost or counted twice.
    with one_moment():
        mark = TallyMark.objects.filter(kind=reader.kind.name).first()
        found = None
        if mark is not None and not anew and _is_good(mark, wanted, now):
            before = place_of(mark)
            at = place_now(mark.kind, before)
            if (at.sequence, at.digest) == (before.sequence, before.digest) and not has_late_ones(mark.kind, before):
                return 0
            told = told_since(mark, before)
            if told is not None:
                found = _changed(mark, at, reader, wanted, changed(mark, reader, list(told)))
        if found is None:
            found = _whole(reader, wanted, now)
    return _keep(reader, wanted, mark, found)


def _is_good(mark: TallyMark, wanted: Sequence[Series], now: datetime) -> bool:
    defined = mark.zone == settings.TIME_ZONE and mark.definitions == _definitions(wanted)
    return defined and now - mark.whole_at < WHOLE


def _whole(reader: Reader, wanted: Sequence[Series], now: datetime) -> Counted:
    place, zone = place_now(reader.kind.name), ZoneInfo(settings.TIME_ZONE)
    rows = []
    for group in alike(wanted).values():
        days = days_of(reader.kind.name, group[0].fields, zone)
        for name, at, cell in count_cells(group, [day_in(day, zone) for day in days]):
            rows.append(_row(name, days[at], cell))
    lines = (line_of(key, row, reader.names) for key, row in reader.rows())
    records = [TalliedRecords(kind=reader.kind.name, block=block, rows=some) for block, some in packed(lines)]
    return Counted(place, now, rows, records)


def _changed(mark: TallyMark, place: Place, reader: Reader, wanted: Sequence[Series], changes: Changed) -> Counted:
    """The days of what changed, with the differences that it makes, and the lines of the records themselves."""
    zone, days = ZoneInfo(mark.zone), {}
    rows: list[DayTally] = []
    by_day: dict[str, dict[date, list[Difference]]] = defaultdict(lambda: defaultdict(list))
    for _key, before, now in changes.values():
        for name, some in reader.differences(before, now).items():
            for one in some:
                by_day[name][moment(one.adds.at).astimezone(zone).date()].append(one)
    for series in wanted:
        found = by_day[series.name]
        days[series.name] = list(found)
        kept = {one.day: one for one in DayTally.objects.filter(series=series.name, day__in=list(found))}
        cells = {day: amended(series, _cell(kept.get(day)), some) for day, some in found.items()}
        rows += [_row(series.name, day, cell) for day, cell in cells.items() if cell.whole]
    return Counted(place, mark.whole_at, rows, _records(mark, reader, changes), days)


def _records(mark: TallyMark, reader: Reader, changes: Changed) -> list[TalliedRecords]:
    """The pieces that hold records that changed, as they are now."""
    blocks = {key // TOGETHER for key, _before, _now in changes.values()}
    kept = TalliedRecords.objects.filter(kind=mark.kind, block__in=one_of(blocks)).values_list("rows", flat=True)
    lines = {line[0]: line for piece in kept for line in unpacked(piece)}
    lines |= {key: line_of(key, now, reader.names) for key, _before, now in changes.values()}
    pieces = packed(lines[key] for key in sorted(lines))
    return [TalliedRecords(kind=mark.kind, block=block, rows=some) for block, some in pieces]


def _keep(reader: Reader, wanted: Sequence[Series], mark: TallyMark | None, found: Counted) -> int:
    kind, days = reader.kind.name, found.days
    with transaction.atomic():
        now = TallyMark.objects.select_for_update().filter(kind=kind).first()
        if (now and now.turn) != (mark and mark.turn):
            return 0  # somebody else counted meanwhile
        for one in wanted:
            old = DayTally.objects.filter(series=one.name)
            (old if days is None else old.filter(day__in=days.get(one.name, ()))).delete()
        records = TalliedRecords.objects.filter(kind=kind)
        (records if days is None else records.filter(block__in=one_of([one.block for one in found.records]))).delete()
        DayTally.objects.bulk_create(found.rows, batch_size=AT_ONCE)
        TalliedRecords.objects.bulk_create(found.records, batch_size=AT_ONCE)
        TallyMark.objects.update_or_create(
            kind=kind,
            defaults={
                **asdict(found.place), "definitions": _definitions(wanted), "columns": reader.names,
                "zone": settings.TIME_ZONE, "turn": now.turn + 1 if now else 1, "whole_at": found.whole_at,
            },
        )  # fmt: skip
    return len(found.rows)


def _definitions(wanted: Sequence[Series]) -> dict[str, str]:
    return {one.name: one.definition for one in wanted}


def _cell(kept: DayTally | None) -> Cell:
    if kept is None:
        return Cell(0, 0, {}, array("q"))
    by = {name: {key: (whole, part) for key, whole, part in of} for name, of in by_unpacked(kept.by).items()}
    return Cell(kept.whole, kept.part, by, numbers_unpacked(kept.spread))


def _row(name: str, day: date, cell: Cell) -> DayTally:
    ends = [end for end in ends_of(cell.numbers) if end != STANDS] if name.endswith(":begun") else []
    return DayTally(
        series=name, day=day, whole=cell.whole, part=cell.part, by=by_packed(cell.by),
        spread=numbers_packed(cell.numbers), ended=len(ends), last_end=max(ends, default=None),
    )  # fmt: skip
