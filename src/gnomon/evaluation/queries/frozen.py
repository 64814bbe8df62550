"""The list behind a figure of the past: the records that it counts by what the ledger knew of then.

The columns say how records are now, so the list is told which figure it stands behind, and counts it again. However
many records that are, they are those of the figure; and what is told late changes both alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode

from django.db import models
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from gnomon.evaluation.queries import dimensions, lists, past
from gnomon.evaluation.queries.lists import Within
from gnomon.jobs.moments import written
from gnomon.records.kinds import Kind
from gnomon.records.queries.together import one_of_numbers
from gnomon.records.refusals import InvalidFacts
from gnomon.standard.periods import Period
from gnomon.standard.plugs import Measure

NAME = "figure"
OWN = ("measure", "from", "to", "as_of", "by", "key")


@dataclass(frozen=True)
class Frozen:
    """Which figure: a measure of a period as of a moment, narrowed, and of one value of a dimension when it is named."""

    measure: Measure
    period: Period
    as_of: datetime
    within: Within
    by: str = ""
    key: str = ""

    @property
    def address(self) -> str:
        """The address of the list of the records that it counts."""
        told: dict[str, Any] = {
            "measure": self.measure.name, "from": written(self.period.start), "to": written(self.period.end),
            "as_of": written(self.as_of), **({"by": self.by, "key": self.key} if self.by else {}), **self.within,
        }  # fmt: skip
        return lists.address(self.measure.kind, {NAME: [urlencode(told, doseq=True)]})

    def numbers(self) -> Sequence[str]:
        """The numbers of the records that it counts."""
        if not self.by:
            return past.counted(self.measure, self.period, self.within, self.as_of)[1]
        _whole, groups = past.counted_by(self.measure, self.period, self.within, self.as_of, self.by)
        return [
            number for raw, (_figure, numbers) in groups.items() if _word(raw) == self.key for number in numbers
        ]  # fmt: skip


def those_counted(kind: Kind, query: models.QuerySet[Any], wanted: str) -> models.QuerySet[Any]:
    """The part of a query that a figure of the past counts; InvalidFacts when the value names none."""
    return query.filter(number__in=one_of_numbers(_frozen(kind, wanted).numbers()))


def in_words(kind: Kind, wanted: str) -> str:
    """`Roles that somebody holds, as of 30 June`; the value itself when it means nothing."""
    try:
        found = _frozen(kind, wanted)
    except InvalidFacts:
        return wanted
    says = _("%(measure)s, as of %(moment)s")
    return says % {
        "measure": found.measure.title,
        "moment": date_format(localtime(found.as_of), "SHORT_DATETIME_FORMAT"),
    }


def _frozen(kind: Kind, wanted: str) -> Frozen:
    from gnomon.evaluation.queries.measures import NoSuchMeasure, check_dimension, check_narrowing, measure_named

    told = parse_qs(wanted)
    try:
        measure = measure_named(_only(told, "measure"))
        start, end, as_of = (_moment(_only(told, name)) for name in ("from", "to", "as_of"))
        by = _only(told, "by") if "by" in told else ""
        within = {name: values for name, values in told.items() if name not in OWN}
        check_dimension(measure, by)
        check_narrowing(measure, within)
        if measure.kind != kind.name or start > end:
            raise ValueError(wanted)
        return Frozen(measure, Period(start, end), as_of, within, by, _only(told, "key") if by else "")
    except (NoSuchMeasure, ValueError, OverflowError):
        says = _("“%(value)s” names no figure; open the list from the figure itself.") % {"value": wanted[:80]}
        raise InvalidFacts(says, {NAME: says}) from None


def _only(told: Mapping[str, Sequence[str]], name: str) -> str:
    (value,) = told.get(name, ())
    return value


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _word(raw: Any) -> str:
    return dimensions.key_text(raw) or dimensions.NONE
