"""Which values of dimensions a narrowing by list parameters means, as columns hold them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db import models

from gnomon.evaluation.asking import NotAskable, Test, tests_of
from gnomon.evaluation.queries.lists import Within
from gnomon.evaluation.rows import EMPTY
from gnomon.records.kinds import Kind, kind_named

Values = Mapping[str, Collection[Any]]  # by dimension


def values_of(kind_name: str, within: Within) -> Values | None:
    """The values that a narrowing lets through; None where only the list knows what is meant."""
    kind = kind_named(kind_name)
    try:
        tests = list(tests_of(kind, within, 0))
    except NotAskable:
        return None
    found: dict[str, Collection[Any]] = {}
    for test in tests:
        if not isinstance(test, Test) or test.says != "any" or test.field not in within:
            return None
        found[test.field] = _kept(kind, test)
    return found


def _kept(kind: Kind, test: Test) -> frozenset[Any]:
    field: Any = kind.model._meta.get_field(test.field)
    given = [value for value in test.values if value is not None]
    if isinstance(field, models.ForeignKey) and given:
        related: Any = field.related_model
        given = list(related.objects.filter(number__in=given).values_list("pk", flat=True))
    return frozenset([*given, *(EMPTY if None in test.values else ())])
