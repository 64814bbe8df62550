"""A record by its number, as often as it is asked for."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import models

from gnomon.jobs.questions import Question
from gnomon.records.kinds import kind_of
from gnomon.records.models import Record
from gnomon.records.permissions import may, visible
from gnomon.standard.plugs import Actor


def numbered(model: type[Record], number: str, *, whole: bool = False) -> Any:
    """The record with this number, or None; `whole` with the records that it points to, in the same question."""
    return (_with_relations if whole else _alone)(model).first(number=number)


def visible_numbered(model: type[Record], number: str, person: Actor, *, whole: bool = False) -> Any:
    """The same, as far as the person may know of it."""
    if may(person, "read", kind_of(model)):
        return numbered(model, number, whole=whole)
    query: Any = visible(model._default_manager.all(), person)
    return query.filter(number=number).first()


@cache
def _alone(model: type[Record]) -> Question[Any]:
    return Question(lambda number: model._default_manager.filter(number=number).order_by("pk")[:1])


@cache
def _with_relations(model: type[Record]) -> Question[Any]:
    names = [field.name for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)]
    return Question(
        lambda number: model._default_manager.filter(number=number).order_by("pk").select_related(*names)[:1]
    )
