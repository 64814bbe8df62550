"""The courses of records as a filter of lists: `states.step.new~assigned` are those that went so.

Imports nothing that needs the extra until a list is asked: lists must open without it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from gnomon.evaluation.mining.columns import ColumnsMissing, require_columns
from gnomon.evaluation.queries.lists import address
from gnomon.records.kinds import Kind
from gnomon.records.queries.together import one_of_numbers
from gnomon.records.refusals import InvalidFacts

NAME = "mined"
# Beside these, the word that conformance is asked with.
PARTS = 3


def course(perspective: str, what: str, value: str = "") -> str:
    """The value of the filter."""
    return f"{perspective}.{what}.{value}"


def list_of(kind: Kind, parameters: Mapping[str, Sequence[str]], wanted: str) -> str:
    """The address of the list of those records that went a course."""
    return address(kind.name, {**parameters, NAME: [wanted]})


def those_that_went(kind: Kind, query: models.QuerySet[Any], wanted: str) -> models.QuerySet[Any]:
    """The part of a query that went a course; InvalidFacts when it is none that can be asked."""
    try:
        require_columns()
    except ColumnsMissing as missing:
        raise InvalidFacts(str(missing), {NAME: str(missing)}) from None
    from gnomon.evaluation.mining.behind import deviating, numbers_behind

    side, what, value = _parts(wanted)
    try:
        if side == "conformance":
            numbers = deviating(kind, what, value, list(query.order_by().values_list("number", flat=True)))
        else:
            numbers = numbers_behind(kind, side, what, value)
    except LookupError:
        raise _nonsense(wanted) from None
    return query.filter(number__in=one_of_numbers(numbers))


def in_words(kind: Kind, wanted: str) -> str:
    """`New → Assigned`; the value itself when it means nothing."""
    try:
        require_columns()
        from gnomon.evaluation.mining.saying import course_words

        return course_words(kind, *_parts(wanted))
    except (ColumnsMissing, LookupError, InvalidFacts):
        return wanted


def _parts(wanted: str) -> tuple[str, str, str]:
    parts = wanted.split(".", PARTS - 1)
    if len(parts) != PARTS:
        raise _nonsense(wanted)
    return parts[0], parts[1], parts[2]


def _nonsense(wanted: str) -> InvalidFacts:
    says = _("“%(value)s” is no course of records; open the list from the map of the process.") % {"value": wanted[:80]}
    return InvalidFacts(says, {NAME: says})
