"""The list of a kind: filters, order, pages, saved views, live refresh, exports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from gnomon.jobs.moments import MomentField
from gnomon.records.filters import chips_of, filter_form
from gnomon.records.kinds import Kind
from gnomon.records.listing import Listing
from gnomon.records.models import LedgerEntry, Record
from gnomon.records.permissions import is_told, may, may_move
from gnomon.records.plain import SECRET
from gnomon.records.queries.views import saved_views
from gnomon.records.showing import field_title, shown
from gnomon.records.views.finding import is_unchanged, live_tag, may_list, person_of
from gnomon.ui.queries import changed_query
from gnomon.ui.render import render
from gnomon.ui.tables import Column, Cursors, Option, Row
from gnomon.ui.values import Ref

PARTIALS = {"rows": "ui/_record_rows.html"}
BULK = 200


def list_page(request: HttpRequest, kind: Kind, template: str = "ui/record_list.html", **more: Any) -> HttpResponse:
    """The list as this person sees it under the filters of the address."""
    may_list(request, kind)
    person = person_of(request)
    tag = live_tag(live_mark(kind))
    if is_unchanged(request, tag):
        return HttpResponse(status=304, headers={"ETag": tag})
    listing = Listing(kind, person, dict(request.GET.lists()))
    names = chosen_columns(kind, request)
    page = listing.page(request.GET.get("cursor", ""))
    path = request.path
    answer = render(
        request,
        template,
        partials=PARTIALS,
        kind=kind,
        columns=[_column(kind, name, listing.sort) for name in names],
        rows=rows_of(kind, page.records, names),
        page=Cursors(next=page.after),
        total=listing.count(),
        chips=chips_of(kind, request),
        clear_url=path,
        search=request.GET.get("q", ""),
        filters=filter_form(kind, request),
        views=saved_views(kind, person, request),
        save_view_url=f"{path}views" if may(person, "comment", kind) else "",
        may_share=may(person, "read", kind),
        new_url=f"{path}new" if may(person, "create", kind) else "",
        import_url=f"/integrations/import/?kind={kind.name}" if may(person, "import", kind) else "",
        exports=_exports(request, kind),
        all_columns=[
            {"name": name, "title": field_title(kind, name), "chosen": name in names}
            for name in known_columns(kind)
            if is_told(person, kind, name)
        ],
        bulk=bulk_moves(kind, person),
        bulk_url=f"{path}bulk",
        live_url=f"{path}{changed_query(request.GET, {})}",
        live_tag=tag,
        **more,
    )
    answer["ETag"] = tag
    return answer


def rows_of(kind: Kind, records: Sequence[Any], names: Sequence[str]) -> list[Row]:
    """Records as rows; special cells of all of them are asked for at once."""
    special = kind.cells(records) if kind.cells is not None else {}
    return [_row(kind, record, names, special.get(record.number, {})) for record in records]


def live_mark(kind: Kind) -> str:
    """Changes whenever a record of the kind does; costs one index look-up."""
    newest = LedgerEntry.objects.filter(kind=kind.name).aggregate(newest=Max("sequence"))["newest"]
    return str(newest or 0)


def known_columns(kind: Kind) -> list[str]:
    """What may be shown in a list: the declared columns first, then every other field people fill."""
    names = dict.fromkeys((*kind.columns, *kind.fields, "owner", "recorded_at", *kind.projections))
    return [name for name in names if name not in SECRET]


def chosen_columns(kind: Kind, request: HttpRequest) -> list[str]:
    """The columns asked for, or the declared ones; number and title always lead the way to the record."""
    person = person_of(request)
    known = [name for name in known_columns(kind) if is_told(person, kind, name)]
    asked = [name for name in request.GET.getlist("columns") if name in known]
    if not asked:
        return list(kind.columns)
    return ["number", *(name for name in asked if name != "number")]


def _plainer(value: Any) -> Any:
    """In a list the title of another record is enough; its number is on its page."""
    return str(value.title) if isinstance(value, Ref) else value


def bulk_moves(kind: Kind, person: Any) -> list[Option]:
    """Moves that this person may take with many records at once."""
    return [Option(move.name, move.title) for move in kind.workflow.moves if may_move(person, kind, move)]


def _exports(request: HttpRequest, kind: Kind) -> list[Option]:
    if not may(person_of(request), "export", kind):
        return []
    query = changed_query(request.GET, {"cursor": None, "live": None})
    return [
        Option("csv", _("As CSV"), f"{request.path}export.csv{query}"),
        Option("xlsx", _("As XLSX (Excel)"), f"{request.path}export.xlsx{query}"),
    ]


def _column(kind: Kind, name: str, sort: str) -> Column:
    sorted_by = "ascending" if sort == name else "descending" if sort == f"-{name}" else ""
    field = next((f for f in kind.model._meta.concrete_fields if f.name == name), None)
    is_number = isinstance(field, models.IntegerField) and not field.choices and not isinstance(field, MomentField)
    return Column(
        name=name,
        title=field_title(kind, name),
        sortable=field is not None and not isinstance(field, models.JSONField | models.TextField),
        sorted=sorted_by,  # type: ignore[arg-type]
        align="end" if is_number else "start",
        main=name == "title",
        narrow=name in {"number", "title", "status", "priority", "due_at"},
    )


def _row(kind: Kind, record: Record, names: Sequence[str], special: Any) -> Row:
    return Row(
        number=record.number,
        url=record.get_absolute_url(),
        cells=[special[name] if name in special else _plainer(shown(kind, record, name)) for name in names],
        title=record.title,
        mark=str(record.version),
        clock=special.get("clock"),
    )
