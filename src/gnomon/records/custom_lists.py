"""Custom fields in lists: `custom.room=4.11`, `custom.seen_on.from=2026-01-01`, `custom.room.is=empty`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.expressions import Func, Value
from django.utils.translation import gettext as _

from gnomon.records.custom import PREFIX, Field, Type, custom_field_named, custom_fields, options_of, title_of, typed
from gnomon.records.facts import moment_text
from gnomon.records.kinds import Kind, kind_named
from gnomon.records.refusals import InvalidFacts
from gnomon.ui.values import LongText, Tag, Who

MEASURED = frozenset({Type.NUMBER, Type.DATE, Type.MOMENT})


class Chosen(Func):
    """Whether a list of choices holds one of them."""

    output_field = models.BooleanField()

    def __init__(self, name: str, value: str) -> None:
        super().__init__(models.F("custom"), Value(name), Value(value))

    def as_sqlite(self, compiler: Any, connection: Any, **_more: Any) -> Any:
        template = "EXISTS (SELECT 1 FROM json_each({}, '$.' || {}) WHERE value = {})"
        return self._filled(compiler, template)

    def as_postgresql(self, compiler: Any, connection: Any, **_more: Any) -> Any:
        return self._filled(compiler, "({} -> {}::text) @> to_jsonb({}::text)")

    def _filled(self, compiler: Any, template: str) -> Any:
        parts = [compiler.compile(part) for part in self.source_expressions]
        return template.format(*(sql for sql, _p in parts)), [value for _s, given in parts for value in given]


def narrowed(query: models.QuerySet[Any], kind: Kind, name: str, values: Sequence[str]) -> models.QuerySet[Any]:
    """The query with a filter on a custom field; InvalidFacts when there is no such field or bound."""
    from gnomon.records.narrowing import read_moment

    _custom, field_name, *rest = name.split(".")
    field, bound = custom_field_named(kind, f"{PREFIX}{field_name}"), ".".join(rest)
    if field is None or bound not in {"", "is", *(("from", "to") if field.type in MEASURED else ())}:
        known = ", ".join(f"{PREFIX}{one.name}" for one in custom_fields(kind)) or "–"
        says = _("There is no filter “%(name)s”. Filters here: %(known)s.") % {"name": name, "known": known}
        raise InvalidFacts(says, {name: says})
    if bound == "is":
        return query.filter(_emptiness(field, name, values[-1]))
    try:
        given = [
            moment_text(read_moment(value)) if field.type == Type.MOMENT else value
            for value in values
        ]  # fmt: skip
        if bound:
            ends = {"from": "gte", "to": "lt"}
            return query.filter(**{f"custom__{field.name}__{ends[bound]}": typed(field, given[-1])})
        choice = Q()
        for value in given:
            choice |= _is(field, value)
        return query.filter(choice)
    except (TypeError, ValueError, OverflowError):
        says = _("“%(value)s” is no value for the filter “%(name)s”.") % {"value": values[-1][:80], "name": name}
        raise InvalidFacts(says, {name: says}) from None


def _is(field: Field, value: str) -> Q:
    if value == "none":
        return ~Q(custom__has_key=field.name)
    if field.type == Type.CHOICES:
        return Q(Chosen(field.name, value))
    # Choices that have gone are still found, as everything that was ever kept.
    kept = value if field.type in {Type.CHOICE, Type.PERSON} else typed(field, value)
    return Q(**{f"custom__{field.name}": kept})


def _emptiness(field: Field, name: str, value: str) -> Q:
    if value not in {"empty", "filled"}:
        says = _("“%(name)s” can be “empty” or “filled”.") % {"name": name}
        raise InvalidFacts(says, {name: says})
    filled = Q(custom__has_key=field.name)
    return filled if value == "filled" else ~filled


def shown_custom(field: Field, value: Any) -> Any:
    """A custom value as `ui.show` draws it."""
    if value in (None, "", []):
        return None
    titles = dict(options_of(field))
    if field.type == Type.CHOICE:
        return titles.get(value, value)
    if field.type == Type.CHOICES and isinstance(value, list):
        return [Tag(titles.get(one, one)) for one in value]
    if field.type == Type.LONG_TEXT:
        return LongText(str(value))
    if field.type == Type.MOMENT:
        return moment_read(value)
    if field.type == Type.PERSON:
        return _person(str(value))
    return value


def moment_read(text: str) -> Any:
    from django.utils.dateparse import parse_datetime

    return parse_datetime(text)


def _person(number: str) -> Any:
    found = kind_named("person").model.objects.filter(number=number).first()
    return Who(found.title, number, found.get_absolute_url()) if found is not None else number


def custom_title(kind: Kind, name: str) -> str:
    """What people call the custom field `custom.name`; the name itself when it is no longer in use."""
    field = custom_field_named(kind, name)
    return title_of(field) if field is not None else name


def columns_of(kind: Kind) -> list[str]:
    """The custom fields as names of columns."""
    return [f"{PREFIX}{field.name}" for field in custom_fields(kind)]


def offered(kind: Kind) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Filters to choose from: name, title, choices."""
    yes_or_no = [("true", _("yes")), ("false", _("no"))]
    return [
        (f"{PREFIX}{f.name}", title_of(f), yes_or_no if f.type == Type.BOOLEAN else options_of(f))
        for f in custom_fields(kind)
        if f.type in {Type.BOOLEAN, Type.CHOICE, Type.CHOICES}
    ]
