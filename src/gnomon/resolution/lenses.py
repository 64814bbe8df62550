"""Filters of the incident list that no single field could give."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce, Least
from django.utils import timezone
from django.utils.translation import gettext as _

from gnomon.records.listing import read_moment
from gnomon.records.refusals import InvalidFacts

# When an incident stopped waiting for its resolution, empty while it waits; one that was closed without
# a time of resolution stopped when it was closed.
RESOLVED_AT = Least(Coalesce("resolved_at", "closed_at"), Coalesce("closed_at", "resolved_at"))


def open_at(incidents: QuerySet[Any], moment: str) -> QuerySet[Any]:
    """Opened before a moment and not resolved before it, as known now: what was reopened had not been resolved."""
    at = _moment("open_at", moment)
    return _unclosed(incidents, at).filter(Q(resolved_at__isnull=True) | Q(resolved_at__gte=at))


def unclosed_at(incidents: QuerySet[Any], moment: str) -> QuerySet[Any]:
    """Opened before a moment and not closed before it, resolved ones included."""
    return _unclosed(incidents, _moment("unclosed_at", moment))


def status_is_not(incidents: QuerySet[Any], status: str) -> QuerySet[Any]:
    """In any other status than one, or than several with commas."""
    return incidents.exclude(status__in=status.split(","))


def breached(incidents: QuerySet[Any], wanted: str) -> QuerySet[Any]:
    """Those that missed a target, or whose target passes by unmet at this moment; `no` for all others."""
    missed = Q(resolve_met=False) | Q(respond_met=False) | Q(due_at__lt=timezone.now())
    return incidents.exclude(missed) if wanted in {"no", "false", "0"} else incidents.filter(missed)


def _unclosed(incidents: QuerySet[Any], at: datetime) -> QuerySet[Any]:
    return incidents.filter(Q(closed_at__isnull=True) | Q(closed_at__gte=at), opened_at__lt=at)


def _moment(name: str, text: str) -> datetime:
    try:
        return read_moment(text)
    except ValueError:
        says = _("“%(value)s” is no moment; write it as 2026-01-31T18:00:00+08:00.") % {"value": text[:80]}
        raise InvalidFacts(says, {name: says}) from None


LENSES = {"open_at": open_at, "unclosed_at": unclosed_at, "status.not": status_is_not, "breached": breached}
