"""A list of one kind: its filters, order and pages, the same for web, REST, export and command line."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache, reduce
from operator import or_
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from gnomon.jobs.moments import MomentField, milliseconds, moment
from gnomon.jobs.questions import OfKeys
from gnomon.records.custom import PREFIX
from gnomon.records.custom_lists import narrowed
from gnomon.records.definitions import within
from gnomon.records.kinds import Kind, Lens
from gnomon.records.lenses import lenses_for
from gnomon.records.models import Record
from gnomon.records.permissions import is_told, may, visible
from gnomon.records.plain import SECRET
from gnomon.records.refusals import InvalidFacts
from gnomon.records.search.asking import understand
from gnomon.records.search.matching import MOST as MOST_FOUND
from gnomon.records.search.narrowing import narrow
from gnomon.records.search.terms import terms_of
from gnomon.records.search.told import told_of
from gnomon.records.search.wishes import Understood, understood
from gnomon.records.stretches import Stretch, has_index, has_index_of
from gnomon.records.texts import fault_of
from gnomon.standard.plugs import Actor
from gnomon.workflow.tables import Phase

PAGE = 50
MOST = 500
EVERYTHING = 10_000_000
FARTHEST = timedelta(hours=15)  # of any time zone from UTC
MEASURED = (
    MomentField, models.DateField, models.IntegerField, models.FloatField, models.DecimalField,
)  # fmt: skip
UNLISTED = SECRET | {"custom"}
RESERVED = frozenset(
    {"q", "sort", "limit", "cursor", "live", "view", "record", "phase", "density", "columns", "language", "theme"}
)
NO_FILTERS = RESERVED - {"phase"}


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, with the cursors of its neighbours."""

    records: Sequence[Any]
    after: str


class Listing:
    """What a person sees of a kind under some query parameters; InvalidFacts names a filter that makes no sense."""

    def __init__(
        self, kind: Kind, person: Actor, parameters: Mapping[str, Sequence[str]], *, whole: bool = False
    ) -> None:  # fmt: skip
        self.kind = kind
        self.person = person
        self.parameters = {name: [v for v in values if v != ""] for name, values in parameters.items()}
        self.understood = self._understood()
        self.complete = True  # unless only the newest records were looked through for words
        self._most = EVERYTHING if whole else MOST_FOUND
        self.sort = self._sort()
        self.query: models.QuerySet[Any] = self._query()

    @classmethod
    def of(cls, kind: Kind, person: Actor, flat: Mapping[str, str]) -> Listing:
        """A listing from single-valued parameters; commas separate alternatives."""
        return cls(kind, person, {name: value.split(",") for name, value in flat.items()})

    def count(self) -> int:
        """How many records the list holds on all its pages."""
        return self.query.count()

    def count_up_to(self, most: int) -> int:
        """The same where it is at most `most`, else one more than that; a long list is not walked to its end."""
        return self.query.order_by()[: most + 1].count()

    def numbers(self) -> list[str]:
        return list(self.query.values_list("number", flat=True))

    def keys(self, cursor: str = "", limit: int = PAGE) -> tuple[list[int], str]:
        """The keys of the records behind `cursor`, at most `limit`, and the cursor of the page after them."""
        keys = self._keys(cursor, limit)
        if len(keys) <= limit:
            return keys, ""
        last = keys[limit - 1]
        if self.sort.removeprefix("-") in {"id", "number"}:
            return keys[:limit], self._marker(None, last)
        return keys[:limit], self._cursor(self.kind.model._base_manager.get(pk=last))

    def _keys(self, cursor: str, limit: int) -> list[int]:
        """One key more than asked for, when there is one."""
        keys: list[int] = []
        for stretch in self._stretches(cursor):
            keys += stretch.first(self.query, limit + 1 - len(keys), along=self._walks())
            if len(keys) > limit:
                break
        return keys

    def page(self, cursor: str = "", limit: int = PAGE) -> Page:
        """The records behind `cursor`, at most `limit`: their keys first, then they alone, with related records."""
        limit = max(1, min(limit, MOST))
        keys = self._keys(cursor, limit)
        related = tuple(name for name in self.kind.columns if self._is_relation(name))
        records = _of_keys(self.kind.model, related).all(keys[:limit])
        return Page(records, self._cursor(records[-1]) if len(keys) > limit and records else "")

    def ordered(self) -> models.QuerySet[Any]:
        name, descending = self.sort.removeprefix("-"), self.sort.startswith("-")
        if name in {"id", "number"}:
            return self.query.order_by("-id" if descending else "id")
        by = F(name).desc(nulls_last=True) if descending else F(name).asc(nulls_last=True)
        return self.query.order_by(by, "-id")

    # --- how parameters become a query ---

    def _query(self) -> models.QuerySet[Any]:
        query: models.QuerySet[Any] = visible(self.kind.model.objects.all(), self.person)
        for parameters in (self.parameters, self.understood.parameters):
            for name, values in parameters.items():
                if values:
                    self._check_texts(name, values)
                    own = name.startswith(PREFIX)
                    query = narrowed(query, self.kind, name, values) if own else self._narrow(query, name, values)
        return self._holding(query)

    def _understood(self) -> Understood:
        """What the words and filters that were typed into the search of the list ask for."""
        typed = " ".join(self.parameters.get("q", ()))
        if fault := fault_of(typed):
            raise self._nonsense("q", fault)
        return understood(understand(typed), self.kind, self.person)

    def _holding(self, query: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Those that hold the words that are looked for."""
        if not self.parameters.get("q"):
            return query
        terms = terms_of(self.understood.asked)
        asks_nothing = terms.is_empty and not terms.unwanted and not self.understood.shown
        if not self.understood.fits or asks_nothing:
            return query.none()
        reads_all = may(self.person, "read", self.kind)
        filtered = not reads_all or bool(self.understood.parameters) or any(
            values and name not in RESERVED - {"phase"} for name, values in self.parameters.items()
        )  # fmt: skip
        found = narrow(query, terms, self.kind, staff=reads_all, narrowed=filtered, most=self._most)
        self.complete = found.complete
        return found.query if reads_all else told_of(found.query, terms, self.kind, self.person)

    def _check_texts(self, name: str, values: Sequence[str]) -> None:
        for value in values:
            if fault := fault_of(value):
                raise self._nonsense(name, fault)

    def _narrow(self, query: models.QuerySet[Any], name: str, values: Sequence[str]) -> models.QuerySet[Any]:
        if name == "phase":
            return query.filter(status__in=within(self.kind, *self._phases(values)))
        if name == "number":
            return query.filter(number__in=values)
        if name in RESERVED:
            return query  # words (q) narrow in `_holding`, when all else has
        if name in self.kind.lenses:
            return self._through(self.kind.lenses[name], query, values)
        if (lens := lenses_for(self.person, self.kind).get(name)) is not None:
            for value in values:
                query = lens.narrow(self.kind, query, value)
            return query
        field_name, _dot, bound = name.partition(".")
        field = self._field(field_name)
        if field is None or (bound and bound not in {"from", "to", "is", "not"}):
            known = ", ".join(("q", "phase", *self.kind.filters, *self.kind.lenses))
            raise self._nonsense(
                name, _("There is no filter “%(name)s”. Filters here: %(known)s.") % {"name": name, "known": known}
            )
        if bound == "is":
            return query.filter(self._emptiness(field, name, values[-1]))
        if bound == "not" and not isinstance(field, models.JSONField):
            return query.exclude(self._any_of(field, name, values))
        if isinstance(field, models.JSONField) or (bound and not isinstance(field, MEASURED)):
            raise self._nonsense(name, _("“%(name)s” can only be asked with “.is”.") % {"name": name})
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
                related: Any = field.related_model
                keys = list(related.objects.filter(number__in=numbers).values_list("pk", flat=True))
                choice |= Q(**{f"{field.name}__in": keys})
            return choice
        if len(given) == 1:
            choice |= Q(**{field.name: self._value(field, name, given[0])})
        elif given:
            choice |= Q(**{f"{field.name}__in": [self._value(field, name, value) for value in given]})
        return choice

    def _emptiness(self, field: models.Field[Any, Any], name: str, value: str) -> Q:
        if value not in {"empty", "filled"}:
            raise self._nonsense(name, _("“%(name)s” can be “empty” or “filled”.") % {"name": name})
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
            raise self._nonsense(
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
                raise self._nonsense("phase", _("There is no phase “%(value)s”.") % {"value": value}) from None
        return phases

    def _sort(self) -> str:
        asked = (self.parameters.get("sort") or [self.kind.order])[-1]
        name = asked.removeprefix("-")
        if name != "id" and isinstance(self._field(name), models.JSONField | models.TextField | None):
            raise self._nonsense("sort", _("The list cannot be sorted by “%(name)s”.") % {"name": name})
        return asked

    def _field(self, name: str) -> models.Field[Any, Any] | None:
        for field in self.kind.model._meta.concrete_fields:
            if field.name == name and name not in UNLISTED:
                # What somebody is not told of, they cannot guess by filtering or sorting either.
                return field if is_told(self.person, self.kind, name) else None
        return None

    def _is_relation(self, name: str) -> bool:
        return isinstance(self._field(name), models.ForeignKey)

    def _nonsense(self, name: str, says: str) -> InvalidFacts:
        return InvalidFacts(says, {name: says})

    # --- keyset cursors: flat however deep one reads ---

    def _cursor(self, record: Record) -> str:
        name = self.sort.removeprefix("-")
        value = None if name in {"id", "number"} else getattr(record, (self._field(name) or record._meta.pk).attname)
        if isinstance(value, datetime):
            value = milliseconds(value)
        return self._marker(value, record.pk)

    def _marker(self, value: Any, key: int) -> str:
        text = json.dumps([value if isinstance(value, int | str | None) else str(value), key])
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def _read(self, cursor: str) -> tuple[Any, int]:
        try:
            value, key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
            if type(key) is not int or abs(key) >= 2**63:
                raise ValueError
            return self._of_cursor(value), key
        except (ValueError, TypeError, OverflowError, RecursionError, ValidationError, binascii.Error):
            raise self._nonsense("cursor", _("This page marker is not ours. Begin again at the first page.")) from None

    def _of_cursor(self, value: Any) -> Any:
        """The value that a page ended with, of the type of its field; ValueError and its kin for anything else."""
        field = self._field(self.sort.removeprefix("-"))
        if value is None or field is None:
            return None
        if isinstance(field, MomentField):
            return moment(value)
        if isinstance(field, models.ForeignKey):
            field = field.target_field
        if isinstance(value, list | dict) or (isinstance(value, str) and fault_of(value)):
            raise ValueError
        if isinstance(field, models.IntegerField) and abs(int(value)) >= 2**63:
            raise ValueError
        return field.to_python(value)

    def _stretches(self, cursor: str) -> list[Stretch]:
        """The list from the cursor on, in its order; where the sorted field is empty it is a stretch of its own."""
        name, descending = self.sort.removeprefix("-"), self.sort.startswith("-")
        value, key = self._read(cursor) if cursor else (None, 0)
        if name in {"id", "number"}:
            behind = (Q(id__lt=key) if descending else Q(id__gt=key)) if cursor else Q()
            return [Stretch(behind, ("-id" if descending else "id",))]
        field = self._field(name)
        attribute = field.attname if isinstance(field, models.ForeignKey) else name
        filled, empty = Q(**{f"{attribute}__isnull": False}), Q(**{f"{attribute}__isnull": True})
        last = Stretch(empty & Q(id__lt=key) if cursor and value is None else empty, ("-id",))
        if cursor and value is None:
            return [last]
        if cursor:
            filled &= Q(**{f"{attribute}__{'lt' if descending else 'gt'}": value}) | Q(**{attribute: value}, id__lt=key)
        # By the column, not by what the related model is ordered by.
        first = Stretch(filled, (F(attribute).desc() if descending else F(attribute).asc(), "-id"))
        return [first, last] if field is not None and field.null else [first]

    def _walks(self) -> bool:
        """Whether the list is better read along the index of its order than gathered by its filters and sorted."""
        if self.parameters.get("q") or not may(self.person, "read", self.kind):
            return False
        asked = {name: values for name, values in self.parameters.items() if values and name not in NO_FILTERS}
        if not asked or not has_index(self.kind.model, self.sort.removeprefix("-")):
            return False
        fixed = frozenset(name for name, values in asked.items() if len(values) == 1 and values != ["none"])
        return len(fixed) < len(asked) or not has_index_of(self.kind.model, fixed, self.sort)


@cache
def _of_keys(model: type[Record], related: tuple[str, ...]) -> OfKeys[Any]:
    """Records of a kind with those that they point to."""
    rows = model._base_manager.all()
    return OfKeys(lambda: rows.select_related(*related) if related else rows)


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
