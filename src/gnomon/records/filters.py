"""Filters of a list as people meet them: a form above it, and chips for those in force."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gnomon.jobs.moments import MomentField
from gnomon.records.custom import PREFIX
from gnomon.records.custom_lists import offered
from gnomon.records.definitions import states_of
from gnomon.records.kinds import Kind
from gnomon.records.listing import RESERVED, read_moment
from gnomon.records.models import Record
from gnomon.records.permissions import is_told
from gnomon.records.showing import field_named, field_title
from gnomon.standard.plugs import Actor
from gnomon.ui.durations import moment_words
from gnomon.ui.queries import changed_query
from gnomon.ui.tables import Chip

MOST = 101
SHOWN = 5


def filter_form(kind: Kind, request: HttpRequest) -> forms.Form:
    """A GET form of the kind's first filters; the rest are reached through addresses and saved views."""
    fields: dict[str, forms.Field] = {"phase": _phases()}
    person = cast(Actor, request.user)
    for name in [name for name in kind.filters if is_told(person, kind, name)][: SHOWN + 1]:
        made = _filter_field(kind, name, person)
        if made is not None:
            fields[name] = made
    for name, title, choices in offered(kind):
        fields[name] = forms.ChoiceField(label=title, choices=[("", _("All")), *choices], required=False)
    initial = {name: request.GET.get(name, "") for name in fields}
    # A copy: Django takes the fields out of what it is given.
    form: forms.Form = type("Filters", (forms.Form,), dict(fields))(initial=initial, auto_id="filter-%s")
    return form


def chips_of(kind: Kind, request: HttpRequest) -> list[Chip]:
    """Every filter in force with the address that takes it away."""
    chips, person = [], cast(Actor, request.user)
    for name, values in request.GET.lists():
        given = [value for value in values if value]
        if not given or name in RESERVED - {"q", "phase"}:
            continue
        remove = request.path + changed_query(request.GET, {name: None, "cursor": None, "live": None})
        chips.append(
            Chip(_chip_title(kind, name), ", ".join(_says(kind, name, value, person) for value in given), remove)
        )
    return chips


def _phases() -> forms.ChoiceField:
    choices = [("", _("All")), ("unresolved", _("Unresolved")), ("open", _("Open")), ("waiting", _("Waiting")),
               ("resolved", _("Resolved")), ("closed", _("Closed"))]  # fmt: skip
    return forms.ChoiceField(label=_("Phase"), choices=choices, required=False)


def _filter_field(kind: Kind, name: str, person: Actor) -> forms.Field | None:
    field = field_named(kind, name)
    title = field_title(kind, name)
    choices: list[tuple[Any, Any]]
    if name == "status":
        choices = [(state.name, state.title) for state in states_of(kind)]
    elif field.choices:
        choices = list(field.flatchoices)
    elif isinstance(field, models.BooleanField):
        choices = [("true", _("yes")), ("false", _("no"))]
    elif isinstance(field, models.ForeignKey):
        related: Any = field.related_model
        if field.name in {"assignee", "owner"}:
            choices = [("me", _("Me"))]
        else:
            choices = list(related.objects.visible_to(person).order_by("title").values_list("number", "title")[:MOST])
            if not choices or len(choices) == MOST:
                return None
    else:
        return None
    if field.null:
        choices = [*choices, ("none", _("None"))]
    return forms.ChoiceField(label=title, choices=[("", _("All")), *choices], required=False)


def _chip_title(kind: Kind, name: str) -> str:
    if name == "q":
        return _("Words")
    if name == "phase":
        return _("Phase")
    field, _dot, bound = name.partition(".")
    if name.startswith(PREFIX):
        field, _dot, bound = name.removeprefix(PREFIX).partition(".")
        field = f"{PREFIX}{field}"
    says = (
        {"from": pgettext("filter", "from"), "to": _("before"), "is": _("is"), "not": _("is not"), "": ""}[bound]
        if bound in {"from", "to", "is", "not", ""}
        else bound
    )
    lens = {"open_at": _("Open at"), "unclosed_at": _("Not closed at")}
    return f"{lens.get(field) or field_title(kind, field)} {says}".strip()


def _says(kind: Kind, name: str, value: str, person: Actor) -> str:
    plain = {"none": _("None"), "me": _("Me"), "empty": _("empty"), "filled": _("filled"), "true": _("yes"),
             "false": _("no"), "unresolved": _("Unresolved"), "open": _("Open"), "waiting": _("Waiting"),
             "resolved": _("Resolved"), "closed": _("Closed")}  # fmt: skip
    if name in {"status", "status.not"}:
        return next((str(s.title) for s in states_of(kind) if s.name == value), value)
    if name.startswith(PREFIX):
        titles = {key: title for one, _title, choices in offered(kind) if one == name for key, title in choices}
        return titles.get(value) or plain.get(value, value)
    try:
        field = field_named(kind, name.partition(".")[0])
    except LookupError:
        return plain.get(value) or _moment_says(value)
    if field.choices:
        titles = {str(key): str(title) for key, title in field.flatchoices}
        if value in titles:
            return titles[value]
    if isinstance(field, models.ForeignKey) and value not in plain:
        related: Any = field.related_model
        record: Record | None = related.objects.visible_to(person).filter(number=value).first()
        return record.title if record is not None else value
    if isinstance(field, MomentField):
        return plain.get(value) or _moment_says(value)
    return plain.get(value, value)


def _moment_says(value: str) -> str:
    """A moment as the person reads it, in their own zone; anything else as it is."""
    try:
        return moment_words(read_moment(value), timezone.now())
    except ValueError:
        return value
