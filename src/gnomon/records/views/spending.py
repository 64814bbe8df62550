"""Telling of time spent on a record, and taking it back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gnomon.records.actions.spending import A_DAY, LONGEST_NOTE, spend, take_time_back
from gnomon.records.kinds import Kind
from gnomon.records.models import Record
from gnomon.records.permissions import may
from gnomon.records.queries.people import names_of
from gnomon.records.queries.spending import time_spent
from gnomon.records.refusals import InvalidFacts
from gnomon.records.views.finding import found, is_staff, person_of
from gnomon.records.views.writing import put_errors
from gnomon.standard.plugs import Actor
from gnomon.ui.render import render
from gnomon.ui.values import Who

SHOWN = 5


class TimeForm(forms.Form):
    """How long, on which day, and doing what."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["minutes"] = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=A_DAY)
        self.fields["on"] = forms.DateField(
            label=_("Day"),
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            initial=timezone.localdate,
        )
        self.fields["text"] = forms.CharField(label=_("What was done"), max_length=LONGEST_NOTE, required=False)


def time_page(request: HttpRequest, kind: Kind, number: str) -> HttpResponse:
    """Every entry of time, and a form for the next."""
    record, person = found(request, kind, number), person_of(request)
    if not is_staff(request, kind):
        raise Http404(_("There is no such page."))
    form = TimeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            spend(record, by=person, **form.cleaned_data)
            return redirect(record)
        except InvalidFacts as refused:
            put_errors(form, refused)
    return render(
        request, "records/time.html", partials={"dialog-body": "records/_time.html"}, kind=kind, record=record,
        form=form, speaks=may(person, "comment", kind), list_url=reverse(f"{kind.name}-list"),
        cancel_url=record.get_absolute_url(), status=422 if form.errors else 200, **told_time(record, person),
    )  # fmt: skip


@require_POST
def take_back(request: HttpRequest, kind: Kind, number: str, version: int) -> HttpResponse:
    """Counter one entry of time."""
    record = found(request, kind, number)
    if not is_staff(request, kind):
        raise Http404(_("There is no such page."))
    take_time_back(record, version, by=person_of(request), because=request.POST.get("because", ""))
    return redirect(f"{record.get_absolute_url()}/time")


def told_time(record: Record, person: Actor) -> dict[str, Any]:
    """The time spent on a record: in all, of each person, and entry by entry, for its page and its panel."""
    entries = time_spent(record)
    names = names_of({one.person for one in entries}) if entries else {}
    sums: dict[str, int] = {}
    for one in entries:
        sums[one.person] = sums.get(one.person, 0) + one.minutes
    gone = {one.counters for one in entries}
    change = may(person, "change", record.kind)
    return {
        "time_url": f"{record.get_absolute_url()}/time",
        "total": timedelta(minutes=sum(sums.values())),
        "sums": [(Who(names[number], number), timedelta(minutes=total)) for number, total in sums.items() if total],
        "times": [
            {"who": Who(names[one.person], one.person), "on": one.on, "text": one.text, "version": one.version,
             "length": timedelta(minutes=abs(one.minutes)), "counter": one.counters is not None,
             "open": one.counters is None and one.version not in gone and (change or one.person == person.number)}
            for one in entries
        ],
    }  # fmt: skip
