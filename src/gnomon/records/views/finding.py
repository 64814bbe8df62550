"""Find what an address speaks of, for the person who asks; what they may not see does not exist."""

from __future__ import annotations

from typing import Any, cast

from django.db import models
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from gnomon.records.kinds import Kind
from gnomon.records.models import Record
from gnomon.records.permissions import may, visible
from gnomon.standard.plugs import Actor


def person_of(request: HttpRequest) -> Actor:
    """Who asks; pages are for people who are signed in."""
    return cast(Actor, request.user)


def found(request: HttpRequest, kind: Kind, number: str, *, with_related: bool = False) -> Record:
    """The record, or 404 when there is none that this person may know of."""
    known: Any = visible(kind.model.objects.all(), person_of(request))
    if with_related:
        relations = [f.name for f in kind.model._meta.concrete_fields if isinstance(f, models.ForeignKey)]
        known = known.select_related(*relations) if relations else known
    record: Any = get_object_or_404(known, number=number.upper())
    return cast(Record, record)


def may_list(request: HttpRequest, kind: Kind) -> None:
    """404 for a list of which this person can never see anything."""
    if kind.sees is None and not may(person_of(request), "read", kind):
        raise Http404(_("There is no such page."))


def is_staff(request: HttpRequest, kind: Kind) -> bool:
    """Whether this person reads all records of the kind, and so the words among staff."""
    return may(person_of(request), "read", kind)


def expected(request: HttpRequest) -> int | None:
    """The version that the person saw when the form was made."""
    text = request.POST.get("expect", "")
    return int(text) if text.isdigit() and len(text) < 10 else None


def is_unchanged(request: HttpRequest, tag: str) -> bool:
    """Whether live refresh already has this; pages opened by hand are always made anew."""
    return "HX-Request" in request.headers and request.headers.get("If-None-Match") == tag
