"""The values of a dimension: services, teams, priorities, customers, categories."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import models
from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from gnomon.evaluation.figures import Figure, counted, share
from gnomon.evaluation.queries.counting import add, figures_by, part_of
from gnomon.evaluation.queries.lists import Parameters, records_of
from gnomon.records.kinds import kind_named
from gnomon.standard.plugs import Measure, Says

# What the list page takes for “not filled”.
NONE = "none"


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a dimension: the word that the list page takes for it, and what people call it."""

    key: str
    title: Says


def figures(measure: Measure, given: Parameters, field_name: str, stands_at: datetime) -> list[tuple[Value, Figure]]:
    """The figure for each value that occurs, those of most records first; priorities in their own order."""
    field: Any = kind_named(measure.kind).model._meta.get_field(field_name)
    return ordered(field, figures_by(measure, given, F(field.attname), stands_at))


def ordered(field: Any, found: Mapping[Any, Figure], key: str = "pk") -> list[tuple[Value, Figure]]:
    """Figures with the names of their values; `key` is what the values of a relation are known by."""
    names = _names(field, found, key)
    rows = [(names[raw], figure) for raw, figure in found.items()]
    if field.choices:
        order = [str(value) for value, _title in field.flatchoices] + [NONE]
        return sorted(rows, key=lambda row: order.index(row[0].key) if row[0].key in order else len(order))
    return sorted(rows, key=lambda row: (-row[1].count, str(row[0].title)))


def key_text(raw: Any) -> str:
    """The word of the list page for a value that is known as engines hold it."""
    return NONE if raw is None else str(raw)


def counts_by(measure: Measure, given: Parameters, names: Sequence[str]) -> Mapping[str, Mapping[Any, tuple[int, int]]]:
    """Whole and part for each value of several dimensions, counted in one pass: they add up."""
    fields: list[Any] = [kind_named(measure.kind).model._meta.get_field(name) for name in names]
    columns = [field.attname for field in fields]
    part = part_of(measure, datetime.now(UTC)) if measure.how == "share" else Q()
    rows = records_of(measure.kind, given).values(*columns)
    counted_by = rows.annotate(whole=Count("pk"), part=Count("pk", filter=part))
    found: dict[str, dict[Any, tuple[int, int]]] = {name: {} for name in names}
    for *raws, whole, of in counted_by.values_list(*columns, "whole", "part"):
        for name, raw in zip(names, raws, strict=True):
            add(found[name], raw, whole, of)
    return found


def told(measure: Measure, name: str, found: Mapping[Any, tuple[int, int]]) -> list[tuple[Value, Figure]]:
    """Counts by the values of a dimension as figures, with the names of the values."""
    is_share = measure.how == "share"
    figures = {raw: share(part, whole) if is_share else counted(whole) for raw, (whole, part) in found.items()}
    return ordered(kind_named(measure.kind).model._meta.get_field(name), figures)


def _names(field: Any, raws: Iterable[Any], key: str) -> Mapping[Any, Value]:
    nothing = Value(NONE, _("None"))
    filled = [raw for raw in raws if raw is not None and raw != ""]
    if isinstance(field, models.ForeignKey):
        related: Any = field.related_model
        rows = related.objects.filter(**{f"{key}__in": filled}).values_list(key, "number", "title")
        known = {raw: Value(number, title) for raw, number, title in rows}
    else:
        titles = dict(field.flatchoices) if field.choices else {}
        known = {raw: Value(str(raw), titles.get(raw, str(raw))) for raw in filled}
    return {raw: known.get(raw, nothing) for raw in raws}
