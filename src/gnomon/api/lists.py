"""Lists by REST: filters and pages as on the page of the list, with signed cursors and links onward."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from gnomon.api.answers import json_answer
from gnomon.records.cursors import read_cursor, signed_cursor
from gnomon.records.kinds import Kind
from gnomon.records.listing import MOST, PAGE, Listing
from gnomon.records.plain import names_told, told_fields
from gnomon.records.plain_rows import plain_of_keys
from gnomon.records.refusals import InvalidFacts

OURS = frozenset({"limit", "cursor", "fields"})


def list_answer(kind: Kind, request: HttpRequest) -> HttpResponse:
    """One page of a list, and where the next begins."""
    person: Any = request.user
    wanted = asked_fields(kind, request)
    flat = {name: values for name, values in request.GET.lists() if name not in OURS}
    split = {name: [part for value in values for part in value.split(",")] for name, values in flat.items()}
    listing = Listing(kind, person, split)
    place = _place(listing)
    keys, onward = listing.keys(read_cursor(place, request.GET.get("cursor", "")), _limit(request))
    told = names_told(kind, person)
    records = plain_of_keys(kind, keys, tuple(name for name in wanted if name in told) if wanted else told)
    after = signed_cursor(place, onward) if onward else None
    answer = json_answer({"records": records, "next": after})
    answer["Link"] = _links(request, after)
    return answer


def asked_fields(kind: Kind, request: HttpRequest) -> tuple[str, ...]:
    """The fields that `fields=` names, all when it is left out; InvalidFacts names one that there is not."""
    asked = [name for value in request.GET.getlist("fields") for name in value.split(",") if name]
    known = {field.name for field in told_fields(kind)}
    unknown = next((name for name in asked if name not in known), None)
    if unknown is not None:
        says = _("There is no field “%(name)s”. Fields here: %(known)s.")
        says %= {"name": unknown[:80], "known": ", ".join(sorted(known))}
        raise InvalidFacts(says, {"fields": says})
    return tuple(dict.fromkeys(asked))


def only(told: dict[str, Any], wanted: Sequence[str]) -> dict[str, Any]:
    """What is told of a record, cut down to what was asked for."""
    return {name: told[name] for name in wanted if name in told} if wanted else told


def _place(listing: Listing) -> str:
    """What makes two lists the same list: kind, order and filters."""
    asked = sorted((name, sorted(values)) for name, values in listing.parameters.items() if name != "sort")
    return f"{listing.kind.name} {listing.order.sort} {asked!r}"


def _links(request: HttpRequest, after: str | None) -> str:
    """`Link` (RFC 8288) to the first and the next page."""
    asked = [(name, value) for name, values in request.GET.lists() for value in values if name != "cursor"]
    first = f'<{request.path}{"?" if asked else ""}{urlencode(asked)}>; rel="first"'
    if after is None:
        return first
    return f'{first}, <{request.path}?{urlencode([*asked, ("cursor", after)])}>; rel="next"'


def _limit(request: HttpRequest) -> int:
    text = request.GET.get("limit", "")
    if text == "":
        return PAGE
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= MOST):
        says = _("A page holds 1 to %(most)d records.") % {"most": MOST}
        raise InvalidFacts(says, {"limit": says})
    return int(text)
