"""Small answers: suggestions while typing, the list of exactly these numbers."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from gnomon.records import permissions
from gnomon.records.kinds import Kind, kind_named
from gnomon.records.permissions import visible
from gnomon.records.search import find_numbers
from gnomon.records.views.finding import person_of


def suggestions(request: HttpRequest, name: str) -> JsonResponse:
    """Up to ten records of a kind whose number or words begin like what was typed."""
    try:
        kind = kind_named(name)
    except LookupError:
        raise Http404(_("There is no such page.")) from None
    person = person_of(request)
    staff_of = [kind.name] if permissions.may(person, "read", kind) else []
    found = find_numbers(request.GET.get("q", "")[:200], [kind.name], most=10, staff_of=staff_of)
    known = visible(kind.model.objects.filter(number__in=[number for _kind, number in found]), person)
    return JsonResponse({"records": [f"{number} {title}" for number, title in known.values_list("number", "title")]})


def by_number(request: HttpRequest, number: str) -> HttpResponse:
    """Lead from a bare record number to its page."""
    from gnomon.records.kinds import kind_of_number

    try:
        kind = kind_of_number(number.upper())
    except LookupError:
        raise Http404(_("There is no record with this number.")) from None
    return redirect(reverse(f"{kind.name}-page", args=[number.upper()]))


def list_of_numbers(kind: Kind, numbers: list[str]) -> str:
    """The address of the list that shows exactly these records."""
    return f"{reverse(f'{kind.name}-list')}?{urlencode([('number', number) for number in numbers])}"
