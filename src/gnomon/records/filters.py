"""Filters of a list as people meet them: a form above it, and chips for those in force."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, cast

from django import forms
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gnomon.jobs.moments import MomentField
from gnomon.records.actors import SYSTEM
from gnomon.records.conditions import Conditional
from gnomon.records.custom import PREFIX
from gnomon.records.custom_lists import offered
from gnomon.records.definitions import states_of
from gnomon.records.kinds import Kind, Lens, kind_of
from gnomon.records.lenses import EveryLens, every_lens
from gnomon.records.models import Record
from gnomon.records.narrowing import RESERVED, read_moment
from gnomon.records.permissions import is_told, may
from gnomon.records.showing import field_named, field_title
from gnomon.records.watching import newest_entry
from gnomon.standard.plugs import Actor
from gnomon.ui.durations import moment_words
from gnomon.ui.queries import changed_query
from gnomon.ui.tables import Chip

MOST = 101
SHOWN = 5


class Filters(forms.Form):
    """The filters above a list; `shown` stand there, `more` behind a button, all in one GET form."""

    shown_first = SHOWN

    @property
    def drawn_from(self) -> list[Any]:
        """All that the filters show."""
        return [
            [name, str(field.label), [[str(key), str(title)] for key, title in cast(Any, field).choices],
             self.initial.get(name) or []]
            for name, field in self.fields.items()
        ]  # fmt: skip

    @property
    def shown(self) -> list[forms.BoundField]:
        return list(self)[: self.shown_first + 1]

    @property
    def more(self) -> list[forms.BoundField]:
        return list(self)[self.shown_first + 1 :]

    @property
    def more_in_force(self) -> int:
        """How many of those behind the button hold something."""
        return sum(bool(bound.value()) for bound in self.more)


def filter_form(kind: Kind, request: HttpRequest) -> Filters:
    """A GET form of the kind's filters, each of which takes several values."""
    fields: dict[str, forms.Field] = {"phase": _several(_("Phase"), _phases())}
    person = cast(Actor, request.user)
    for name in _in_order(kind):
        made = _filter_field(kind, name, person)
        if made is not None:
            fields[name] = made
    for name, title, choices in offered(kind):
        fields[name] = _several(title, choices)
    initial = {name: request.GET.getlist(name) for name in fields}
    # A copy: Django takes the fields out of what it is given.
    form: Filters = type("KindFilters", (Filters,), dict(fields))(initial=initial, auto_id="filter-%s")
    return form


def _in_order(kind: Kind) -> list[str]:
    """The first filters of the kind, its lenses, then the rest."""
    lenses = [name for name, lens in kind.lenses.items() if isinstance(lens, Lens) and lens.choices]
    return [*kind.filters[: SHOWN - 1], *lenses, *kind.filters[SHOWN - 1 :]]


def _several(title: str, choices: Sequence[tuple[Any, Any]]) -> forms.Field:
    return forms.MultipleChoiceField(label=title, choices=choices, required=False, widget=forms.CheckboxSelectMultiple)


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


def _phases() -> list[tuple[str, str]]:
    return [("unresolved", _("Unresolved")), ("open", _("Open")), ("waiting", _("Waiting")),
            ("resolved", _("Resolved")), ("closed", _("Closed"))]  # fmt: skip


def _filter_field(kind: Kind, name: str, person: Actor) -> forms.Field | None:
    lens = kind.lenses.get(name)
    if isinstance(lens, Lens):
        # A lens looks at what staff know of; whoever sees only their own is not offered it.
        return _several(str(lens.title), lens.choices) if may(person, "read", kind) else None
    if not is_told(person, kind, name):
        return None
    field = field_named(kind, name)
    choices = _choices(kind, field, person)
    if not choices:
        return None
    if field.null and name not in {"assignee", "owner"}:
        choices = [*choices, ("none", _("None"))]
    return _several(field_title(kind, name), choices)


def _choices(kind: Kind, field: models.Field[Any, Any], person: Actor) -> list[tuple[Any, Any]]:
    """What can be chosen of a field; nothing when it is too much, or free text."""
    if field.name == "status":
        return [(state.name, state.title) for state in states_of(kind)]
    if field.choices:
        return list(field.flatchoices)
    if hasattr(field, "offered"):
        return list(field.offered())
    if isinstance(field, models.BooleanField):
        return [("true", _("yes")), ("false", _("no"))]
    if not isinstance(field, models.ForeignKey):
        return []
    related: Any = field.related_model
    if related is kind.model:
        return []  # which of all these is written in the address
    if kind_of(related).name == "person":
        return _people(kind, field, person)
    known = _titles(related) if may(person, "read", kind_of(related)) else _titles_visible(related, person)
    if not known or len(known) == MOST:
        return []
    return [("mine", _("Mine")), *known] if field.name in kind.mine else known


def _titles(model: Any) -> list[tuple[Any, Any]]:
    """Number and title of the records of a small kind, read anew when one of them has a newer entry."""
    return _read_titles(model, newest_entry(kind_of(model).name))


@lru_cache(maxsize=64)
def _read_titles(model: Any, _newest: int) -> list[tuple[Any, Any]]:
    return _titles_visible(model, SYSTEM)


def _titles_visible(model: Any, person: Actor) -> list[tuple[Any, Any]]:
    return list(model.objects.visible_to(person).order_by("title").values_list("number", "title")[:MOST])


def _people(kind: Kind, field: models.Field[Any, Any], person: Actor) -> list[tuple[Any, Any]]:
    if field.name in {"assignee", "owner"}:
        return [("me", _("Me")), ("none", _("Nobody")), *_colleagues(kind, field, person)]
    return [("me", _("Me"))]


def _colleagues(kind: Kind, field: models.Field[Any, Any], person: Actor) -> list[tuple[Any, Any]]:
    """Those who work in the person's own teams, where the kind knows whose those are."""
    if "team" not in kind.mine or field.name != "assignee":
        return []
    related: Any = field.related_model
    own = kind.mine["team"](person).values("pk")
    known = related.objects.visible_to(person).filter(team__in=own).exclude(pk=getattr(person, "pk", None))
    return list(known.order_by("title").values_list("number", "title")[:20])


def _chip_title(kind: Kind, name: str) -> str:
    if name == "q":
        return _("Words")
    if name == "phase":
        return _("Phase")
    lens = kind.lenses.get(name) or every_lens().get(name)
    if isinstance(lens, Lens | EveryLens | Conditional) and str(lens.title):
        return str(lens.title)
    field, _dot, bound = name.partition(".")
    if name.startswith(PREFIX):
        field, _dot, bound = name.removeprefix(PREFIX).partition(".")
        field = f"{PREFIX}{field}"
    says = (
        {"from": pgettext("filter", "from"), "to": _("before"), "is": _("is"), "not": _("is not"), "": ""}[bound]
        if bound in {"from", "to", "is", "not", ""}
        else bound
    )
    return f"{field_title(kind, field)} {says}".strip()


def _says(kind: Kind, name: str, value: str, person: Actor) -> str:
    plain = {"none": _("None"), "me": _("Me"), "yes": _("yes"), "no": _("no"),
             "empty": _("empty"), "filled": _("filled"), "true": _("yes"),
             "false": _("no"), "unresolved": _("Unresolved"), "open": _("Open"), "waiting": _("Waiting"),
             "resolved": _("Resolved"), "closed": _("Closed")}  # fmt: skip
    lens = kind.lenses.get(name)
    if isinstance(lens, Lens):
        titles = {key: str(title) for key, title in lens.choices}
        return titles.get(value) or (lens.says(value) if lens.says is not None else value)
    if name in every_lens():
        return every_lens()[name].says(kind, value)
    if value == "mine":
        return _("Mine")
    if value == "none" and name in {"assignee", "owner"}:
        return _("Nobody")
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
