"""Moments: aware UTC datetimes in Python, milliseconds since 1970 in the database.

Whole numbers subtract and compare in the same way on every database, and sort as they stand.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.expressions import Combinable, register_combinable_fields
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)

if TYPE_CHECKING:
    from typing_extensions import TypeVar

    _Set_contra = TypeVar("_Set_contra", contravariant=True, default=Any)
    _Get_co = TypeVar("_Get_co", covariant=True, default=Any)

    class _Column(models.Field[_Set_contra, _Get_co]): ...
else:
    # Django's fields cannot be subscripted while the program runs; the type checker needs them to be.
    _Set_contra = _Get_co = None

    class _Column(models.Field):
        def __class_getitem__(cls, _types: Any) -> type[models.Field]:
            return cls


def milliseconds(moment: datetime) -> int:
    """Whole milliseconds since 1970 at `moment`, what is finer cut off."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone; give an aware datetime, for example datetime.now(UTC).")
    return (moment - EPOCH) // MILLISECOND


def moment(since_epoch: int) -> datetime:
    """The moment that many milliseconds after 1970, in UTC."""
    return EPOCH + timedelta(milliseconds=since_epoch)


class MomentField(_Column[_Set_contra, _Get_co]):
    """A column for a moment: aware in Python, UTC, to the millisecond.

    Bounds in filters are cut to the millisecond too, so that what was saved at `t` is found at `t`.
    """

    description = _("Moment")
    # Else a moment not given yet is "" in Python, which is neither a moment nor None.
    empty_strings_allowed = False
    _pyi_private_set_type: datetime | Combinable
    _pyi_private_get_type: datetime
    _pyi_lookup_exact_type: datetime

    def get_internal_type(self) -> str:
        return "BigIntegerField"

    def from_db_value(self, value: int | None, _expression: Any, _connection: Any) -> datetime | None:
        return None if value is None else EPOCH + timedelta(milliseconds=value)

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        if isinstance(value, datetime):
            return milliseconds(value)
        if value is None or hasattr(value, "resolve_expression"):
            return value
        if isinstance(value, str):
            return milliseconds(_parsed(value))
        # A bare number would be read as milliseconds by one caller and as seconds by the next.
        raise TypeError(f"{self.name or 'A moment'} takes an aware datetime, not {value!r}.")

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """The value to save; the instance gets what the database will give back."""
        value = super().pre_save(model_instance, add)
        if isinstance(value, datetime) and value.tzinfo is not None:
            value = moment(milliseconds(value))
            setattr(model_instance, self.attname, value)
        return value

    def to_python(self, value: Any) -> datetime | None:
        if value is None or value == "":
            return None
        if isinstance(value, str):
            try:
                return _parsed(value)
            except ValueError as refusal:
                raise ValidationError(str(refusal), code="invalid") from refusal
        if not isinstance(value, datetime):
            raise ValidationError(_("A moment is needed, as 2026-01-05T09:00:00+08:00."), code="invalid")
        if value.tzinfo is None:
            raise ValidationError(_("The time needs a time zone, as 2026-01-05T09:00:00+08:00."), code="invalid")
        return moment(milliseconds(value))

    def value_to_string(self, obj: models.Model) -> str:
        """RFC 3339 in UTC with milliseconds, as the ledger writes moments."""
        value: Any = self.value_from_object(obj)
        return "" if value is None else written(value)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": forms.DateTimeField, **kwargs})


def written(moment_: datetime) -> str:
    """RFC 3339 text in UTC with milliseconds: 2026-01-05T01:00:00.000Z."""
    return moment(milliseconds(moment_)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _parsed(text: str) -> datetime:
    found = parse_datetime(text)
    if found is None or found.tzinfo is None:
        raise ValueError(f"“{text}” is not a moment with a time zone, as 2026-01-05T09:00:00+08:00.")
    return moment(milliseconds(found))


register_combinable_fields(MomentField, Combinable.SUB, MomentField, models.BigIntegerField)
for _sign in (Combinable.ADD, Combinable.SUB):
    register_combinable_fields(MomentField, _sign, models.IntegerField, MomentField)
