"""Custom fields in forms: a control for each type, and back to what is kept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime

from gnomon.records.custom import Field, Type, help_of, options_of, title_of
from gnomon.records.facts import fact
from gnomon.records.form_fields import MomentInput, Prose, RecordChoice
from gnomon.records.kinds import kind_named

CUSTOM = "custom-"


class KindForm(forms.Form):
    """A form over the fields of a kind; what it begins with is offered though its choice has gone since."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for name, control in self.fields.items():
            value = self.initial.get(name)
            if not name.startswith(CUSTOM) or value in (None, ""):
                continue
            if isinstance(control, MomentInput) and isinstance(value, str):
                self.initial[name] = parse_datetime(value)
            elif isinstance(control, forms.ChoiceField):
                _offer(control, value if isinstance(value, list) else [value])


def customs_of(form: forms.Form) -> dict[str, Any]:
    """The custom values of a form; what nobody touched stays to the second."""
    customs: dict[str, Any] = {}
    for name, cleaned in form.cleaned_data.items():
        if name.startswith(CUSTOM):
            value = cleaned if name in form.changed_data else form.initial.get(name, cleaned)
            if value not in (None, "", []):
                customs[name.removeprefix(CUSTOM)] = fact(value)
    return customs


def _offer(control: forms.ChoiceField, kept: list[Any]) -> None:
    choices: list[Any] = list(control.choices)  # type: ignore[arg-type]
    known = {key for key, _title in choices}
    control.choices = [*choices, *((one, one) for one in kept if isinstance(one, str) and one not in known)]


def control_of(field: Field, person: Any) -> forms.Field:
    """The form field of a custom field."""
    usual: dict[str, Any] = {"label": title_of(field), "required": field.required, "help_text": help_of(field)}
    if field.type == Type.BOOLEAN:
        return forms.BooleanField(**{**usual, "required": False})
    if field.type == Type.NUMBER:
        return forms.FloatField(**usual, widget=forms.NumberInput(attrs={"step": "any"}))
    if field.type == Type.DATE:
        return forms.DateField(**usual, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    if field.type == Type.MOMENT:
        return MomentInput(**usual)
    if field.type == Type.CHOICE:
        return forms.ChoiceField(**usual, choices=[("", "–"), *options_of(field)])
    if field.type == Type.CHOICES:
        return forms.MultipleChoiceField(**usual, choices=options_of(field), widget=forms.CheckboxSelectMultiple)
    if field.type == Type.PERSON:
        return RecordChoice(kind_named("person").model, person, **usual)
    if field.type == Type.LONG_TEXT:
        return Prose(**usual, max_length=20_000, widget=forms.Textarea(attrs={"rows": 4}))
    return forms.CharField(**usual, max_length=2000)
