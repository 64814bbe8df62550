"""What people may say on the pages of certification."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gnomon.certification.catalogue import EvidenceRule, Requirement, catalogue
from gnomon.certification.kinds import JUDGEMENT
from gnomon.certification.models import Judgement
from gnomon.certification.templatetags.conformity import unit
from gnomon.certification.thresholds import share_of
from gnomon.certification.workflows import ATTESTERS
from gnomon.governance.models import Document
from gnomon.records.permissions import may
from gnomon.standard.plugs import Actor


class JudgeForm(forms.Form):
    """A person's judgement on a requirement."""

    verdict = forms.ChoiceField(label=_("Verdict"), choices=Judgement.Verdict.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=5000,
        help_text=_("What you looked at, and why it is adequate or not."),
    )  # fmt: skip
    document = forms.ModelChoiceField(
        label=_("Document"), queryset=Document.objects.none(), required=False,
        help_text=_("A published document that bears it out, and that is not your own."),
    )  # fmt: skip
    until = forms.DateField(
        label=_("Valid until"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("At most twelve months; when empty, twelve months."),
    )  # fmt: skip

    def __init__(self, level: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        document = cast("forms.ModelChoiceField[Document]", self.fields["document"])
        document.queryset = Document.objects.filter(status="published").order_by("title")
        document.required = level == "attested"

    def facts(self) -> dict[str, Any]:
        """What the action asks for."""
        day = self.cleaned_data["until"]
        until = day and timezone.make_aware(datetime.combine(day, datetime.min.time())) + timedelta(days=1)
        facts = {name: self.cleaned_data[name] for name in ("verdict", "reason", "document")}
        return {**facts, "valid_until": until} if until else facts


def judge_form_for(asked: Requirement, person: Actor) -> JudgeForm | None:
    """The form with which a person judges or attests a requirement; None where records alone decide, or others may."""
    if asked.level == "automatic" or not may(person, "create", JUDGEMENT):
        return None
    if asked.level == "attested" and set(ATTESTERS).isdisjoint(person.roles):
        return None
    return JudgeForm(asked.level)


class LimitForm(forms.Form):
    """The organization's own numbers for one rule."""

    def __init__(self, rule: EvidenceRule, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule = rule
        for position, limit in enumerate(rule.limits):
            self.fields[f"value_{position}"] = forms.FloatField(
                label=_("Limit (%(unit)s)") % {"unit": unit(limit.unit)}, min_value=0.001, initial=limit.value
            )
        if share := share_of(rule.threshold):
            self.fields["share"] = forms.DecimalField(
                label=_("Share that must hold (%)"), min_value=1, max_value=100, decimal_places=2,
                initial=f"{float(share * 100):g}",
            )  # fmt: skip
        self.fields["because"] = forms.CharField(label=_("Reason"), max_length=500)

    def facts(self) -> dict[str, Any]:
        """What the action asks for."""
        cleaned = self.cleaned_data
        values = [cleaned[f"value_{position}"] for position in range(len(self.rule.limits))]
        return {"values": values, "share": cleaned.get("share"), "because": cleaned["because"]}


class IntervalForm(forms.Form):
    """How often an activity is planned."""

    days = forms.IntegerField(label=_("Every (days)"), min_value=1, max_value=3660)
    tolerance_days = forms.IntegerField(label=_("Tolerance (days)"), min_value=0, max_value=366, initial=0)


class AsOfForm(forms.Form):
    """The day that the board is asked about."""

    as_of = forms.DateField(label=_("As of"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    clause = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_clause(self) -> str:
        """Empty, or a clause that the standard has."""
        clause: str = self.cleaned_data["clause"]
        if clause and not any(True for _each in catalogue().within(clause)):
            raise forms.ValidationError(_("The standard has no such clause."))
        return clause
