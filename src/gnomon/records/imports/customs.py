"""Custom fields in a mapping: `custom.room` is read from its columns like any field, and all are kept together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from gnomon.records.custom import PREFIX, Field, Type, custom_fields, options_of, title_of, typed
from gnomon.records.imports.mappings import Mapping as FileMapping
from gnomon.records.imports.mappings import Origin
from gnomon.records.imports.refusals import MappingFault
from gnomon.records.imports.values import NO, YES, ValueFault
from gnomon.records.kinds import Kind

if TYPE_CHECKING:
    from gnomon.records.imports.targets import Cells

UNFIT_CUSTOM = gettext_noop("“%(value)s” does not fit “%(field)s” (%(type)s).")


def is_custom(name: str) -> bool:
    return name.startswith(PREFIX)


class CustomReader:
    """All custom values of a row, read from the columns that the mapping names."""

    def __init__(self, kind: Kind, mapping: FileMapping, columns: tuple[str, ...]) -> None:
        wanted = [name for name in mapping.origins if is_custom(name)]
        known = {f"{PREFIX}{field.name}": field for field in custom_fields(kind)} if wanted else {}
        unknown = [name for name in wanted if name not in known]
        if unknown:
            raise MappingFault(
                _("%(kind)s has no custom field “%(name)s”. It has: %(known)s.")
                % {
                    "kind": kind.title,
                    "name": unknown[0].removeprefix(PREFIX),
                    "known": ", ".join(sorted(known)) or "–",
                }
            )
        self.nothing = frozenset(mapping.nothing) | {""}
        lower = {column.lower(): at for at, column in reversed(list(enumerate(columns)))}
        self.parts: list[tuple[Field, int | None, Origin]] = []
        for name in wanted:
            origin = mapping.origins[name]
            place = next((lower[one.lower()] for one in origin.column if one.lower() in lower), None)
            if place is not None or origin.constant is not None:
                self.parts.append((known[name], place, origin))

    @property
    def at(self) -> tuple[int, ...]:
        return tuple(place for _field, place, _origin in self.parts if place is not None)

    def read(self, cells: Cells) -> dict[str, Any]:
        """Name → value of what the row says; ValueFault names the value that does not fit."""
        values: dict[str, Any] = {}
        for field, place, origin in self.parts:
            text = str(origin.constant) if origin.constant is not None else cells[place or 0].strip()
            if text in self.nothing:
                continue
            meant = _meant(origin.values or {}, text)
            if meant is not None:
                values[field.name] = value_of(field, meant)
        return values


def _meant(table: Mapping[Any, Any], text: str) -> Any:
    lower = {str(key).strip().lower(): value for key, value in table.items()}
    return lower.get(text.lower(), text)


def value_of(field: Field, given: Any) -> Any:
    """The value that a text of a file stands for: choices by either name, several with semicolons."""
    text = str(given)
    by_title = {title.lower(): value for value, title in options_of(field)}
    try:
        if field.type == Type.CHOICE:
            return typed(field, by_title.get(text.lower(), text))
        if field.type == Type.CHOICES:
            parts = [part.strip() for part in text.replace("；", ";").split(";")]
            return typed(field, [by_title.get(part.lower(), part) for part in parts if part])
        if field.type == Type.BOOLEAN and text.lower() in YES | NO:
            return text.lower() in YES
        return typed(field, text)
    except (TypeError, ValueError, OverflowError):
        raise ValueFault(
            UNFIT_CUSTOM, value=text[:80], field=title_of(field), type=str(field.get_type_display())
        ) from None
