"""Which open records would follow an escalation policy, before anybody decides (8.6.1 c)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from gnomon.agreements.actions import apply_later_to_open_records
from gnomon.agreements.escalation.steps import steps_from
from gnomon.agreements.escalation.wording import deed_words, names_in
from gnomon.agreements.models import EscalationPolicy
from gnomon.agreements.policy_previews import followers
from gnomon.records import permissions
from gnomon.records.forms import facts_of, form_for, initial_of
from gnomon.records.kinds import Kind, kind_named, kind_of_number
from gnomon.records.permissions import visible
from gnomon.records.views.finding import found, person_of
from gnomon.ui.render import render
from gnomon.ui.values import Ref

MOST = 200
TRIED = ("sla", "service", "team", "priority_at_least", "calendar", "steps")


@dataclass(frozen=True, slots=True)
class Line:
    """One record that would follow the policy."""

    record: Ref
    now_follows: str
    past: int
    next: str
    next_at: datetime | None


def policy_followers(request: HttpRequest, number: str) -> HttpResponse:
    """The preview; POST with a reason lets open records follow the policy as it stands, from now on."""
    kind, person = kind_named("escalation_policy"), person_of(request)
    policy = found(request, kind, number)
    assert isinstance(policy, EscalationPolicy)
    trying, missing = request.method == "POST" and "try" in request.POST, False
    form = form_for(kind, TRIED, person)(request.POST if trying else None, initial=initial_of(policy, TRIED))
    may_apply = permissions.may(person, "change", kind) and policy.status == "in_force"
    if request.method == "POST" and not trying:
        permissions.require(person, "change", kind)
        because = request.POST.get("because", "").strip()
        missing = not because
        if because and may_apply:
            apply_later_to_open_records(policy, by=person, because=because)
            return redirect(request.path)
    seen = followers(policy, facts_of(form) if trying and form.is_valid() else {})
    refs: dict[str, Ref] = {}
    wanted: dict[Kind, list[str]] = {}
    for one in seen[:MOST]:
        wanted.setdefault(kind_of_number(one.number), []).append(one.number)
    for other, numbers in wanted.items():
        known = visible(other.model.objects.filter(number__in=numbers), person)
        refs |= {record.number: Ref(record.number, record.title, record.get_absolute_url()) for record in known}
    titles = names_in(steps_from(policy.steps))
    lines = [
        Line(refs[one.number], one.now_follows, one.past, deed_words(one.next, titles) if one.next else "", one.next_at)
        for one in seen[:MOST]
        if one.number in refs
    ]
    return render(
        request, "agreements/policy_followers.html", record=policy, kind=kind, form=form, trying=trying, lines=lines,
        total=len(seen), shown=min(len(seen), MOST), past=sum(bool(one.past) for one in seen),
        may_apply=may_apply and not trying, because_missing=missing, list_url=reverse(f"{kind.name}-list"),
        cancel_url=policy.get_absolute_url(), status=422 if missing or form.errors else 200,
    )  # fmt: skip
