"""Typed shapes of each kind, made from its declaration, so that OpenAPI tells the truth."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.db import models
from ninja import Schema
from pydantic import Field, create_model

from gnomon.jobs.moments import MomentField
from gnomon.records.api.comments import CommentGiven
from gnomon.records.endpoints import Given
from gnomon.records.kinds import Kind
from gnomon.records.plain import told_fields


@cache
def given_shape(kind: Kind, names: tuple[str, ...], name: str, because: bool = False) -> type[Schema]:
    """The body of a create, change or move: every fact optional here, the action says what is missing."""
    fields: dict[str, Any] = {
        field.name: (_type(field) | None, Field(default=None, description=str(field.verbose_name)))
        for field in _fields(kind, names)
    }
    fields["custom"] = (dict[str, Any] | None, None)
    if because:
        fields["because"] = (str, Field(default="", max_length=4000))
        fields["expect"] = (int | None, Field(default=None, description="the version seen; refused when it moved on"))
        says = "what to say about the record in the same call: both are done, or neither"
        fields["comment"] = (CommentGiven | None, Field(default=None, description=says))
    made: Any = create_model(name, __base__=Given, **fields)
    return made  # type: ignore[no-any-return]


@cache
def told_shape(kind: Kind) -> type[Schema]:
    """What is answered for one record."""
    fields: dict[str, Any] = {field.name: (_type(field) | None, None) for field in told_fields(kind)}
    made: Any = create_model(_camel(kind.name), __base__=Schema, **fields)
    return made  # type: ignore[no-any-return]


@cache
def page_shape(kind: Kind) -> type[Schema]:
    """A page of a list, and where the next one begins."""
    fields: dict[str, Any] = {"records": (list[told_shape(kind)], ...), "next": (str | None, None)}  # type: ignore[misc]
    made: Any = create_model(f"{_camel(kind.name)}Page", __base__=Schema, **fields)
    return made  # type: ignore[no-any-return]


def _fields(kind: Kind, names: Iterable[str]) -> list[Any]:
    return [kind.model._meta.get_field(name) for name in names]


def _type(field: Any) -> Any:
    if isinstance(field, models.ForeignKey | MomentField | models.DateField | models.DecimalField):
        return str
    if isinstance(field, models.BooleanField):
        return bool
    if isinstance(field, models.IntegerField):
        return int
    if isinstance(field, models.JSONField):
        return Any
    return str


def _camel(name: str) -> str:
    return "".join(part.title() for part in name.split("_"))
