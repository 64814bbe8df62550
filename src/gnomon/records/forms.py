"""Forms that follow from a kind's declaration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gnomon.jobs.moments import MomentField
from gnomon.records.custom import custom_fields, title_of
from gnomon.records.facts import fact
from gnomon.records.kinds import Kind, kind_of
from gnomon.records.models import CustomField, Record
from gnomon.records.permissions import fillable
from gnomon.standard.plugs import Actor
from gnomon.workflow.tables import Move

SELECT_UP_TO = 200
CUSTOM = "custom-"


class RecordChoice(forms.CharField):
    """A record of another kind, written as its number or its exact title."""

    def __init__(self, related: type[Record], person: Actor, **options: Any) -> None:
        super().__init__(**options)
        self.related, self.person = related, person
        self.widget.attrs |= {
            "data-suggest": reverse("record-suggestions", args=[kind_of(related).name]),
            "autocomplete": "off",
            "list": f"known-{kind_of(related).name}",
        }

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            value = self.related.objects.filter(pk=value).first()
        return f"{value.number} {value.title}" if isinstance(value, Record) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value).strip()
        if not text:
            return None
        known = self.related.objects.visible_to(self.person)
        found = list(known.filter(number=text.split()[0])[:1]) or list(known.filter(title=text)[:2])
        if len(found) == 1:
            return found[0]
        says = (
            _("“%(text)s” fits several. Write the number.")
            if found
            else _("There is no “%(text)s”. Choose from the list.")
        )
        raise forms.ValidationError(says % {"text": text})


class MomentInput(forms.DateTimeField):
    """A moment in the zone of the person who fills the form."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **options)

    def prepare_value(self, value: Any) -> Any:
        if hasattr(value, "astimezone") and getattr(value, "tzinfo", None) is not None:
            return value.astimezone(timezone.get_current_timezone()).replace(tzinfo=None)
        return value

    def clean(self, value: Any) -> Any:
        moment = super().clean(value)
        try:
            return moment.astimezone(UTC) if moment is not None else None
        except OverflowError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another minute was typed: the form shows no seconds, so it must not take them away."""
        return bool(minute_of(initial) != minute_of(self.to_python(data)))


class Prose(forms.CharField):
    """Text of several lines; browsers send other line ends than they were given."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial or "") != self.to_python(data or "")


def minute_of(moment: Any) -> Any:
    """The minute that a moment lies in; None stands for itself."""
    return moment if moment is None else moment.astimezone(UTC).replace(second=0, microsecond=0)


def form_for(
    kind: Kind, names: Iterable[str], person: Actor, *, needed: Iterable[str] = (), with_custom: bool = False,
) -> type[forms.Form]:  # fmt: skip
    """A form class over some fields of a kind; `needed` must be filled whatever the model says."""
    wanted = set(needed)
    fields: dict[str, forms.Field] = {
        name: _form_field(_model_field(kind, name), person, name in wanted) for name in names
    }
    if with_custom:
        fields |= {f"{CUSTOM}{custom.name}": _custom_field(custom) for custom in custom_fields(kind)}
    made: type[forms.Form] = type(f"{kind.name.title()}Form", (forms.Form,), fields)
    return made


def move_form(kind: Kind, move: Move, person: Actor, record: Record) -> type[forms.Form]:
    """The form of a move: what it needs and what it offers this person to fill."""
    return form_for(kind, fillable(person, kind, move, record), person, needed=move.needs)


def facts_of(form: forms.Form) -> dict[str, Any]:
    """The cleaned values as facts for an action; custom fields gathered under `custom`."""
    facts: dict[str, Any] = {}
    custom: dict[str, Any] = {}
    for name, value in form.cleaned_data.items():
        if name.startswith(CUSTOM):
            if value not in (None, ""):
                custom[name.removeprefix(CUSTOM)] = value.isoformat() if hasattr(value, "isoformat") else value
        else:
            facts[name] = value
    if any(name.startswith(CUSTOM) for name in form.fields):
        facts["custom"] = custom
    return facts


def initial_of(record: Record, names: Iterable[str]) -> dict[str, Any]:
    """The present values, to begin editing from."""
    initial: dict[str, Any] = {name: getattr(record, name) for name in names}
    initial |= {f"{CUSTOM}{name}": value for name, value in record.custom.items()}
    return initial


def typed_since(form: forms.Form, seen: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed into a form, other than what its writer had found there."""
    custom: Mapping[str, Any] = seen.get("custom") or {}
    found = {f"{CUSTOM}{name}": value for name, value in custom.items()} | dict(seen)
    return {name: value for name, value in form.cleaned_data.items() if _differs(value, found.get(name))}


def _differs(typed: Any, found: Any) -> bool:
    if isinstance(typed, datetime) and found:
        return bool(minute_of(typed) != minute_of(datetime.fromisoformat(found)))
    return (fact(typed) or None) != (found or None)


def _model_field(kind: Kind, name: str) -> models.Field[Any, Any]:
    field: Any = kind.model._meta.get_field(name)
    return field  # type: ignore[no-any-return]


def _form_field(field: models.Field[Any, Any], person: Actor, needed: bool) -> forms.Field:
    label = str(field.verbose_name)
    label = label[:1].upper() + label[1:]
    required = needed or not (field.blank or field.null or field.has_default())
    if isinstance(field, models.ForeignKey):
        return _relation(field, person, label, required)
    if isinstance(field, MomentField):
        return MomentInput(label=label, required=needed, help_text=field.help_text)
    if isinstance(field, models.DateField):
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return forms.DateField(label=label, required=required, widget=widget, help_text=field.help_text)
    if isinstance(field, models.BooleanField) and not field.null:
        return forms.BooleanField(label=label, required=False, help_text=field.help_text)
    more: dict[str, Any] = {"form_class": Prose} if isinstance(field, models.TextField) else {}
    made = field.formfield(label=label, required=required, **more)
    assert made is not None
    if isinstance(field, models.CharField) and field.choices and not field.blank and field.has_default():
        made.initial = field.get_default()
    if isinstance(field, models.TextField):
        made.widget.attrs["rows"] = 5
    if isinstance(made, forms.TypedChoiceField):
        optional = field.blank or not field.has_default()
        choices: Any = field.get_choices(include_blank=optional, blank_choice=[("", "–")])
        made.choices = choices
    return made


def _relation(field: models.ForeignKey[Any, Any], person: Actor, label: str, required: bool) -> forms.Field:
    related: Any = field.related_model
    known = related.objects.visible_to(person)
    if known[: SELECT_UP_TO + 1].count() > SELECT_UP_TO:
        return RecordChoice(related, person, label=label, required=required, help_text=field.help_text)
    choice = forms.ModelChoiceField(
        known.order_by("title"), label=label, required=required, help_text=field.help_text, empty_label="–"
    )
    choice.label_from_instance = lambda obj: str(obj.title)  # type: ignore[method-assign]
    return choice


def _custom_field(custom: CustomField) -> forms.Field:
    label, required = title_of(custom), custom.required
    if custom.type == CustomField.Type.BOOLEAN:
        return forms.BooleanField(label=label, required=False)
    if custom.type == CustomField.Type.NUMBER:
        return forms.FloatField(label=label, required=required)
    if custom.type == CustomField.Type.DATE:
        return forms.DateField(label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}))
    if custom.type == CustomField.Type.CHOICE:
        choices = [("", "—"), *((choice, choice) for choice in custom.choices)]
        return forms.ChoiceField(label=label, required=required, choices=choices)
    return forms.CharField(label=label, required=required, max_length=2000)
