"""Filters that lists of every kind have because an app above declares them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import models

from gnomon.records.kinds import Kind
from gnomon.records.permissions import may
from gnomon.standard.collect import collect
from gnomon.standard.plugs import Actor, Says


@dataclass(frozen=True, slots=True, eq=False)
class EveryLens:
    """A filter called `name` of the lists of every kind, declared in `<app>/lenses.py`.

    `narrow(kind, query, value)` answers the part of a query that the value means, InvalidFacts when it means
    nothing; `says(kind, value)` puts the value into words. Only those who may read the whole kind can ask with it.
    """

    name: str
    title: Says
    narrow: Callable[[Kind, models.QuerySet[Any], str], models.QuerySet[Any]]
    says: Callable[[Kind, str], str]


def lenses_for(person: Actor, kind: Kind) -> Mapping[str, EveryLens]:
    """Those that this person can look through at this kind, by name."""
    return every_lens() if may(person, "read", kind) else {}


@cache
def every_lens() -> Mapping[str, EveryLens]:
    """All that the installed apps declare, by name."""
    return {lens.name: lens for lens in collect("lenses", EveryLens)}
