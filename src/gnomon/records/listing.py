"""A list of one kind: its filters, order and pages, the same for web, REST, export and command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import models

from gnomon.jobs.questions import OfKeys
from gnomon.records.kinds import Kind
from gnomon.records.models import Record
from gnomon.records.narrowing import NO_FILTERS, Narrowing, listed_field, nonsense
from gnomon.records.orders import Order
from gnomon.records.permissions import may, visible
from gnomon.records.queries.together import one_of
from gnomon.records.search.asking import understand
from gnomon.records.search.holding import Held, every_one, held, scope_of
from gnomon.records.search.named import Named
from gnomon.records.search.terms import terms_of
from gnomon.records.search.wishes import Understood, understood
from gnomon.records.stretches import has_index, has_index_of
from gnomon.records.texts import fault_of
from gnomon.standard.plugs import Actor

PAGE = 50
MOST = 500


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
        self._whole = whole
        self.order = Order(kind, person, (self.parameters.get("sort") or [kind.order])[-1])
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
        if self.order.by_key:
            return keys[:limit], self.order.marker(None, last)
        return keys[:limit], self.cursor(self.kind.model._base_manager.get(pk=last))

    def _keys(self, cursor: str, limit: int) -> list[int]:
        """One key more than asked for, when there is one."""
        keys: list[int] = []
        for stretch in self.order.stretches(cursor):
            keys += stretch.first(self.query, limit + 1 - len(keys), along=self._walks())
            if len(keys) > limit:
                break
        return keys

    def page(self, cursor: str = "", limit: int = PAGE) -> Page:
        """The records behind `cursor`, at most `limit`: their keys first, then they alone, with related records."""
        limit = max(1, min(limit, MOST))
        keys = self._keys(cursor, limit)
        related = tuple(name for name in self.kind.columns if self.is_relation(name))
        records = _of_keys(self.kind.model, related).all(keys[:limit])
        return Page(records, self.cursor(records[-1]) if len(keys) > limit and records else "")

    def ordered(self) -> models.QuerySet[Any]:
        return self.order.ordered(self.query)

    def cursor(self, record: Record) -> str:
        """The marker of the page after this record."""
        return self.order.cursor(record)

    def is_relation(self, name: str) -> bool:
        """Whether a column names records of another kind, as far as this person is told of it."""
        return isinstance(listed_field(self.kind, self.person, name), models.ForeignKey)

    # --- how parameters become a query ---

    def _query(self) -> models.QuerySet[Any]:
        query: models.QuerySet[Any] = visible(self.kind.model.objects.all(), self.person)
        for parameters in (self.parameters, self.understood.parameters):
            query = self._narrowing.narrowed(query, parameters)
        return self._holding(query)

    def _understood(self) -> Understood:
        """What the words and filters that were typed into the search of the list ask for."""
        typed = " ".join(self.parameters.get("q", ()))
        if fault := fault_of(typed):
            raise nonsense("q", fault)
        asked = understand(typed)
        named = Named(asked, [self.kind], self.person)
        self._narrowing = Narrowing(self.kind, self.person, named.keys)
        return understood(asked, self.kind, self.person, named)

    def _holding(self, query: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Those that hold the words that are looked for."""
        if not self.parameters.get("q"):
            return query
        terms = terms_of(self.understood.asked)
        if not self.understood.fits or (terms.asks_nothing and not self.understood.shown):
            return query.none()
        if terms.asks_nothing:
            return query
        if self._whole and not terms.is_empty:
            return every_one(query, terms, self.kind, self.person)
        filtered = bool(self.understood.parameters) or any(
            values and name not in NO_FILTERS for name, values in self.parameters.items()
        )
        scope = scope_of(self.kind, self.person, query if filtered else None)
        found = held(terms, [scope], self.person, ranked=False).get(self.kind, Held())
        self.complete = found.complete
        return self.kind.model.objects.filter(pk__in=one_of(found.records))

    def _walks(self) -> bool:
        """Whether the list is better read along the index of its order than gathered by its filters and sorted."""
        if self.parameters.get("q") or not may(self.person, "read", self.kind):
            return False
        asked = {name: values for name, values in self.parameters.items() if values and name not in NO_FILTERS}
        if not asked or not has_index(self.kind.model, self.order.name):
            return False
        fixed = frozenset(name for name, values in asked.items() if len(values) == 1 and values != ["none"])
        return len(fixed) < len(asked) or not has_index_of(self.kind.model, fixed, self.order.sort)


@cache
def _of_keys(model: type[Record], related: tuple[str, ...]) -> OfKeys[Any]:
    """Records of a kind with those that they point to."""
    rows = model._base_manager.all()
    return OfKeys(lambda: rows.select_related(*related) if related else rows)
