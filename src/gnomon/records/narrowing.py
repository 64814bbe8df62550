"""What the parameters of a list ask of its query: filters by field, phase and lens; InvalidFacts for nonsense."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import reduce
from operator import or_
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from gnomon.jobs.moments import MomentField
from gnomon.records.custom import PREFIX
from gnomon.records.custom_lists import narrowed
from gnomon.records.definitions import within
from gnomon.records.kinds import Kind, Lens
from gnomon.records.lenses import lenses_for
from gnomon.records.permissions import is_told
from gnomon.records.plain import SECRET
from gnomon.records.refusals import InvalidFacts
from gnomon.records.texts import fault_of
from gnomon.standard.plugs import Actor
from gnomon.workflow.tables import Phase

FARTHEST = timedelta(hours=15)  # of any time zone from UTC
MEASURED = (
    MomentField, models.DateField, models.IntegerField, models.FloatField, models.DecimalField,
)  # fmt: skip
UNLISTED = SECRET | {"custom"}
RESERVED = frozenset(
    {"q", "sort", "limit", "cursor", "live", "view", "record", "phase", "density", "columns", "language", "theme"}
)
NO_FILTERS = RESERVED - {"phase"}


class Keys:
    """The keys of records that filters name by number, each asked for once, however many kinds are filtered by it."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, str], int] = {}

    def of(self, model: Any, numbers: Iterable[str]) -> list[int]:
        numbers = list(dict.fromkeys(numbers))
        missing = [number for number in numbers if (model, number) not in self._known]
        if missing:
            self.learn(model, model.objects.filter(number__in=missing).values_list("number", "pk"))
        return [self._known[model, number] for number in numbers if (model, number) in self._known]

    def learn(self, model: Any, known: Iterable[tuple[str, int]]) -> None:
        """Take in what somebody has asked already."""
        self._known.update({(model, number): key for number, key in known})


class Narrowing:
    """How a query of a kind is narrowed for this person."""

    def __init__(self, kind: Kind, person: Actor, keys: Keys | None = None) -> None:
        self.kind = kind
        self.person = person
        self.keys = keys or Keys()

    def narrowed(self, query: models.QuerySet[Any], parameters: Mapping[str, Sequence[str]]) -> models.QuerySet[Any]:
        """The part of the query that every parameter lets through."""
        for name, values in parameters.items():
            if values:
                self._check_texts(name, values)
                own = name.startswith(PREFIX)
                query = narrowed(query, self.kind, name, values) if own else self._narrow(query, name, values)
        return query

    def _check_texts(self, name: str, values: Sequence[str]) -> None:
        for value in values:
            if fault := fault_of(value):
                raise nonsense(name, fault)

    def _narrow(self, query: models.QuerySet[Any], name: str, values: Sequence[str]) -> models.QuerySet[Any]:
        if name == "phase":
            return query.filter(status__in=within(self.kind, *self._phases(values)))
        if name == "number":
            return query.filter(number__in=values)
        if name in RESERVED:
            return query  # words (q) narrow when all else has
        if name in self.kind.lenses:
            return self._through(self.kind.lenses[name], query, values)
        if (lens := lenses_for(self.person, self.kind).get(name)) is not None:
            for value in values:
                query = lens.narrow(self.kind, query, value)
            return query
        field_name, _dot, bound = name.partition(".")
        field = listed_field(self.kind, self.person, field_name)
        if field is None or (bound and bound not in {"from", "to", "is", "not"}):
            known = ", ".join(("q", "phase", *self.kind.filters, *self.kind.lenses))
            raise nonsense(
                name, _("There is no filter “%(name)s”. Filters here: %(known)s.") % {"name": name, "known": known}
            )
        if bound == "is":
            return query.filter(self._emptiness(field, name, values[-1]))
        if bound == "not" and not isinstance(field, models.JSONField):
            return query.exclude(self._any_of(field, name, values))
        if isinstance(field, models.JSONField) or (bound and not isinstance(field, MEASURED)):
            raise nonsense(name, _("“%(name)s” can only be asked with “.is”.") % {"name": name})
        if bound:
            comparison = "gte" if bound == "from" else "lt"
            return query.filter(**{f"{field.name}__{comparison}": self._value(field, name, values[-1])})
        return query.filter(self._any_of(field, name, values))

    def _through(
        self, lens: Callable[[models.QuerySet[Any], str], models.QuerySet[Any]], query: models.QuerySet[Any],
        values: Sequence[str],
    ) -> models.QuerySet[Any]:  # fmt: skip
        """Values that people choose from a list are alternatives; those of other lenses must all hold."""
        if isinstance(lens, Lens) and len(values) > 1:
            found = [lens(self.kind.model.objects.all(), value).values("pk") for value in values]
            return query.filter(reduce(or_, (Q(pk__in=keys) for keys in found)))
        for value in values:
            query = lens(query, value)
        return query

    def _any_of(self, field: models.Field[Any, Any], name: str, values: Sequence[str]) -> Q:
        choice = Q()
        if "none" in values:
            choice |= self._emptiness(field, name, "empty")
        given = [value for value in values if value != "none"]
        if "mine" in given and field.name in self.kind.mine:
            given.remove("mine")
            choice |= Q(**{f"{field.name}__in": self.kind.mine[field.name](self.person).values("pk")})
        if isinstance(field, models.ForeignKey):
            numbers = [self.person.number if value == "me" else value for value in given]
            if numbers:
                choice |= Q(**{f"{field.name}__in": self.keys.of(field.related_model, numbers)})
            return choice
        if len(given) == 1:
            choice |= Q(**{field.name: self._value(field, name, given[0])})
        elif given:
            choice |= Q(**{f"{field.name}__in": [self._value(field, name, value) for value in given]})
        return choice

    def _emptiness(self, field: models.Field[Any, Any], name: str, value: str) -> Q:
        if value not in {"empty", "filled"}:
            raise nonsense(name, _("“%(name)s” can be “empty” or “filled”.") % {"name": name})
        if field.null:
            empty = Q(**{f"{field.name}__isnull": True})
        elif isinstance(field, models.JSONField):
            empty = Q(**{field.name: []}) | Q(**{field.name: {}})
        elif isinstance(field, models.CharField | models.TextField):
            empty = Q(**{field.name: ""})
        else:
            empty = Q(pk__in=[])  # a number or a yes or no is never empty
        return empty if value == "empty" else ~empty

    def _value(self, field: models.Field[Any, Any], name: str, value: str) -> Any:
        try:
            if isinstance(field, MomentField):
                return read_moment(value)
            if isinstance(field, models.BooleanField):
                return {"true": True, "1": True, "false": False, "0": False}[value.lower()]
            if isinstance(field, models.DateField):
                return date.fromisoformat(value)
            if isinstance(field, models.IntegerField):
                number = int(value)
                if abs(number) >= 2**63:
                    raise ValueError
                return number
            if isinstance(field, models.FloatField | models.DecimalField):
                return Decimal(value) if Decimal(value).is_finite() else self._value(field, name, "")
            if fault_of(value):
                raise ValueError
        except (ValueError, KeyError, InvalidOperation):
            raise nonsense(
                name, _("“%(value)s” is no value for the filter “%(name)s”.") % {"value": value, "name": name}
            ) from None
        return value

    def _phases(self, values: Iterable[str]) -> list[Phase]:
        phases: list[Phase] = []
        for value in values:
            if value == "unresolved":
                phases += [Phase.OPEN, Phase.WAITING]
                continue
            try:
                phases.append(Phase(value))
            except ValueError:
                raise nonsense("phase", _("There is no phase “%(value)s”.") % {"value": value}) from None
        return phases


def listed_field(kind: Kind, person: Actor, name: str) -> models.Field[Any, Any] | None:
    """The field that lists of this person can be filtered or sorted by; None when there is no such."""
    for field in kind.model._meta.concrete_fields:
        if field.name == name and name not in UNLISTED:
            # What somebody is not told of, they cannot guess by filtering or sorting either.
            return field if is_told(person, kind, name) else None
    return None


def nonsense(name: str, says: str) -> InvalidFacts:
    """The refusal of a parameter."""
    return InvalidFacts(says, {name: says})


def read_moment(value: str) -> datetime:
    """A moment from ISO text, a date meaning its first instant, in the zone of the person; ValueError otherwise."""
    parsed = parse_datetime(value.replace(" ", "+") if "T" in value else value)
    if parsed is None:
        day = date.fromisoformat(value)
        parsed = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - the zone comes next
    if parsed.tzinfo is None:
        parsed = parsed.replace(tzinfo=timezone.get_current_timezone())
    try:
        found = parsed.astimezone(UTC)
        found - FARTHEST, found + FARTHEST  # it must have a date in every zone that it may be read in
    except OverflowError:
        raise ValueError(f"{value} lies beyond the calendar.") from None
    return found
