"""List and record side by side: `?record=INC-000042` on the address of a list."""

from __future__ import annotations

import copy
from typing import Any

from django.http import Http404, HttpRequest, QueryDict
from django.utils.safestring import SafeString

from gnomon.records.kinds import Kind
from gnomon.records.queries.views import ALL
from gnomon.records.texts import fault_of
from gnomon.records.views.page import BESIDE, record_page
from gnomon.ui.queries import changed_query


def beside(request: HttpRequest, kind: Kind, first: str) -> dict[str, Any]:
    """The record that the address names, beside its list; a number that leads to none shows the list alone.

    `first` is the number of the first of the list, which is offered when none is named.
    """
    whole = changed_query(request.GET, {"record": None})
    number = request.GET.get("record", "")
    pane = _pane(request, kind, number) if number and not fault_of(number) else None
    return {
        "split": pane is not None,
        "pane": pane or "",
        "split_url": f"{request.path}{changed_query(request.GET, {'record': first})}" if first or pane else "",
        "whole_url": f"{request.path}{whole if len(whole) > 1 else f'?{ALL.query}'}",
    }


def _pane(request: HttpRequest, kind: Kind, number: str) -> SafeString | None:
    inner = copy.copy(request)
    inner.GET = QueryDict()  # the list's filters are none of the record's
    try:
        answer = record_page(inner, kind, number, frame=BESIDE)
    except Http404:
        return None
    return SafeString(answer.content.decode())
