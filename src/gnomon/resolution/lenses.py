"""Filters of the incident list that no single field could give."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gnomon.records.conditions import Conditional
from gnomon.records.kinds import Lens, ReadyView
from gnomon.records.refusals import InvalidFacts
from gnomon.resolution.stretches import STRETCHES
from gnomon.standard.expressions import Has, Stands
from gnomon.ui.durations import duration_words

# When an incident stopped waiting for its resolution: one that was closed without a time of resolution stopped when
# it was closed. As known now: what was reopened had not been resolved.
OPEN_AT = Conditional("open_at", Stands("opened_at", ("resolved_at", "closed_at")), title=gettext_lazy("Open at"))
UNCLOSED_AT = Conditional("unclosed_at", Stands("opened_at", ("closed_at",)), title=gettext_lazy("Not closed at"))
REVIEWED = Conditional(
    "reviewed", Has("major_incident_review", "incident", {"status": "held,closed"}), title=gettext_lazy("Reviewed")
)


def status_is_not(incidents: QuerySet[Any], status: str) -> QuerySet[Any]:
    """In any other status than one, or than several with commas."""
    return incidents.exclude(status__in=status.split(","))


def breached(incidents: QuerySet[Any], wanted: str) -> QuerySet[Any]:
    """Those that missed a target, or whose target passes by unmet at this moment; `no` for all others."""
    missed = Q(resolve_met=False) | Q(respond_met=False) | Q(due_at__lt=timezone.now())
    return incidents.exclude(missed) if wanted in {"no", "false", "0"} else incidents.filter(missed)


# --- chosen from a list ---


def _due(incidents: QuerySet[Any], value: str) -> QuerySet[Any]:
    """Unresolved, and the next target already missed, due within a time from now, or not there at all."""
    now, waiting = timezone.now(), incidents.open()  # type: ignore[attr-defined]
    if value == "breached":
        return breached(waiting, "yes")
    if value == "none":
        return waiting.filter(due_at__isnull=True)  # type: ignore[no-any-return]
    return waiting.filter(due_at__gte=now, due_at__lt=_away("due", value, 1))  # type: ignore[no-any-return]


def _older_than(incidents: QuerySet[Any], value: str) -> QuerySet[Any]:
    return incidents.filter(opened_at__lte=_away("older_than", value, -1))


def _opened_within(incidents: QuerySet[Any], value: str) -> QuerySet[Any]:
    return incidents.filter(opened_at__gt=_away("opened_within", value, -1))


def _away(name: str, value: str, sign: int) -> datetime:
    """The moment that a span such as 90min, 4h or 7d lies from now."""
    found = _SPAN.fullmatch(value)
    if found is None:
        says = _("“%(value)s” is no span of time; write it as 90min, 4h or 7d.") % {"value": value[:80]}
        raise InvalidFacts(says, {name: says})
    return timezone.now() + sign * timedelta(**{_UNITS[found[2]]: int(found[1])})


def _span_says(value: str) -> str:
    found = _SPAN.fullmatch(value)
    return duration_words(timedelta(**{_UNITS[found[2]]: int(found[1])})) if found else value


_SPAN = re.compile(r"([0-9]{1,4})(min|h|d)")
_UNITS = {"min": "minutes", "h": "hours", "d": "days"}

DUE = Lens(
    title=gettext_lazy("Due"),
    narrow=_due,
    says=_span_says,
    choices=(
        ("breached", gettext_lazy("A target was missed")),
        ("1h", gettext_lazy("Within an hour")),
        ("4h", gettext_lazy("Within 4 hours")),
        ("1d", gettext_lazy("Within a day")),
        ("none", gettext_lazy("No running target")),
    ),
)
OLDER_THAN = Lens(
    title=gettext_lazy("Older than"),
    narrow=_older_than,
    says=_span_says,
    choices=(
        ("1d", gettext_lazy("A day")),
        ("3d", gettext_lazy("3 days")),
        ("7d", gettext_lazy("A week")),
        ("30d", gettext_lazy("30 days")),
    ),
)
OPENED_WITHIN = Lens(
    title=gettext_lazy("Opened within"),
    narrow=_opened_within,
    says=_span_says,
    choices=(
        ("1h", gettext_lazy("An hour")),
        ("1d", gettext_lazy("A day")),
        ("7d", gettext_lazy("A week")),
        ("30d", gettext_lazy("30 days")),
    ),
)

LENSES: dict[str, Callable[[QuerySet[Any], str], QuerySet[Any]]] = {
    "open_at": OPEN_AT, "unclosed_at": UNCLOSED_AT, "reviewed": REVIEWED, "status.not": status_is_not, "breached": breached,
    "due": DUE, "older_than": OLDER_THAN, "opened_within": OPENED_WITHIN,
    **STRETCHES,
}  # fmt: skip

# The lists that everybody at the desk finds under a name.
DESK_VIEWS = (
    ReadyView("unresolved", gettext_lazy("Unresolved"), "phase=unresolved&sort=due_at"),
    ReadyView("mine", gettext_lazy("Mine"), "assignee=me&phase=unresolved&sort=due_at"),
    ReadyView("my_teams", gettext_lazy("My teams'"), "team=mine&phase=unresolved&sort=due_at"),
    ReadyView("nobodys", gettext_lazy("Nobody's"), "assignee=none&phase=unresolved&sort=due_at"),
    ReadyView("breached", gettext_lazy("Target missed"), "due=breached&sort=due_at"),
)
