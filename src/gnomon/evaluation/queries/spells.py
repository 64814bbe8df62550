"""How long what stands has stood: the spells of records, read once and asked about many moments."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from itertools import accumulate
from operator import and_
from typing import Any

from django.db.models import F, Q

from gnomon.evaluation.asking import filled, stands_of
from gnomon.evaluation.figures import Figure, counted, mean
from gnomon.evaluation.queries import lists
from gnomon.evaluation.queries.counting import in_milliseconds, raw_rows
from gnomon.evaluation.queries.lists import Within
from gnomon.jobs.moments import milliseconds
from gnomon.records.conditions import earliest
from gnomon.standard.expressions import Stands
from gnomon.standard.plugs import Measure

Spell = tuple[int, int | None]  # milliseconds; no end while it stands


def spells_of(measure: Measure, first: datetime, last: datetime, within: Within) -> Spells:
    """The spells that stood at some moment between two."""
    stands = stands_of(measure)
    start = stands.start
    given = {**filled(measure.among, last), **within}
    records = (
        lists.records_of(measure.kind, given)
        .filter(_began_before(stands, last) & _not_over(stands, first))
        .annotate(spell_end=in_milliseconds(earliest(stands.ends)))
    )
    rows: list[Any] = raw_rows(records.values_list(in_milliseconds(F(start)), "spell_end"))
    return Spells(rows)


def began(measure: Measure, given: lists.Parameters) -> list[int]:
    """When each began of what stands, by the parameters of its list."""
    query = lists.records_of(measure.kind, given).values_list(in_milliseconds(F(stands_of(measure).start)))
    return [at for (at,) in raw_rows(query)]


def _began_before(stands: Stands, last: datetime) -> Q:
    return Q(**{f"{stands.start}__lt": last})


def _not_over(stands: Stands, first: datetime) -> Q:
    """Each end by itself, so that an index of it can serve."""
    return reduce(and_, [Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gte": first}) for end in stands.ends])


class Spells:
    """Sorted once, so that each moment costs two look-ups."""

    def __init__(self, rows: Sequence[Spell]) -> None:
        self.rows = rows
        self._began = sorted(began for began, _ended in rows)
        # What ended before it began, as some sources say, never stood.
        gone = sorted((max(began, ended), began) for began, ended in rows if ended is not None)
        self._ended = [ended for ended, _began in gone]
        self._begun_sums = [0, *accumulate(self._began)]
        self._gone_sums = [0, *accumulate(began for _ended, began in gone)]

    def count(self, at: datetime) -> Figure:
        """How many stood."""
        begun, gone = self._places(milliseconds(at))
        return counted(begun - gone)

    def mean_age(self, at: datetime, scale: float) -> Figure:
        """How long they had stood on average, without the spread."""
        moment = milliseconds(at)
        begun, gone = self._places(moment)
        if begun == gone:
            return mean([])
        total = moment * (begun - gone) - (self._begun_sums[begun] - self._gone_sums[gone])
        return Figure(total / (begun - gone) / scale, begun - gone)

    def ages(self, at: datetime, scale: float) -> Figure:
        """The same with median and 90th percentile."""
        moment = milliseconds(at)
        stood = (began for began, ended in self.rows if began < moment and (ended is None or ended >= moment))
        return mean([moment - began for began in stood], scale)

    def _places(self, moment: int) -> tuple[int, int]:
        return bisect_left(self._began, moment), bisect_left(self._ended, moment)
