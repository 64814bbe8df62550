"""What a measure asks of each record, told in a way that every engine understands.

The parameters of a list page become tests of fields. Values are plain: moments are milliseconds since 1970, days
ISO text, other records their numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from gnomon.jobs.moments import MomentField, milliseconds, moment, written
from gnomon.records.conditions import NO, Conditional
from gnomon.records.kinds import Kind, kind_named
from gnomon.records.narrowing import read_moment
from gnomon.standard.expressions import Condition, Elapsed, Field, Has, NotLater, Stands, Value
from gnomon.standard.plugs import Measure

Sort = Literal["moment", "day", "whole", "number", "truth", "reference", "text", "other"]
Says = Literal["any", "not", "from", "to"]
NONE = "none"
BOUNDS = frozenset({"", "is", "not", "from", "to"})


class NotAskable(ValueError):
    """A parameter that only the list page understands, with a sentence that names it."""


@dataclass(frozen=True, slots=True)
class Test:
    """What must hold of one field: `any` or `not` any of the values, of which None is an empty field; from; before."""

    field: str
    says: Says
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Meets:
    """A condition that must hold as of a moment, or must not."""

    condition: Condition
    at: int
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class Asking:
    """Which records of a kind count, which of them keep a share, and what each adds."""

    kind: Kind
    tests: tuple[Test | Meets, ...]
    holds: tuple[Test | Meets, ...]
    how: Literal["mean", "share", "count"]
    value: Value | None
    scale: float
    at: int

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that an engine needs to answer."""
        needed = dict.fromkeys(name for test in (*self.tests, *self.holds) for name in fields_of(test))
        needed |= dict.fromkeys(_read_by(self.value) if self.value is not None else ())
        return tuple(needed)


def asking(measure: Measure, given: Mapping[str, Sequence[str]], at: datetime) -> Asking:
    """What a measure asks under list parameters, which include its own; ages are taken at a moment."""
    kind, then = kind_named(measure.kind), milliseconds(at)
    value = measure.value
    if measure.how == "mean" and value is None:
        value = Elapsed(stands_of(measure).start, "")
    holds = tests_of(kind, filled(measure.holds, at), then)
    return Asking(
        kind, tuple(tests_of(kind, given, then)), tuple(holds), measure.how, value, measure.scale, then
    )  # fmt: skip


def stands_of(measure: Measure) -> Stands:
    """What a measure of standing records means by it."""
    lens = kind_named(measure.kind).lenses[measure.standing]
    condition = lens.condition if isinstance(lens, Conditional) else None
    assert isinstance(condition, Stands), f"{measure.standing} of {measure.name} is no lens that tells what stands."
    return condition


def filled(parameters: Mapping[str, str], at: datetime) -> dict[str, Sequence[str]]:
    """Parameters of a declaration as an address has them: alternatives parted, moment and day put in."""
    gaps: dict[str, str] = {}
    if any("{" in value for value in parameters.values()):  # a dashboard puts hundreds of addresses together
        gaps = {"{moment}": written(at), "{day}": timezone.localdate(at).isoformat()}
    return {name: [gaps.get(part, part) for part in value.split(",")] for name, value in parameters.items()}


def tests_of(kind: Kind, given: Mapping[str, Sequence[str]], at: int) -> Iterator[Test | Meets]:
    """List parameters as tests; NotAskable for words, phases and lenses that only a list can follow."""
    for name, values in given.items():
        if values:
            yield _test(kind, name, [value for value in values if value != ""], at)


def _test(kind: Kind, name: str, values: Sequence[str], at: int) -> Test | Meets:
    lens = kind.lenses.get(name)
    if isinstance(lens, Conditional):
        if isinstance(lens.condition, Stands):
            return Meets(lens.condition, milliseconds(read_moment(values[-1])))
        return Meets(lens.condition, at, values[-1] not in NO)
    field_name, _dot, bound = name.partition(".")
    field = next((field for field in kind.model._meta.concrete_fields if field.name == field_name), None)
    sort = sort_of(field) if field is not None and is_told(kind, field_name) else "other"
    # Of the lenses that are plain functions, “is not” alone means what the same bound of any field means.
    if sort == "other" or bound not in BOUNDS or (lens is not None and bound != "not"):
        says = _("Only the list can be narrowed by “%(name)s”, not a measure of the past or of the lake.")
        raise NotAskable(says % {"name": name[:80]})
    if bound == "is":
        return Test(field_name, "any" if values[-1] == "empty" else "not", (None,))
    if bound in {"from", "to"}:
        return Test(field_name, "from" if bound == "from" else "to", (_plain(sort, values[-1]),))
    alternatives = [part for value in values for part in (value.split(",") if bound else (value,))]
    read = tuple(None if value == NONE else _plain(sort, value) for value in alternatives)
    return Test(field_name, "not" if bound else "any", read)


def is_told(kind: Kind, name: str) -> bool:
    """Whether the ledger tells what a field held in the past."""
    derived = kind.derives.fields if kind.derives is not None else ()
    return name not in kind.projections or name in derived


@cache
def sort_of(field: models.Field[Any, Any]) -> Sort:
    """What sort of value a field holds."""
    if isinstance(field, MomentField):
        return "moment"
    sorts: tuple[tuple[Any, Sort], ...] = (
        (models.ForeignKey, "reference"), (models.DateField, "day"), (models.BooleanField, "truth"),
        (models.IntegerField, "whole"), (models.FloatField, "number"), (models.DecimalField, "number"),
        (models.JSONField, "other"), (models.CharField, "text"), (models.TextField, "text"),
    )  # fmt: skip
    return next((sort for known, sort in sorts if isinstance(field, known)), "other")


def _plain(sort: Sort, text: str) -> Any:
    """A value of the address as engines hold it; NotAskable when it is none of its sort."""
    try:
        if sort == "moment":
            return milliseconds(read_moment(text))
        if sort == "truth":
            return {"true": True, "1": True, "false": False, "0": False}[text.lower()]
        if sort == "whole":
            return int(text)
        return float(text) if sort == "number" else text
    except (ValueError, KeyError):
        says = _("“%(text)s” is no value that a measure can be narrowed by.") % {"text": text[:80]}
        raise NotAskable(says) from None


def fields_of(test: Test | Meets) -> tuple[str, ...]:
    """The fields of the record itself that a test reads."""
    if isinstance(test, Test):
        return (test.field,)
    condition = test.condition
    if isinstance(condition, Stands):
        return (condition.start, *condition.ends)
    if isinstance(condition, NotLater):
        return (condition.first, condition.second)
    return (condition.days,) if condition.days else ()


def others_of(condition: Has, at: int) -> tuple[Kind, tuple[str, ...], tuple[Test | Meets, ...]]:
    """Of the kind that a condition looks for: itself, the fields that are read, and what its records must meet."""
    kind = kind_named(condition.kind)
    tests = tuple(tests_of(kind, filled(condition.among, moment(at)), at))
    read = [condition.by, *(name for test in tests for name in fields_of(test))]
    return kind, tuple(dict.fromkeys([*read, condition.since] if condition.since else read)), tests


def _read_by(value: Value) -> tuple[str, ...]:
    if isinstance(value, Field):
        return (value.name,)
    return (value.start, value.end) if value.end else (value.start,)
