"""Custom fields: what administrators added, checked on every write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date
from enum import StrEnum
from math import isfinite
from typing import Any, Protocol

from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gnomon.records.definitions import IN_USE, fields_in_use, fields_stored
from gnomon.records.facts import moment_text
from gnomon.records.kinds import Kind, kind_named
from gnomon.records.refusals import InvalidFacts
from gnomon.records.texts import LARGEST, fault_of

PREFIX = "custom."  # of a custom field's name among refusals, where a field of the kind may have the same
LONGEST = 20_000


class Type(StrEnum):
    """What a custom field can hold."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    DATE = "date"
    MOMENT = "moment"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    CHOICES = "choices"
    PERSON = "person"


class Field(Protocol):
    """A field that administrators added to a kind."""

    name: str
    title: str
    title_zh: str
    help: str
    help_zh: str
    type: str
    required: bool
    choices: list[Any]
    status: str

    def get_type_display(self) -> str: ...


def custom_fields(kind: Kind) -> list[Field]:
    """The fields in use for a kind, in their order."""
    return list(fields_in_use(kind))


def custom_field_named(kind: Kind, name: str) -> Field | None:
    """The field in use that a list calls `custom.name`."""
    wanted = name.removeprefix(PREFIX)
    return next((field for field in custom_fields(kind) if name.startswith(PREFIX) and field.name == wanted), None)


def title_of(field: Field) -> str:
    return field.title_zh if is_chinese() and field.title_zh else field.title


def help_of(field: Field) -> str:
    return field.help_zh if is_chinese() and field.help_zh else field.help


def is_chinese() -> bool:
    return (get_language() or "").startswith("zh")


def options_of(field: Field) -> list[tuple[str, str]]:
    """The choices of a field as (value, what people read)."""
    chinese = is_chinese()
    return [
        (one["value"], (chinese and one.get("zh")) or one["value"]) if isinstance(one, dict) else (str(one), str(one))
        for one in field.choices
    ]


def checked_custom(kind: Kind, given: Any, known: Mapping[str, Any]) -> dict[str, Any]:
    """The custom values, each of its field's type; refuses unknown names and missing required ones.

    What `known` holds of fields that are no longer in use stays: no form shows them, so none may erase them.
    A value that was kept before stays too, though its choice has gone since.
    """
    if not isinstance(given, dict):
        raise InvalidFacts(_("Custom fields come as names and values."), {"custom": _("Give names and values.")})
    declared = {field.name: field for field in fields_stored(kind)}
    faults = {
        f"{PREFIX}{name}": _("There is no custom field “%(name)s”.") % {"name": str(name)[:80]}
        for name in given
        if name not in declared
    }
    checked: dict[str, Any] = {}
    for name, field in declared.items():
        value, retired = given.get(name), field.status != IN_USE
        if retired and name not in given and name in known:
            checked[name] = known[name]
        elif value in (None, "", []):
            if field.required and not retired:
                faults[f"{PREFIX}{name}"] = _("“%(field)s” must be filled.") % {"field": title_of(field)}
        elif name in known and value == known[name]:
            checked[name] = value
        else:
            try:
                checked[name] = typed(field, value)
            except (TypeError, ValueError, OverflowError):
                faults[f"{PREFIX}{name}"] = _("“%(value)s” does not fit “%(field)s” (%(type)s).") % {
                    "value": str(value)[:80], "field": title_of(field), "type": field.get_type_display(),
                }  # fmt: skip
    if faults:
        raise InvalidFacts(next(iter(faults.values())), faults)
    return checked


def typed(field: Field, value: Any) -> Any:
    """The value as the ledger keeps it; TypeError, ValueError or OverflowError when it does not fit."""
    return _READ[Type(field.type)](field, value)


def _text(_field: Field, value: Any) -> str:
    if not isinstance(value, str) or fault_of(value, LONGEST):
        raise ValueError
    return value


def _day(field: Field, value: Any) -> str:
    return date.fromisoformat(_text(field, value)).isoformat()


def _moment(field: Field, value: Any) -> str:
    moment = parse_datetime(_text(field, value))
    if moment is None or moment.tzinfo is None:
        raise ValueError
    return moment_text(moment.astimezone(UTC))


def _choice(field: Field, value: Any) -> str:
    if value not in dict(options_of(field)):
        raise ValueError
    return _text(field, value)


def _choices(field: Field, value: Any) -> list[str]:
    if not isinstance(value, list | tuple):
        raise ValueError
    return [_choice(field, one) for one in dict.fromkeys(value)]


def _person(field: Field, value: Any) -> str:
    if not kind_named("person").model.objects.filter(number=_text(field, value)).exists():
        raise ValueError
    return str(value)


def _yes_or_no(_field: Field, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if str(value).lower() in {"true", "1", "yes", "on"}:
        return True
    if str(value).lower() in {"false", "0", "no", "off"}:
        return False
    raise ValueError


def _number(_field: Field, value: Any) -> int | float:
    if isinstance(value, bool):
        raise ValueError
    number = float(value)
    if not isfinite(number):
        raise ValueError
    return int(number) if number == int(number) and abs(number) < LARGEST else number


_READ: dict[Type, Callable[[Field, Any], Any]] = {
    Type.TEXT: _text, Type.LONG_TEXT: _text, Type.NUMBER: _number, Type.DATE: _day, Type.MOMENT: _moment,
    Type.BOOLEAN: _yes_or_no, Type.CHOICE: _choice, Type.CHOICES: _choices, Type.PERSON: _person,
}  # fmt: skip
