"""Search over all kinds: what the words are in, as far as the person may know of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from gnomon.organization.sign_in import signed_in
from gnomon.records.kinds import Kind, find_record, kinds
from gnomon.records.permissions import may
from gnomon.records.search import find_numbers
from gnomon.standard.plugs import Actor
from gnomon.ui.queries import changed_query
from gnomon.ui.render import render
from gnomon.ui.tables import Tab
from gnomon.ui.values import Ref, Status

MOST = 500
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Found:
    kind: Kind
    ref: Ref
    status: Status


def search(request: HttpRequest) -> HttpResponse:
    """Records that hold all the words; the exact number of one opens it."""
    words = request.GET.get("q", "").strip()[:200]
    person = signed_in(request)
    record = find_record(words.upper()) if words else None
    if record is not None and type(record).objects.visible_to(person).filter(pk=record.pk).exists():
        return redirect(record)
    wanted = request.GET.get("kind", "")
    found = find_visible(words, person)
    counts = Counter(one.kind.name for one in found)
    shown = [one for one in found if wanted in ("", one.kind.name)]
    return render(
        request, "web/search.html", words=words, found=shown[:SHOWN], count=len(shown), shown=SHOWN,
        more=len(found) >= MOST, tabs=_tabs(request, counts, wanted),
    )  # fmt: skip


def find_visible(words: str, person: Actor) -> list[Found]:
    """The records that hold all words and that the person may know of, newest first; one query for each kind."""
    numbers = find_numbers(words, most=MOST, staff_of=[kind.name for kind in kinds() if may(person, "read", kind)])
    by_kind: dict[str, list[str]] = {}
    for name, number in numbers:
        by_kind.setdefault(name, []).append(number)
    known: dict[str, Found] = {}
    for name, some in by_kind.items():
        kind = next((kind for kind in kinds() if kind.name == name), None)
        if kind is not None:
            records: Any = kind.model.objects.visible_to(person).filter(number__in=some)
            known |= {record.number: _shown(kind, record) for record in records}
    return [known[number] for _kind, number in numbers if number in known]


def _shown(kind: Kind, record: Any) -> Found:
    state = kind.workflow_of(record).state(record.status)
    ref = Ref(record.number, record.title, record.get_absolute_url())
    return Found(kind, ref, Status(state.title, state.phase))


def _tabs(request: HttpRequest, counts: Counter[str], wanted: str) -> list[Tab]:
    everything = Tab(_("All"), changed_query(request.GET, {"kind": None}), wanted == "", sum(counts.values()))
    some = [
        Tab(
            kind.plural,
            changed_query(request.GET, {"kind": kind.name}),
            wanted == kind.name,
            counts[kind.name],
            kind.icon,
        )
        for kind in kinds()
        if counts[kind.name]
    ]
    return [everything, *some]
