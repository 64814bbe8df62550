"""Custom fields: what administrators added, checked on every write."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import isfinite
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gnomon.records.kinds import Kind
from gnomon.records.models import CustomField
from gnomon.records.refusals import InvalidFacts
from gnomon.records.texts import LARGEST, fault_of

PREFIX = "custom."  # of a custom field's name among refusals, where a field of the kind may have the same
LONGEST = 20_000


def custom_fields(kind: Kind) -> list[CustomField]:
    """The fields in use for a kind, in their order."""
    return list(CustomField.objects.filter(kind=kind.name, retired=False))


def title_of(field: CustomField) -> str:
    chinese = (get_language() or "").startswith("zh")
    return field.title_zh if chinese and field.title_zh else field.title_en


def checked_custom(kind: Kind, given: Any, known: Mapping[str, Any]) -> dict[str, Any]:
    """The custom values, each of its field's type; refuses unknown names and missing required ones.

    What `known` holds of fields that are no longer in use stays: no form shows them, so none may erase them.
    """
    if not isinstance(given, dict):
        raise InvalidFacts(_("Custom fields come as names and values."), {"custom": _("Give names and values.")})
    declared = {field.name: field for field in CustomField.objects.filter(kind=kind.name)}
    faults = {
        f"{PREFIX}{name}": _("There is no custom field “%(name)s”.") % {"name": str(name)[:80]}
        for name in given
        if name not in declared
    }
    checked: dict[str, Any] = {}
    for name, field in declared.items():
        value = given.get(name)
        if field.retired and name not in given and name in known:
            checked[name] = known[name]
        elif value in (None, ""):
            if field.required and not field.retired:
                faults[f"{PREFIX}{name}"] = _("“%(field)s” must be filled.") % {"field": title_of(field)}
        else:
            try:
                checked[name] = _typed(field, value)
            except (TypeError, ValueError, OverflowError):
                faults[f"{PREFIX}{name}"] = _("“%(value)s” does not fit “%(field)s” (%(type)s).") % {
                    "value": str(value)[:80], "field": title_of(field), "type": field.get_type_display(),
                }  # fmt: skip
    if faults:
        raise InvalidFacts(next(iter(faults.values())), faults)
    return checked


def _typed(field: CustomField, value: Any) -> Any:
    kinds = CustomField.Type
    if field.type == kinds.BOOLEAN:
        return _yes_or_no(value)
    if field.type == kinds.NUMBER:
        return _number(value)
    if not isinstance(value, str) or fault_of(value, LONGEST):
        raise ValueError
    if field.type == kinds.DATE:
        return date.fromisoformat(value).isoformat()
    if field.type == kinds.CHOICE and value not in field.choices:
        raise ValueError
    return value


def _yes_or_no(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if str(value).lower() in {"true", "1", "yes", "on"}:
        return True
    if str(value).lower() in {"false", "0", "no", "off"}:
        return False
    raise ValueError


def _number(value: Any) -> int | float:
    if isinstance(value, bool):
        raise ValueError
    number = float(value)
    if not isfinite(number):
        raise ValueError
    return int(number) if number == int(number) and abs(number) < LARGEST else number
