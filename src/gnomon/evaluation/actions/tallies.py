"""Bring what is counted up to the ledger: by what changed since, or all anew (9.1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Any

from django.db import transaction

from gnomon.evaluation.models import TalliedColumn, TalliedRecords, TallyMark
from gnomon.evaluation.queries.adding import Reader
from gnomon.evaluation.queries.differences import TOGETHER, Changed, changed, packed, told_since, unpacked
from gnomon.evaluation.queries.measures import measures
from gnomon.evaluation.queries.positions import Place, has_late_ones, place_now, place_of
from gnomon.evaluation.queries.stretches import Column, Row, Stretch, column_packed, column_unpacked
from gnomon.evaluation.series import Series, series_of
from gnomon.records.ledger import settled
from gnomon.records.ledger.reading import one_moment, rarely_collected
from gnomon.records.queries.together import one_of

# So often all is counted anew, for columns that were put right without an entry, such as verdicts of clocks.
WHOLE = timedelta(days=1)
AT_ONCE = 500

Places = dict[tuple[str, int], Stretch]  # by moment and stretch


@dataclass
class Counted:
    """What is to be kept of a kind, in place of what is kept of these stretches and records, or of all of them."""

    place: Place
    whole_at: datetime
    stretches: Places
    records: Sequence[TalliedRecords]
    is_whole: bool


def amend_tallies(*, anew: bool = False, now: datetime | None = None) -> int:
    """Bring what is counted up to the ledger as it stands, all of it `anew` when asked for; how many columns."""
    now = now or datetime.now(UTC)
    by_kind: dict[str, list[Series]] = defaultdict(list)
    for one in series_of(None, measures()):
        by_kind[one.measure.kind].append(one)
    return sum(_amend(Reader(some), some, anew, now) for some in by_kind.values())


def _amend(reader: Reader, wanted: Sequence[Series], anew: bool, now: datetime) -> int:
    settled.look(settled.PATIENCE)
    # All is counted as it stands at one moment: a change between would be lost or counted twice.
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
                found = _changed(mark, at, reader, changed(mark, reader, list(told)))
        if found is None:
            found = _whole(reader, now)
    return _keep(reader, wanted, mark, found)


def _is_good(mark: TallyMark, wanted: Sequence[Series], now: datetime) -> bool:
    return bool(mark.definitions == _definitions(wanted) and now - mark.whole_at < WHOLE)


def _whole(reader: Reader, now: datetime) -> Counted:
    place = place_now(reader.kind.name)
    found: dict[tuple[str, int], Stretch] = {}

    def lines() -> Iterator[list[Any]]:
        for page in reader.pages():
            for group, stretch, rows in page.placed:
                found.setdefault((group.moment, stretch), Stretch(group.forms)).add(rows)
            yield from page.lines

    with rarely_collected():
        records = [TalliedRecords(kind=reader.kind.name, block=block, rows=some) for block, some in packed(lines())]
    return Counted(place, now, found, records, True)


def _changed(mark: TallyMark, place: Place, reader: Reader, changes: Changed) -> Counted:
    """The stretches that changed records lay in and lie in, and the lines of the records themselves."""
    gone: dict[tuple[str, int], list[Row]] = defaultdict(list)
    came: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for _key, before, now in changes.values():
        then, after = reader.placed(before) if before is not None else {}, reader.placed(now)
        for at in {*then, *after}:
            if then.get(at) != after.get(at):
                if at in then:
                    gone[at].append(then[at])
                if at in after:
                    came[at].append(after[at])
    stretches = _kept(reader, {*gone, *came})
    for at, stretch in stretches.items():
        for row in gone[at]:
            stretch.remove(row)
        if came[at]:
            stretch.add({name: [row[name] for row in came[at]] for name in stretch.columns})
    return Counted(place, mark.whole_at, stretches, _records(mark, reader, changes), False)


def _kept(reader: Reader, places: set[tuple[str, int]]) -> Places:
    """Stretches as they are kept, empty ones where nothing is."""
    forms = {group.moment: group.forms for group in reader.groups}
    columns: dict[tuple[str, int], dict[str, Column]] = defaultdict(dict)
    sizes: dict[tuple[str, int], int] = {}
    by_moment: dict[str, list[int]] = defaultdict(list)
    for moment, stretch in places:
        by_moment[moment].append(stretch)
    for moment, some in by_moment.items():
        for one in TalliedColumn.objects.filter(kind=reader.kind.name, moment=moment, stretch__in=some):
            columns[moment, one.stretch][one.name] = column_unpacked(one.planes, one.size)
            sizes[moment, one.stretch] = one.size
    return {at: Stretch(forms[at[0]], columns.get(at), sizes.get(at, 0)) for at in places}


def _records(mark: TallyMark, reader: Reader, changes: Changed) -> list[TalliedRecords]:
    """The pieces that hold records that changed, as they are now."""
    blocks = {key // TOGETHER for key, _before, _now in changes.values()}
    kept = TalliedRecords.objects.filter(kind=mark.kind, block__in=one_of(blocks)).values_list("rows", flat=True)
    lines = {line[0]: line for piece in kept for line in unpacked(piece)}
    lines |= {key: [key, *(now[name] for name in reader.names)] for key, _before, now in changes.values()}
    pieces = packed(lines[key] for key in sorted(lines))
    return [TalliedRecords(kind=mark.kind, block=block, rows=some) for block, some in pieces]


def _keep(reader: Reader, wanted: Sequence[Series], mark: TallyMark | None, found: Counted) -> int:
    kind = reader.kind.name
    with transaction.atomic():
        now = TallyMark.objects.select_for_update().filter(kind=kind).first()
        if (now and now.turn) != (mark and mark.turn):
            return 0  # somebody else counted meanwhile
        columns, records = TalliedColumn.objects.filter(kind=kind), TalliedRecords.objects.filter(kind=kind)
        if found.is_whole:
            columns.delete()
            records.delete()
        else:
            for moment, stretch in found.stretches:
                columns.filter(moment=moment, stretch=stretch).delete()
            records.filter(block__in=one_of([one.block for one in found.records])).delete()
        count = sum(len(TalliedColumn.objects.bulk_create(_rows(kind, *one))) for one in _taken_from(found.stretches))
        TalliedRecords.objects.bulk_create(found.records, batch_size=AT_ONCE)
        TallyMark.objects.update_or_create(
            kind=kind,
            defaults={
                **asdict(found.place), "definitions": _definitions(wanted), "columns": reader.names,
                "turn": now.turn + 1 if now else 1, "whole_at": found.whole_at,
            },
        )  # fmt: skip
    return count


def _taken_from(stretches: Places) -> Iterator[tuple[tuple[str, int], Stretch]]:
    """One after another, and let go of: of very many records, only one is held in both forms."""
    while stretches:
        yield stretches.popitem()


def _rows(kind: str, at: tuple[str, int], stretch: Stretch) -> Iterator[TalliedColumn]:
    version = token_hex(8)
    for name, column in stretch.columns.items() if stretch.size else ():
        yield TalliedColumn(
            kind=kind, moment=at[0], stretch=at[1], name=name, size=stretch.size, version=version,
            planes=column_packed(column, stretch.size),
        )  # fmt: skip


def _definitions(wanted: Sequence[Series]) -> dict[str, str]:
    return {one.name: one.definition for one in wanted}
