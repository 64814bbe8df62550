"""The forms of a sample: what is drawn, and what was found of one record."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _say
from django.utils.translation import gettext_lazy as _

from gnomon.certification.models import Sample
from gnomon.certification.numbers import Numbers
from gnomon.certification.samples import LARGEST, suggested_size
from gnomon.certification.sampling import OUTCOMES
from gnomon.certification.strata import dimensions_of

_NAMED = re.compile(r"\s*(?P<number>[^\s:：]+)\s*[:：]\s*(?P<why>.+?)\s*")


class DrawForm(forms.Form):
    """How a sample is drawn from one population."""

    method = forms.ChoiceField(
        label=_("How it is drawn"),
        choices=Sample.Method.choices,
        initial=Sample.Method.RANDOM,
        widget=forms.RadioSelect,
    )
    size = forms.IntegerField(label=_("Size"), min_value=1, max_value=LARGEST, required=False)
    stratified_by = forms.ChoiceField(
        label=_("Stratified by"), required=False,
        help_text=_("For strata: each gets one record at least, and the rest by their share of the population."),
    )  # fmt: skip
    seed = forms.CharField(
        label=_("Seed"), max_length=80, required=False,
        help_text=_("Best named by the auditor. When empty it is drawn by lot, and stated."),
    )  # fmt: skip
    named = forms.CharField(
        label=_("Named records"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=50_000,
        help_text=_("For judgement: a record a line with the reason, as INC-000042: reopened twice."),
    )  # fmt: skip
    because = forms.CharField(label=_("What it is for"), max_length=1000, required=False)

    def __init__(self, population: Numbers, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["size"].initial = min(suggested_size(len(population)), LARGEST)
        known = [("", "–"), *((each.name, each.title) for each in dimensions_of(population))]
        self.fields["stratified_by"].choices = known  # type: ignore[attr-defined]

    def clean_named(self) -> dict[str, str]:
        """Record → reason, from lines."""
        named: dict[str, str] = {}
        for line in filter(str.strip, self.cleaned_data["named"].splitlines()):
            found = _NAMED.fullmatch(line)
            if found is None:
                says = _say("“%(line)s” is not a record with its reason. Write it as INC-000042: reopened twice.")
                raise forms.ValidationError(says % {"line": line[:60]})
            named[found["number"].upper()] = found["why"]
        return named

    def order(self) -> dict[str, Any]:
        """What the action asks for; what the other ways of drawing would use is left out."""
        given = dict(self.cleaned_data)
        if given["method"] != Sample.Method.STRATIFIED:
            given["stratified_by"] = ""
        if given["method"] != Sample.Method.JUDGEMENT:
            given["named"] = {}
        return given


class ExamineForm(forms.Form):
    """What was found of one record."""

    record = forms.CharField(max_length=80, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(label=_("Found"), choices=list(OUTCOMES.items()), widget=forms.RadioSelect)
    because = forms.CharField(
        label=_("What you saw"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
