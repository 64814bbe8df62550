"""Forms that follow from a kind's declaration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.db import models

from gnomon.jobs.moments import MomentField
from gnomon.records.custom import custom_fields
from gnomon.records.custom_forms import CUSTOM, KindForm, control_of, customs_of
from gnomon.records.facts import fact
from gnomon.records.form_fields import MomentInput, Prose, RecordChoice, minute_of
from gnomon.records.kinds import Kind, kind_of
from gnomon.records.models import Record
from gnomon.records.permissions import fillable
from gnomon.standard.plugs import Actor
from gnomon.workflow.tables import Move

SELECT_UP_TO = 200
__all__ = [
    "CUSTOM", "MomentInput", "Prose", "RecordChoice", "facts_of", "form_for", "initial_of", "minute_of",
    "move_form", "typed_since",
]  # fmt: skip


def form_for(
    kind: Kind, names: Iterable[str], person: Actor, *, needed: Iterable[str] = (), with_custom: bool = False,
) -> type[forms.Form]:  # fmt: skip
    """A form class over some fields of a kind; `needed` must be filled whatever the model says."""
    wanted = set(needed)
    fields: dict[str, forms.Field] = {
        name: _form_field(_model_field(kind, name), person, name in wanted) for name in names
    }
    if with_custom:
        fields |= {f"{CUSTOM}{custom.name}": control_of(custom, person) for custom in custom_fields(kind)}
    made: type[forms.Form] = type(f"{kind.name.title()}Form", (KindForm,), fields)
    return made


def move_form(kind: Kind, move: Move, person: Actor, record: Record) -> type[forms.Form]:
    """The form of a move: what it needs and what it offers this person to fill."""
    return form_for(kind, fillable(person, kind, move, record), person, needed=move.needs)


def facts_of(form: forms.Form) -> dict[str, Any]:
    """The cleaned values as facts for an action; custom fields gathered under `custom`."""
    facts = {name: value for name, value in form.cleaned_data.items() if not name.startswith(CUSTOM)}
    if any(name.startswith(CUSTOM) for name in form.fields):
        facts["custom"] = customs_of(form)
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
    if kind_of(related).by_number or known[: SELECT_UP_TO + 1].count() > SELECT_UP_TO:
        return RecordChoice(related, person, label=label, required=required, help_text=field.help_text)
    choice = forms.ModelChoiceField(
        known.order_by("title"), label=label, required=required, help_text=field.help_text, empty_label="–"
    )
    choice.label_from_instance = lambda obj: str(obj.title)  # type: ignore[method-assign]
    return choice
