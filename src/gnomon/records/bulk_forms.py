"""Forms over many records at once: what is left empty stays as each record has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext as _

from gnomon.records.facts import lacks
from gnomon.records.forms import form_for
from gnomon.records.kinds import Kind
from gnomon.records.models import Record
from gnomon.records.permissions import may
from gnomon.records.showing import field_named, field_title
from gnomon.standard.plugs import Actor
from gnomon.workflow.tables import Move

CLEAR = "clear"


def bulk_form(kind: Kind, move: Move, person: Actor, records: Sequence[Record]) -> type[forms.Form]:
    """The form of a move for many records: what some of them lack must be filled."""
    names = (*move.needs, *move.asks) if may(person, "change", kind) else ()
    needed = {name for name in move.needs if any(lacks(record, name) for record in records)}
    form_class = form_for(kind, names, person, needed=needed)
    for name, field in form_class.base_fields.items():
        _leave_as_it_is(field)
        field.required = name in needed
    return form_class


def changeable_at_once(kind: Kind) -> list[str]:
    """Fields that many records may sensibly be given at once: those that choose among a few things."""
    found = []
    for name in dict.fromkeys((*kind.fields, "owner")):
        field = field_named(kind, name)
        if isinstance(field, models.ForeignKey) or (field.choices and not isinstance(field, models.BooleanField)):
            found.append(name)
    return found


def bulk_change_form(kind: Kind, person: Actor) -> type[forms.Form]:
    """A form of the fields that may be changed for many records, and of those that may be emptied."""
    names = changeable_at_once(kind)
    form_class = form_for(kind, names, person)
    for field in form_class.base_fields.values():
        _leave_as_it_is(field)
        field.required = False
    emptied = [(name, field_title(kind, name)) for name in names if field_named(kind, name).null]
    if emptied:
        form_class.base_fields[CLEAR] = forms.MultipleChoiceField(
            label=_("Empty these"), choices=emptied, required=False, widget=forms.CheckboxSelectMultiple
        )
    return form_class


def _leave_as_it_is(field: forms.Field) -> None:
    field.initial = None
    if isinstance(field, forms.ModelChoiceField):
        field.empty_label = _("as it is")
    elif isinstance(field, forms.ChoiceField):
        known: Any = field.choices
        field.choices = [("", _("as it is")), *((key, title) for key, title in known if key != "")]
