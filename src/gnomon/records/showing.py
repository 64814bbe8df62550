"""What the fields of records look like to people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import models

from gnomon.records.custom import PREFIX, custom_field_named, custom_fields, title_of
from gnomon.records.custom_lists import custom_title, shown_custom
from gnomon.records.kinds import Kind, kind_of
from gnomon.records.models import Record
from gnomon.ui.timeline import Fact
from gnomon.ui.values import LongText, Ref, Status, Tag, Who

if TYPE_CHECKING:
    FIELD = models.Field[Any, Any]


def field_named(kind: Kind, name: str) -> FIELD:
    """The model field of this name; LookupError when the kind has none."""
    for field in kind.model._meta.concrete_fields:
        if field.name == name:
            return field
    raise LookupError(f"{kind.name} has no field {name}.")


def field_title(kind: Kind, name: str) -> str:
    """What people call a field."""
    if name.startswith(PREFIX):
        return custom_title(kind, name)
    try:
        title = str(field_named(kind, name).verbose_name)
    except LookupError:
        return name
    return title[:1].upper() + title[1:]


def shown(kind: Kind, record: Record, name: str) -> Any:
    """The value of a field as `ui.show` draws it."""
    if name.startswith(PREFIX):
        custom = custom_field_named(kind, name)
        return shown_custom(custom, record.custom.get(custom.name)) if custom is not None else None
    if name == "status":
        state = kind.workflow_of(record).state(record.status)
        return Status(state.title, str(state.phase))
    field = field_named(kind, name)
    value = getattr(record, name)
    if value is None or value == "":
        return None
    if hasattr(field, "in_words"):
        return field.in_words(value)
    if isinstance(field, models.ForeignKey):
        return who_or_ref(value)
    if field.choices:
        return getattr(record, f"get_{name}_display")()
    if isinstance(field, models.TextField):
        return LongText(value)
    if isinstance(field, models.JSONField):
        return listed(value)
    return value


def who_or_ref(record: Any) -> Any:
    """A person as a person, any other record as a link."""
    if kind_of(type(record)).name == "person":
        return Who(record.title, record.number, record.get_absolute_url())
    if kind_of(type(record)).name == "team":
        return Who(record.title, record.number, record.get_absolute_url(), kind="team")
    return Ref(record.number, record.title, record.get_absolute_url())


def facts_shown(kind: Kind, record: Record, names: Iterable[str]) -> list[Fact]:
    """The facts of a record under their titles, custom ones after them."""
    facts = [Fact(field_title(kind, name), shown(kind, record, name)) for name in names]
    if record.custom:
        facts += [
            Fact(title_of(f), shown_custom(f, record.custom[f.name]))
            for f in custom_fields(kind)
            if f.name in record.custom
        ]
    return facts


def listed(value: Any) -> Any:
    if not value:
        return None
    if isinstance(value, list):
        return [one if isinstance(one, str) else _pairs(one) for one in value]
    return _pairs(value)


def _pairs(value: Any) -> Any:
    if isinstance(value, Mapping):
        return Tag(" · ".join(f"{name}: {_pairs(part)}" for name, part in value.items()))
    return str(value)
