"""Filters of the incident list by stretches of time, several at once: what the figures of dashboards count."""

from __future__ import annotations

from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gnomon.jobs.moments import written
from gnomon.records.kinds import Lens
from gnomon.records.narrowing import read_moment
from gnomon.records.refusals import InvalidFacts
from gnomon.ui.durations import moment_words

MOST = 60


def stretches(name: str, text: str) -> list[tuple[datetime, datetime]]:
    """What `START..END,START..END` means, ends excluded; InvalidFacts says how to write it."""
    try:
        pairs = [part.split("..") for part in text.split(",")]
        if len(pairs) > MOST:
            raise ValueError
        return [(read_moment(start), read_moment(end)) for start, end in pairs]
    except ValueError:
        says = _("“%(value)s” is no stretch of time; write it as 2026-01-31T08:00:00Z..2026-01-31T09:00:00Z.")
        raise InvalidFacts(says % {"value": text[:80]}, {name: says % {"value": text[:80]}}) from None


def opened_in(incidents: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Opened in one of some stretches of time."""
    return incidents.filter(_one_of("opened_at", stretches("opened_in", text)))


def resolved_in(incidents: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Resolved in one of some stretches of time."""
    return incidents.filter(_one_of("resolved_at", stretches("resolved_in", text)))


def open_during(incidents: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Unresolved at some moment of one of some stretches of time."""
    found = Q()
    for start, end in stretches("open_during", text):
        unclosed = Q(closed_at__isnull=True) | Q(closed_at__gt=start)
        found |= Q(opened_at__lt=end) & unclosed & (Q(resolved_at__isnull=True) | Q(resolved_at__gt=start))
    return incidents.filter(found)


def _one_of(field: str, spans: list[tuple[datetime, datetime]]) -> Q:
    return reduce(or_, (Q(**{f"{field}__gte": start, f"{field}__lt": end}) for start, end in spans))


def in_words(text: str) -> str:
    """The first stretch, and how many more."""
    try:
        spans = stretches("", text)
    except InvalidFacts:
        return text
    now = max(end for _start, end in spans)
    first = f"{moment_words(spans[0][0], now)} – {moment_words(spans[0][1], now)}"
    return first if len(spans) == 1 else _("%(first)s and %(more)d more") % {"first": first, "more": len(spans) - 1}


def written_as(spans: list[tuple[datetime, datetime]]) -> str:
    """Stretches as these filters take them."""
    return ",".join(f"{written(start)}..{written(end)}" for start, end in spans)


OPENED_IN = Lens(title=gettext_lazy("Opened in"), narrow=opened_in, says=in_words)
RESOLVED_IN = Lens(title=gettext_lazy("Resolved in"), narrow=resolved_in, says=in_words)
OPEN_DURING = Lens(title=gettext_lazy("Unresolved during"), narrow=open_during, says=in_words)

STRETCHES = {"opened_in": OPENED_IN, "resolved_in": RESOLVED_IN, "open_during": OPEN_DURING}
