"""What open clocks would show under the agreement as it stands now, before anybody decides (8.3.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from gnomon.agreements.actions import apply_to_open_records
from gnomon.agreements.clock.readings import Clock
from gnomon.agreements.models import ServiceLevelAgreement
from gnomon.agreements.previews import Foreseen, preview
from gnomon.agreements.stories import clock_title
from gnomon.records import permissions
from gnomon.records.kinds import find_record, kind_named
from gnomon.records.views.finding import found, person_of
from gnomon.ui.render import render

MOST = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One open clock, as it is and as it would be."""

    number: str
    title: str
    url: str
    clock: str
    before: Any
    after: Any
    says: str


def consequences(request: HttpRequest, number: str) -> HttpResponse:
    """The preview; POST with a reason lets open records obey the agreement's present version."""
    kind, person = kind_named("service_level_agreement"), person_of(request)
    agreement = found(request, kind, number)
    assert isinstance(agreement, ServiceLevelAgreement)
    missing = False
    if request.method == "POST":
        permissions.require(person, "change", kind)
        because = request.POST.get("because", "").strip()
        missing = not because
        if because:
            apply_to_open_records(agreement, by=person, because=because)
            return redirect(request.path)
    foreseen = preview(agreement, {})
    return render(
        request, "agreements/consequences.html", record=agreement, lines=[_line(one) for one in foreseen[:MOST]],
        total=len(foreseen), shown=min(len(foreseen), MOST), may_apply=permissions.may(person, "change", kind),
        because_missing=missing, list_url=reverse(f"{kind.name}-list"), cancel_url=agreement.get_absolute_url(),
        status=422 if missing else 200,
    )  # fmt: skip


def _line(one: Foreseen) -> Line:
    record = find_record(one.number)
    difference = one.difference
    if difference.would_breach:
        says = _("would be late")
    elif difference.would_be_saved:
        says = _("would no longer be late")
    elif difference.gains_target:
        says = _("would get a target")
    elif difference.loses_target:
        says = _("would lose its target")
    else:
        says = _("would be due at another time")
    return Line(
        number=one.number, title=record.title if record else "", url=record.get_absolute_url() if record else "",
        clock=clock_title(one.clock), before=_shown(difference.before), after=_shown(difference.after), says=says,
    )  # fmt: skip


def _shown(clock: Clock) -> Any:
    """The due time, or the time that is left while a clock is paused."""
    if clock.due_at is not None:
        return clock.due_at
    left = clock.remaining_seconds
    return None if left is None else timedelta(seconds=left)
