"""The records behind the figures of a dashboard, row by row, for whoever wants to count on them (9.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.urls import get_script_prefix
from django.utils.translation import gettext as _

from gnomon.evaluation.boards.pieces import long_unit
from gnomon.evaluation.boards.sheet import Mark, marks
from gnomon.evaluation.mining.choosing import has_field
from gnomon.evaluation.queries import frozen, lists
from gnomon.evaluation.queries.counting import part_of, value_of
from gnomon.evaluation.queries.measures import measure_named
from gnomon.evaluation.reports.plain import Report
from gnomon.records.kinds import Kind, kinds
from gnomon.records.listing import Listing
from gnomon.records.permissions import is_told, may
from gnomon.records.showing import shown
from gnomon.records.views.exports import plain
from gnomon.standard.plugs import Measure

# Of each figure, and of all together: a workbook is read by people.
MOST, MOST_IN_ALL = 1_000, 20_000
SHOWN = ("number", "title", "status", "service", "team", "priority")
BEGINS, ENDS = ("opened_at", "asked_at", "recorded_at"), ("resolved_at", "answered_at", "closed_at")


@dataclass(frozen=True, slots=True)
class Row:
    """A record behind a figure: what it is, when, and what it adds to a mean or counts for in a share."""

    facts: Sequence[str]  # as SHOWN
    began: datetime | None
    ended: datetime | None
    value: float | None
    counts: str
    url: str


@dataclass(frozen=True, slots=True)
class Behind:
    """A figure, how many records stand behind it, and those that are told; `says` why not all."""

    section: str
    figure: str
    unit: str
    total: int
    rows: Sequence[Row]
    says: str = ""


def behind(report: Report) -> Iterator[Behind]:
    """The records behind each whole figure: tiles, and what measures say of the period."""
    left = MOST_IN_ALL
    for mark in marks(report.sheet):
        kind = _kind_of(mark.url) if mark.is_whole else None
        if kind is None:
            continue
        found = _behind(report, mark, kind, min(MOST, left))
        left -= len(found.rows)
        yield found


def _behind(report: Report, mark: Mark, kind: Kind, most: int) -> Behind:
    asked = report.asked
    measure = measure_named(mark.of) if mark.of else None
    named = (mark.section, mark.label or mark.figure, long_unit(measure) if measure else mark.unit)
    if not may(asked.person, "export", kind):
        says = _("Your roles do not permit the export of %(kind)s.") % {"kind": kind.plural}
        return Behind(*named, mark.count or 0, (), says)
    given = parse_qs(urlsplit(mark.url).query)
    listing = Listing(kind, asked.person, given, whole=True)
    total = listing.count() if mark.count is None else mark.count
    related = [name for name in SHOWN if has_field(kind, name) and listing.is_relation(name)]
    query = listing.ordered()
    records = list((query.select_related(*related) if related else query)[:most])
    # What columns say now is no value of a figure of the past.
    adds = _adds(measure, listing, records, report) if measure and frozen.NAME not in given else {}
    rows = [_row(report, kind, record, measure, adds.get(record.pk)) for record in records]
    says = ""
    if len(rows) < total:
        says = _("%(shown)s of %(total)s") % {"shown": f"{len(rows):,}", "total": f"{total:,}"}
    return Behind(*named, total, rows, says)


def _adds(measure: Measure, listing: Listing, records: Sequence[Any], report: Report) -> Mapping[int, Any]:
    """What each record adds to a mean, or whether it counts for a share."""
    at = lists.stands_at(report.asked.choice.period, report.asked.now)
    keys = [record.pk for record in records]
    query: Any = listing.kind.model.objects.filter(pk__in=keys).order_by()
    if measure.how == "mean":
        return dict(query.annotate(adds=value_of(measure, at)).values_list("pk", "adds"))
    if measure.how == "share":
        part = set(query.filter(part_of(measure, at)).values_list("pk", flat=True))
        return {key: key in part for key in keys}
    return {}


def _row(report: Report, kind: Kind, record: Any, measure: Measure | None, adds: Any) -> Row:
    person = report.asked.person

    def fact(name: str) -> str:
        known = has_field(kind, name) and is_told(person, kind, name)
        return plain(shown(kind, record, name)) if known else ""

    def first_of(names: Sequence[str]) -> datetime | None:
        name = next((one for one in names if has_field(kind, one) and is_told(person, kind, one)), "")
        return getattr(record, name) if name else None

    value = None
    if measure is not None and measure.how == "mean" and adds is not None:
        value = float(adds) / measure.scale
    counts = "" if not isinstance(adds, bool) else _("yes") if adds else _("no")
    return Row(
        [fact(name) for name in SHOWN], first_of(BEGINS), first_of(ENDS), value, counts, record.get_absolute_url()
    )


def _kind_of(url: str) -> Kind | None:
    """The kind whose list an address opens."""
    place = urlsplit(url).path.removeprefix(get_script_prefix()).strip("/")
    return next((kind for kind in kinds() if f"{kind.app}/{kind.path}" == place), None)
