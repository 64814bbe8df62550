"""What is counted beforehand: measures that put records into periods, and the begin and end of what stands."""

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
# Another one makes all be counted anew: what is kept is not what it was.
FORMAT = 4
# The dimensions by which dashboards group and narrow.
KEPT_BY = ("service", "team", "priority", "customer")


@dataclass(frozen=True)
class Series:
    """A measure by its moment; of what stands, by the moment when it began (`begun`) and when it ended (`gone`)."""

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
        """The moment that decides about the period, as an expression over the columns."""
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
        """The dimensions that are kept beside it."""
        return tuple(name for name in KEPT_BY if name in self.measure.dimensions)

    @property
    def has_number(self) -> bool:
        """Whether a number is kept: of a mean what a record adds, of what began when it ended, of what ended when it
        began."""
        return bool(self.side) or self.measure.how == "mean"

    @property
    def holds(self) -> str:
        """The column of those that keep a share."""
        return f"{self.name} holds"

    @property
    def number(self) -> str:
        """The column of the number."""
        return f"{self.name} number"

    @property
    def numbered(self) -> str:
        """The column of those that have one."""
        return f"{self.name} numbered"


def series_of(kinds: Sequence[str] | None, measures: Mapping[str, Measure]) -> list[Series]:
    """All that can be counted beforehand, of some kinds or of all."""
    found: list[Series] = []
    for measure in measures.values():
        if (kinds is None or measure.kind in kinds) and is_tallied(measure):
            found += _sides(measure, measures)
    return found


def is_tallied(measure: Measure) -> bool:
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
    """Series by the moment that they look at: those of one moment are counted together."""
    found: dict[tuple[str, ...], list[Series]] = defaultdict(list)
    for one in wanted:
        found[one.measure.kind, *one.fields].append(one)
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
