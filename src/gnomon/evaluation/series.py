"""What is counted day by day: measures that put records into periods, and the begin and end of what stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Literal

from django.db.models import Case, F, Q, When
from django.db.models.functions import Greatest

from gnomon.evaluation.asking import stands_of
from gnomon.evaluation.definitions import digest
from gnomon.records.conditions import Conditional, earliest
from gnomon.records.kinds import kind_named
from gnomon.standard.expressions import NotLater
from gnomon.standard.plugs import Measure

Side = Literal["", "begun", "gone"]
# Another one makes all days be counted anew: what is kept of a day is not what it was.
FORMAT = 3
# The dimensions by which dashboards group and narrow.
KEPT_BY = ("service", "team", "priority", "customer")


@dataclass(frozen=True)
class Series:
    """A measure by the day of its moment; of what stands, what began on each day (`begun`) and what ended (`gone`)."""

    measure: Measure
    side: Side = ""

    @property
    def name(self) -> str:
        return f"{self.measure.name}:{self.side}" if self.side else self.measure.name

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of which one holds the moment."""
        if not self.side:
            return (self.measure.at,)
        start = stands_of(self.measure).start
        return (start,) if self.side == "begun" else (start, *self.ends)

    @property
    def ends(self) -> tuple[str, ...]:
        """The fields of which the earliest that is filled ends what stands."""
        return stands_of(self.measure).ends if self.side else ()

    @property
    def moment(self) -> Any:
        """The moment that decides about the day, as an expression over the columns."""
        if self.side != "gone":
            return F(self.fields[0])
        begun, ends = self.fields[0], self.ends
        ended = reduce(or_, [Q(**{f"{end}__isnull": False}) for end in ends])
        # What ended before it began, as some sources say, never stood. PostgreSQL's GREATEST passes over what is
        # empty, so that of what has not ended must not be asked.
        return Case(When(ended, then=Greatest(F(begun), earliest(ends))))

    @property
    def definition(self) -> str:
        return f"{FORMAT}.{digest(self.measure)}.{','.join(self.dimensions)}"

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions for each value of which the days are counted too."""
        return tuple(name for name in KEPT_BY if name in self.measure.dimensions)

    @property
    def has_spread(self) -> bool:
        """Whether each number of a day is kept: of a mean what each record adds, of what began when it ended."""
        return self.side == "begun" or (not self.side and self.measure.how == "mean")


def series_of(kinds: Sequence[str] | None, measures: Mapping[str, Measure]) -> list[Series]:
    """All that can be counted day by day, of some kinds or of all."""
    found: list[Series] = []
    for measure in measures.values():
        if (kinds is None or measure.kind in kinds) and is_daily(measure):
            found += _sides(measure, measures)
    return found


def is_daily(measure: Measure) -> bool:
    """Whether a record counts or not by its own columns alone, whenever it is asked.

    What rests on other records, or on the moment of asking, changes without an entry of its own.
    """
    if measure.is_of_register:
        return False
    kind = kind_named(measure.kind)
    for name, value in (*measure.among.items(), *measure.holds.items()):
        lens = kind.lenses.get(name)
        if "{" in value or (isinstance(lens, Conditional) and not isinstance(lens.condition, NotLater)):
            return False
    return True


def alike(wanted: Iterable[Series]) -> Mapping[tuple[str, ...], list[Series]]:
    """Series by the moment that they look at: those of one moment are counted in one query."""
    found: dict[tuple[str, ...], list[Series]] = defaultdict(list)
    for one in wanted:
        found[one.measure.kind, one.side, *one.fields].append(one)
    return found


def spell(measure: Measure) -> Any:
    """Measures of standing records that look at the same spells have the same."""
    return measure.kind, measure.standing, repr(sorted(measure.among.items()))


def spell_sides(measure: Measure, measures: Mapping[str, Measure]) -> tuple[Series, Series]:
    """What began and what ended, under the name of the first measure that looks at the same spells."""
    first = next(one for one in measures.values() if one.standing and spell(one) == spell(measure))
    return Series(first, "begun"), Series(first, "gone")


def _sides(measure: Measure, measures: Mapping[str, Measure]) -> Iterator[Series]:
    if measure.at:
        yield Series(measure)
    elif spell_sides(measure, measures)[0].measure is measure:
        yield from spell_sides(measure, measures)
