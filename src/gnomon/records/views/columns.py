"""Columns and rows of a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _

from gnomon.jobs.moments import MomentField
from gnomon.records.custom_lists import columns_of
from gnomon.records.kinds import Kind
from gnomon.records.models import Record
from gnomon.records.permissions import is_told
from gnomon.records.plain import SECRET
from gnomon.records.presence import Other
from gnomon.records.queries.views import own_columns
from gnomon.records.showing import field_title, shown
from gnomon.records.views.finding import person_of
from gnomon.standard.plugs import Actor
from gnomon.ui.tables import Column, Row
from gnomon.ui.values import Ref


def known_columns(kind: Kind, person: Actor) -> list[str]:
    """What a person may see in a list: the usual columns first, then every other field people fill."""
    further = (*kind.columns, *kind.fields, *kind.filters, "owner", "recorded_at", *kind.projections, *columns_of(kind))
    names = dict.fromkeys((*usual_columns(kind), *kind.extra_columns, *further))
    return [
        name for name in names if name not in SECRET and (name in kind.extra_columns or is_told(person, kind, name))
    ]


def usual_columns(kind: Kind) -> list[str]:
    """The columns of whoever chose none."""
    return list(kind.listed or kind.columns)


def chosen_columns(kind: Kind, request: HttpRequest) -> list[str]:
    """The columns of the address, else the person's own, else the usual ones; the number always leads to the record."""
    person = person_of(request)
    known = known_columns(kind, person)
    asked = [name for name in request.GET.getlist("columns") if name in known]
    own = asked or [name for name in own_columns(kind, person) if name in known]
    if not own:
        return [name for name in usual_columns(kind) if name in known]
    return ["number", *(name for name in dict.fromkeys(own) if name != "number")]


def title_of_column(kind: Kind, name: str) -> str:
    """What people call a column."""
    extra = kind.extra_columns.get(name)
    return str(extra) if extra is not None else field_title(kind, name)


def column_of(kind: Kind, name: str, sort: str) -> Column:
    sorted_by = "ascending" if sort == name else "descending" if sort == f"-{name}" else ""
    field = next((f for f in kind.model._meta.concrete_fields if f.name == name), None)
    is_number = isinstance(field, models.IntegerField) and not field.choices and not isinstance(field, MomentField)
    return Column(
        name=name,
        title=title_of_column(kind, name),
        sortable=field is not None and not isinstance(field, models.JSONField | models.TextField),
        sorted=sorted_by,  # type: ignore[arg-type]
        align="end" if is_number else "start",
        main=name == "title",
        narrow=name in {"number", "title", "status", "priority", "due_at"},
    )


def rows_of(
    kind: Kind, records: Sequence[Any], names: Sequence[str], others: Mapping[str, Sequence[Other]] | None = None
) -> list[Row]:
    """Records as rows; special cells of all of them are asked for at once."""
    special = kind.cells(records) if kind.cells is not None else {}
    there = others or {}
    return [
        _row(kind, record, names, special.get(record.number, {}), there.get(record.number, ())) for record in records
    ]


def _row(kind: Kind, record: Record, names: Sequence[str], special: Any, others: Sequence[Other]) -> Row:
    return Row(
        number=record.number,
        url=record.get_absolute_url(),
        cells=[special[name] if name in special else _plainer(shown(kind, record, name)) for name in names],
        title=record.title,
        mark=str(record.version),
        clock=special.get("clock"),
        others=[says_of(other) for other in others],
        edited=any(other.editing for other in others),
    )


def says_of(other: Other) -> str:
    """Who is there, and what they do."""
    return _("%(name)s is editing") % {"name": other.name} if other.editing else other.name


def _plainer(value: Any) -> Any:
    """In a list the title of another record is enough; its number is on its page."""
    return str(value.title) if isinstance(value, Ref) else value
