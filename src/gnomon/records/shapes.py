"""A field of a record as JSON Schema."""

from __future__ import annotations

from typing import Any

from django.db import models

from gnomon.jobs.moments import MomentField
from gnomon.records.kinds import kind_of


def field_shape(field: Any) -> dict[str, Any]:
    """What a field of a record may hold, as JSON Schema; other records by their number."""
    shape: dict[str, Any] = {"title": str(field.verbose_name)}
    if isinstance(field, models.ForeignKey):
        return shape | {"type": "string", "description": f"number of a {kind_of(field.related_model).name}"}
    if isinstance(field, MomentField):
        return shape | {"type": "string", "format": "date-time"}
    if isinstance(field, models.DateField):
        return shape | {"type": "string", "format": "date"}
    if isinstance(field, models.BooleanField):
        return shape | {"type": "boolean"}
    if isinstance(field, models.IntegerField):
        return shape | {"type": "integer"} | _choices(field)
    if isinstance(field, models.JSONField):
        return shape
    longest = {"maxLength": field.max_length} if getattr(field, "max_length", None) else {}
    return shape | {"type": "string"} | longest | _choices(field)


def _choices(field: Any) -> dict[str, Any]:
    return {"enum": [value for value, _title in field.flatchoices]} if field.choices else {}
