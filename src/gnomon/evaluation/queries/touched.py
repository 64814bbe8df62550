"""Which days could have come out differently since they were counted: those of the records of which more was told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from gnomon.evaluation.models import TallyMark
from gnomon.evaluation.queries.counting import in_milliseconds, raw_rows
from gnomon.evaluation.queries.positions import Place, is_of_another_ledger, unseen_after
from gnomon.jobs.moments import moment
from gnomon.records.kinds import Kind, kind_named
from gnomon.records.ledger.reading import rows

Touched = Mapping[str, Collection[date]]  # by field: the days on which a record's moment lay or lies
# With more entries than these since, whoever looks counts from the records themselves.
MANY = 5_000
AT_ONCE = 500
_decode = msgspec.json.Decoder(dict[str, Any]).decode


def touched_since(mark: TallyMark, fields: Sequence[str]) -> Touched | None:
    """The days since a mark, by field; None when it is of another ledger, or too much happened."""
    place = place_of(mark)
    if is_of_another_ledger(place):
        return None
    after = unseen_after(mark.kind, place)
    query = "SELECT number, facts FROM records_ledgerentry WHERE kind = %s AND sequence > %s ORDER BY sequence LIMIT %s"
    told = rows(query, [mark.kind, after, MANY + 1])
    if len(told) > MANY:
        return None
    zone, days = ZoneInfo(mark.zone), defaultdict[str, set[date]](set)
    for _number, facts in told:
        for name, pair in _decode(facts).items():
            if name in fields and isinstance(pair, list):
                days[name].update(_day(datetime.fromisoformat(text), zone) for text in pair if isinstance(text, str))
    for name, at in _present(kind_named(mark.kind), sorted({number for number, _facts in told}), fields):
        days[name].add(_day(at, zone))
    return days


def place_of(mark: TallyMark) -> Place:
    """Where the ledger stood when the days of a mark were counted."""
    return Place(mark.sequence, mark.digest, mark.settled, mark.between, mark.earlier)


def _present(kind: Kind, numbers: Sequence[str], fields: Sequence[str]) -> list[tuple[str, datetime]]:
    """The moments that the records hold now."""
    found = []
    columns: list[Any] = [in_milliseconds(name) for name in fields]
    for start in range(0, len(numbers), AT_ONCE):
        query = kind.model.objects.filter(number__in=numbers[start : start + AT_ONCE]).order_by()
        for row in raw_rows(query.values_list(*columns)):
            found += [(name, moment(at)) for name, at in zip(fields, row, strict=True) if at is not None]
    return found


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()
