"""The form in which people order an audit pack."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gnomon.certification.catalogue import catalogue
from gnomon.certification.samples import LARGEST as LARGEST_SAMPLE
from gnomon.portfolio.models import Service
from gnomon.standard.plugs import Actor

DAY = {"type": "date"}


class PackForm(forms.Form):
    """Period, scope, samples, and for whom."""

    first_day = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs=DAY))
    last_day = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs=DAY))
    for_whom = forms.CharField(
        label=_("For whom"), max_length=200, required=False, help_text=_("The body or person who gets the pack.")
    )
    purpose = forms.CharField(label=_("Purpose"), max_length=2000, required=False)
    clauses = forms.MultipleChoiceField(
        label=_("Clauses"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("All, when none is chosen."),
    )
    services = forms.MultipleChoiceField(
        label=_("Services"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("All, when none is chosen. Verdicts stay those of the whole system; samples are drawn from these."),
    )  # fmt: skip
    sample_size = forms.IntegerField(
        label=_("Records in a sample"), min_value=1, max_value=LARGEST_SAMPLE, initial=25,
        help_text=_("Of every population, and of what was late or failed in it."),
    )  # fmt: skip
    seed = forms.CharField(
        label=_("Seed of the samples"), max_length=80, required=False,
        help_text=_("Best named by the auditor. When empty it is drawn by lot, and stated in the pack."),
    )  # fmt: skip
    names = forms.BooleanField(
        label=_("Show people by name; otherwise they stay numbers"), required=False, initial=True
    )

    def __init__(self, person: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = catalogue().titles
        self.fields["clauses"].choices = [(number, f"{number} {titles[number]}") for number in _groups(titles)]  # type: ignore[attr-defined]
        known = Service.objects.visible_to(person).order_by("title").values_list("number", "title")
        self.fields["services"].choices = list(known)  # type: ignore[attr-defined]
        if not known:
            del self.fields["services"]
        self.initial = {**self.initial, **_last_quarter(timezone.localdate())}


def _groups(titles: Any) -> list[str]:
    """Clauses 4 to 10; 8, the largest, by its groups."""
    tops = [number for number in titles if "." not in number and number != "8"]
    eighth = [number for number in titles if number.startswith("8.") and number.count(".") == 1]
    return sorted([*tops, *eighth], key=lambda number: [int(part) for part in number.split(".")])


def _last_quarter(today: date) -> dict[str, date]:
    """The quarter of a year that ended last."""
    ended = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1) - timedelta(days=1)
    return {"first_day": ended.replace(month=ended.month - 2, day=1), "last_day": ended}
