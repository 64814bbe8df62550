"""Search over all kinds, and suggestions while somebody types."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from gnomon.organization.sign_in import signed_in
from gnomon.records.kinds import Kind, kinds
from gnomon.records.search import across, snippets
from gnomon.records.search.asking import LONGEST_QUERY, without
from gnomon.standard.plugs import Actor
from gnomon.ui.queries import changed_query
from gnomon.ui.render import render
from gnomon.ui.tables import Chip, Tab
from gnomon.ui.values import Status

PAGE = 50
FURTHEST = 1000
SUGGESTED = 7


@dataclass(frozen=True, slots=True)
class Found:
    """A record as a result.

    `special` is what its list shows beyond fields, as priority and clock; `leads_to` what is shown instead.
    """

    number: str
    url: str
    title: snippets.Text
    text: snippets.Text
    status: Status
    special: Any
    record: Any
    leads_to: Any = None


@dataclass(frozen=True, slots=True)
class Section:
    """What was found of one kind."""

    kind: Kind
    count: int
    more: bool
    found: Sequence[Found]
    url: str
    list_url: str


def search(request: HttpRequest) -> HttpResponse:
    """What a question finds, kind by kind; the number of a record opens it."""
    typed, person = _typed(request), signed_in(request)
    by_number = across.record_by_number(typed, person) if typed else None
    if by_number is not None:
        return redirect(by_number)
    wanted = request.GET.get("kind", "")
    wanted = wanted if wanted in {kind.name for kind in kinds()} else ""
    start = _start(request) if wanted else 0
    most = PAGE if wanted else across.A_FEW
    answer = across.search(typed, person, kind=wanted, most=most, start=start, exactly="exactly" in request.GET)
    shown = [group for group in answer.groups if wanted in ("", group.kind.name)]
    found = _found({group.kind: group.records for group in shown}, answer, person)
    sections = [_section(request, group, answer, found[group.kind]) for group in shown]
    return render(
        request, "web/search.html", words=typed, answer=answer, sections=sections, wanted=wanted,
        tabs=_tabs(request, answer, wanted), chips=_chips(request, answer),
        exactly_url=changed_query(request.GET, {"exactly": 1, "start": None}),
        page=_pages(request, shown[0].count, start) if wanted and shown else None,
        shown=sum(len(section.found) for section in sections),
    )  # fmt: skip


def suggestions(request: HttpRequest) -> HttpResponse:
    """A few records that what was typed so far finds, as choices below the search box."""
    typed, person = _typed(request), signed_in(request)
    record = across.record_by_number(typed, person) if typed else None
    answer = across.alone(record) if record is not None else across.search(typed, person, most=4)
    chosen = [(group.kind, record) for group in answer.groups for record in group.records][:SUGGESTED]
    some = {group.kind: [record for kind, record in chosen if kind is group.kind] for group in answer.groups}
    suggested = [one for found in _found(some, answer, person, special=False).values() for one in found]
    page = render(request, "web/_suggestions.html", suggested=suggested, words=typed, answer=answer)
    page["ETag"] = f'"{hashlib.sha256(page.content).hexdigest()[:20]}"'
    page["Cache-Control"] = "private, max-age=15"
    if request.headers.get("If-None-Match") == page["ETag"]:
        return HttpResponse(status=304, headers={"ETag": page["ETag"]})
    return page


def _typed(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip()[:LONGEST_QUERY]


def _start(request: HttpRequest) -> int:
    text = request.GET.get("start", "")
    return min(int(text), FURTHEST) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _section(request: HttpRequest, group: across.Group, answer: across.Answer, found: Sequence[Found]) -> Section:
    kind = group.kind
    return Section(
        kind, group.counted, group.more, found,
        url=changed_query(request.GET, {"kind": kind.name, "start": None}),
        list_url=f"{reverse(f'{kind.name}-list')}?{urlencode({'q': answer.asked.typed})}",
    )  # fmt: skip


def _found(
    records: Mapping[Kind, Sequence[Any]], answer: across.Answer, person: Actor, *, special: bool = True
) -> dict[Kind, list[Found]]:  # fmt: skip
    """Records as results, with pieces of their texts, and unless told otherwise what is `special` about them."""
    what = snippets.marking(answer.asked.words)
    texts = snippets.snippets_of(records, what, person) if special else {}
    cells = {k: k.cells(some) for k, some in records.items() if special and k.cells is not None and some}
    return {
        kind: [
            Found(
                record.number, record.get_absolute_url(), snippets.marked(record.title, what),
                texts.get(record.number, ()), _status(kind, record), cells.get(kind, {}).get(record.number, {}), record,
                across.led_to(kind, record, person),
            )
            for record in some
        ]
        for kind, some in records.items()
    }  # fmt: skip


def _status(kind: Kind, record: Any) -> Status:
    state = kind.workflow_of(record).state(record.status)
    return Status(state.title, str(state.phase))


def _tabs(request: HttpRequest, answer: across.Answer, wanted: str) -> list[Tab]:
    everything = changed_query(request.GET, {"kind": None, "start": None})
    tabs = [Tab(_("All"), everything, wanted == "", answer.count, more=answer.more)]
    for group in answer.groups:
        url = changed_query(request.GET, {"kind": group.kind.name, "start": None})
        here = wanted == group.kind.name
        tabs.append(Tab(group.kind.plural, url, here, group.counted, group.kind.icon, group.more))
    return tabs


def _chips(request: HttpRequest, answer: across.Answer) -> list[Chip]:
    return [
        Chip(title, f"– {value}" if wish.unwanted else value,
             changed_query(request.GET, {"q": without(answer.asked, wish), "kind": None, "start": None}))
        for title, value, wish in answer.shown
    ]  # fmt: skip


def _pages(request: HttpRequest, count: int, start: int) -> dict[str, str]:
    """The addresses of the pages before and after this one, as far as results are kept in order."""
    before = changed_query(request.GET, {"start": max(0, start - PAGE) or None}) if start else ""
    after = changed_query(request.GET, {"start": start + PAGE}) if start + PAGE < min(count, FURTHEST) else ""
    return {"previous": before, "next": after}
