"""Custom fields: what administrators added, checked on every write."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gnomon.records.kinds import Kind
from gnomon.records.models import CustomField
from gnomon.records.refusals import InvalidFacts


def custom_fields(kind: Kind) -> list[CustomField]:
    """The fields in use for a kind, in their order."""
    return list(CustomField.objects.filter(kind=kind.name, retired=False))


def title_of(field: CustomField) -> str:
    chinese = (get_language() or "").startswith("zh")
    return field.title_zh if chinese and field.title_zh else field.title_en


def checked_custom(kind: Kind, given: Any) -> dict[str, Any]:
    """The custom values, each of its field's type; refuses unknown names and missing required ones."""
    if not isinstance(given, dict):
        raise InvalidFacts(_("Custom fields come as names and values."), {"custom": _("Give names and values.")})
    declared = {field.name: field for field in CustomField.objects.filter(kind=kind.name)}
    faults = {name: _("There is no custom field “%(name)s”.") % {"name": name} for name in given if name not in declared}
    checked: dict[str, Any] = {}
    for name, field in declared.items():
        value = given.get(name)
        if value in (None, ""):
            if field.required and not field.retired:
                faults[name] = _("“%(field)s” must be filled.") % {"field": title_of(field)}
            continue
        try:
            checked[name] = _typed(field, value)
        except ValueError:
            faults[name] = _("“%(value)s” does not fit “%(field)s” (%(type)s).") % {
                "value": value, "field": title_of(field), "type": field.get_type_display(),
            }  # fmt: skip
    if faults:
        raise InvalidFacts(next(iter(faults.values())), faults)
    return checked


def _typed(field: CustomField, value: Any) -> Any:
    kinds = CustomField.Type
    if field.type == kinds.BOOLEAN:
        if isinstance(value, bool):
            return value
        if str(value).lower() in {"true", "1", "yes", "on"}:
            return True
        if str(value).lower() in {"false", "0", "no", "off"}:
            return False
        raise ValueError
    if field.type == kinds.NUMBER:
        number = float(value)
        if number != number or abs(number) == float("inf"):
            raise ValueError
        return int(number) if number == int(number) and abs(number) < 2**53 else number
    if field.type == kinds.DATE:
        return date.fromisoformat(str(value)).isoformat()
    if field.type == kinds.CHOICE and value not in field.choices:
        raise ValueError
    return str(value)
