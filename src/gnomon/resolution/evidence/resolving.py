"""Incidents are worked on, resolved and closed (8.6.1 d, e, f)."""

from __future__ import annotations

from django.db.models import F, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from gnomon.agreements.pins import without_hours
from gnomon.records.actors import SYSTEM
from gnomon.records.facts import OF_OTHERS
from gnomon.records.models import LedgerEntry
from gnomon.resolution.evidence.populations import EACH_INCIDENT, finding, incidents_with, one_of, window_turns
from gnomon.standard.plugs import Finding, Question, evidence

NOT_WORK = tuple(
    f"incident:{verb}"
    for verb in ("recorded", "resolve", "close", "cancel", "joined", "left", "linked", "unlinked", *OF_OTHERS)
)
SAID = ("incident:commented", "incident:attached")


@evidence("8.6.1-d", _("Every closed incident was resolved first, and says how"), recordwise=EACH_INCIDENT)
def closing_is_complete(question: Question) -> Finding:
    wrong = Q(resolution="") | Q(resolved_at__isnull=True) | Q(resolved_at__gt=F("closed_at"))
    return finding(incidents_with("closed_at", question), failed=wrong, turns=window_turns("closed_at", question))


@evidence("8.6.1-d", _("Incidents were resolved within their target"), rule=2, version=2, recordwise=EACH_INCIDENT)
def resolution_keeps_its_target(question: Question) -> Finding:
    """By the resolution clock. Where nothing was agreed there is no due time, and so nothing to keep.

    An incident whose agreement has service hours, and that does not say at which version of them, is named:
    its time cannot be told, so that it kept its target is not proven.
    """
    with_target = incidents_with("resolved_at", question).filter(resolve_met__isnull=False)
    return finding(
        with_target, failed=Q(resolve_met=False) | without_hours(), turns=window_turns("resolved_at", question)
    )


@evidence("8.6.1-e", _("Closing says by whom and how, and every reopening is on record"), recordwise=EACH_INCIDENT)
def closing_is_controlled(question: Question) -> Finding:
    reopening = LedgerEntry.objects.filter(
        Q(verb="incident:reopen") | Q(facts__contains='"reopen_count":['), number=OuterRef("number"), version__gt=1
    )
    unexplained = Q(reopen_count__gt=0) & ~one_of(reopening)
    wrong = Q(closure_code="") | Q(closed_by="") | unexplained
    return finding(incidents_with("closed_at", question), failed=wrong, turns=window_turns("closed_at", question))


@evidence(
    "8.6.1-f", _("What was done is on record between recording and resolution"), version=2, recordwise=EACH_INCIDENT
)
def work_is_recorded(question: Question) -> Finding:
    """An entry beside recording and resolving, not later than the resolution: a step, a note, time spent, a hand-over.

    What the system notes of itself (a threshold passed) is nobody's work, nor is what its requester says of it, who
    hears of it and what it is linked to. Entries of an imported history count whoever imported them, because the
    people who did the work then are named in its facts only.
    """
    work = LedgerEntry.objects.filter(
        number=OuterRef("number"), version__gt=1, happened_at__lte=OuterRef("resolved_at")
    ).exclude(verb__in=NOT_WORK)
    work = work.exclude(verb__in=SAID, actor=Coalesce(OuterRef("requester__number"), Value("")))
    by_people = work.exclude(actor=SYSTEM.number)
    shown = one_of(by_people) | (~Q(external_number="") & one_of(work))
    resolved = incidents_with("resolved_at", question)
    return finding(resolved, failed=~shown, turns=window_turns("resolved_at", question))
