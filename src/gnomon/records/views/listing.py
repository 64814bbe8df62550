"""The list of a kind: filters, order, pages, saved views, live refresh, exports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from gnomon.records.bulk_forms import changeable_at_once
from gnomon.records.definitions import moves_of
from gnomon.records.filters import chips_of, filter_form
from gnomon.records.kinds import Kind
from gnomon.records.listing import Listing, Page
from gnomon.records.permissions import may, may_move
from gnomon.records.presence import Present, others_at
from gnomon.records.queries.views import ALL, opening_query, saved_views
from gnomon.records.refusals import InvalidFacts
from gnomon.records.views.beside import beside
from gnomon.records.views.bulk import CHANGE
from gnomon.records.views.columns import chosen_columns, column_of, known_columns, rows_of, title_of_column
from gnomon.records.views.finding import may_list, person_of
from gnomon.records.views.refreshing import (
    Kept,
    digest_of,
    had,
    keep,
    kept_rows,
    list_mark,
    shared_key,
    tag_of,
    unchanged,
)  # fmt: skip
from gnomon.records.watching import watch
from gnomon.ui.queries import changed_query
from gnomon.ui.render import HTMX_VARIES, render, wanted
from gnomon.ui.tables import Cursors, Option

PAGE, ROWS = "ui/record_list.html", "ui/_record_rows.html"
COUNTED = 10_000


def list_page(request: HttpRequest, kind: Kind) -> HttpResponse:
    """The list as this person sees it under the filters of the address; its rows alone when htmx asks for them."""
    may_list(request, kind)
    person = person_of(request)
    if not request.GET and not wanted(request) and (opening := opening_query(kind, person)):
        return redirect(f"{request.path}?{opening}")
    names = chosen_columns(kind, request)
    mark, there = list_mark(kind, person)
    key = shared_key(request, kind, person, names, mark)
    watch(request, lambda _request: list_mark(kind, person)[0])
    rows_alone = wanted(request) == "rows"
    kept, faults = kept_rows(request, key), dict[str, str]()
    if kept is not None and had(request, kept.digest):
        return unchanged(mark, kept.digest)
    if kept is None or kept.rows is None:
        listing, page, faults = readable(kind, person, request.GET)
        total = listing.count_up_to(COUNTED)
        digest = digest_of(page.records, str(total), mark.partition(".")[2])
        if had(request, digest):
            keep(key, Kept(digest))
            return unchanged(mark, digest)
        kept = _drawn(request, kind, listing, names, page, total, there, digest)
        if not faults:
            keep(key, kept)
    tag = tag_of(mark, kept.digest)
    answer = HttpResponse(kept.rows) if rows_alone else _page(request, kind, names, kept, tag, list(faults.values()))
    answer.status_code = 400 if faults else 200
    answer["ETag"] = tag
    patch_vary_headers(answer, HTMX_VARIES)
    return answer


def readable(kind: Kind, person: Any, asked: QueryDict) -> tuple[Listing, Page, dict[str, str]]:
    """The list without what makes no sense of its address, and what that was: old views must still open."""
    parameters, faults = dict(asked.lists()), dict[str, str]()
    while True:
        try:
            listing = Listing(kind, person, parameters)
            return listing, listing.page((parameters.get("cursor") or [""])[-1]), faults
        except InvalidFacts as refused:
            wrong = {name: says for name, says in refused.fields.items() if name in parameters}
            if not wrong:
                raise
            faults |= wrong
            parameters = {name: values for name, values in parameters.items() if name not in wrong}


def _drawn(
    request: HttpRequest, kind: Kind, listing: Listing, names: Sequence[str], page: Page, total: int,
    there: Present, digest: str,
) -> Kept:  # fmt: skip
    """The rows as HTML, with the filters in force above them and what can be done with several below."""
    path, person = request.path, person_of(request)
    shown: dict[str, Any] = {
        "kind": kind,
        "columns": [column_of(kind, name, listing.order.sort) for name in names],
        "rows": rows_of(kind, page.records, names, others_at(there)),
        "page": Cursors(next=page.after),
        "total": min(total, COUNTED),
        "more_than_total": total > COUNTED,
        "chips": chips_of(kind, request),
        "clear_url": f"{path}?{ALL.query}",
        "search": request.GET.get("q", ""),
        "bulk": bulk_moves(kind, person),
        "bulk_url": f"{path}bulk",
        "new_url": _new_url(request, kind),
    }
    first = page.records[0].number if page.records else ""
    return Kept(digest, SafeString(render(request, ROWS, **shown).content.decode()), first)


def _page(
    request: HttpRequest, kind: Kind, names: Sequence[str], kept: Kept, tag: str, faults: Sequence[str]
) -> HttpResponse:
    live_url = f"{request.path}{changed_query(request.GET, {'record': None})}"
    around = _around(request, kind, names) | beside(request, kind, kept.first)
    return render(request, PAGE, rows_part=kept.rows, live_url=live_url, live_tag=tag, faults=faults, **around)


def _around(request: HttpRequest, kind: Kind, names: Sequence[str]) -> dict[str, Any]:
    """What stands around the rows, which refreshing them does not need."""
    path, person = request.path, person_of(request)
    return {
        "kind": kind,
        "search": request.GET.get("q", ""),
        "new_url": _new_url(request, kind),
        "filters": filter_form(kind, request),
        "views": saved_views(kind, person, path, request.GET),
        "views_url": f"{path}views",
        "save_view_url": f"{path}views" if may(person, "comment", kind) else "",
        "may_share": may(person, "read", kind),
        "import_url": f"/integrations/import/?kind={kind.name}" if may(person, "import", kind) else "",
        "exports": _exports(request, kind),
        "columns_url": f"{path}columns",
        "all_columns": columns_offered(kind, person, names),
    }


def _new_url(request: HttpRequest, kind: Kind) -> str:
    return f"{request.path}new" if may(person_of(request), "create", kind) else ""


def columns_offered(kind: Kind, person: Any, names: Sequence[str]) -> list[dict[str, Any]]:
    """The columns to choose from, those that are shown first and in their order."""
    known = known_columns(kind, person)
    ordered = [*names, *(name for name in known if name not in names)]
    return [
        {"name": name, "title": title_of_column(kind, name), "chosen": name in names, "place": place}
        for place, name in enumerate(ordered, 1)
    ]


def bulk_moves(kind: Kind, person: Any) -> list[Option]:
    """Moves that this person may take with many records at once, and the change of fields."""
    moves = [Option(move.name, move.title) for move in moves_of(kind) if may_move(person, kind, move)]
    if may(person, "change", kind) and changeable_at_once(kind):
        moves.append(Option(CHANGE, _("Change fields"), icon="edit"))
    return moves


def _exports(request: HttpRequest, kind: Kind) -> list[Option]:
    if not may(person_of(request), "export", kind):
        return []
    query = changed_query(request.GET, {"cursor": None, "live": None})
    return [
        Option("csv", _("As CSV"), f"{request.path}export.csv{query}"),
        Option("xlsx", _("As XLSX (Excel)"), f"{request.path}export.xlsx{query}"),
    ]
