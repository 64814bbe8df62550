"""Levels that the program knows by number, called what the organisation chooses to call them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.db import models
from django.utils.functional import lazy

from gnomon.records.definitions import level_name
from gnomon.records.kinds import kinds
from gnomon.standard.plugs import Says

Levels = Mapping[int, Says]


def name_of(scale: str, level: int, declared: Says) -> str:
    """What a level is called now, in the language of the moment; as declared unless somebody named it."""
    return str(level_name(scale, level) or declared)


called = lazy(name_of, str)


def named_levels(scale: str, declared: Any) -> list[tuple[int, Any]]:
    """Choices whose words are looked up whenever they are read."""
    return [(level, called(scale, level, word)) for level, word in declared]


class LevelField(models.PositiveSmallIntegerField):  # type: ignore[type-arg]
    """One of a few levels; `choices` are the words until the organisation chooses its own for the `scale`."""

    def __init__(self, *args: Any, scale: str = "", choices: Any = None, **options: Any) -> None:
        self.scale, self.declared = scale, list(choices or ())
        options["choices"] = named_levels(scale, self.declared) if scale else choices
        super().__init__(*args, **options)

    def _check_choices(self) -> list[Any]:
        """Nothing to look at: the check would read the names before there is a table for them."""
        return []

    def deconstruct(self) -> Any:
        """A migration sees a plain number: what levels are called is no affair of the database."""
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.PositiveSmallIntegerField", args, options | {"choices": self.declared}


def words_for(field: Any) -> list[tuple[Any, Says]]:
    """The choices of a field by every word that means them; those in use come last, for they go before the usual ones."""
    return [*getattr(field, "declared", ()), *field.flatchoices]


@cache
def scales() -> dict[str, Levels]:
    """Every scale with its levels and the words that they were declared with."""
    fields = (field for kind in kinds() for field in kind.model._meta.concrete_fields)
    return {field.scale: dict(field.declared) for field in fields if isinstance(field, LevelField) and field.scale}


@cache
def scale_titles() -> dict[str, Says]:
    """Every scale and what people call it: the title of the field that bears its name."""
    fields = [field for kind in kinds() for field in kind.model._meta.concrete_fields if isinstance(field, LevelField)]
    return {scale: next((f.verbose_name for f in fields if f.name == scale), scale) for scale in scales()}
