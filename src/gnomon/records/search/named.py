"""The records that filters name, as `team:network` does: looked up at once for all kinds that have such a filter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import models

from gnomon.records.kinds import Kind, kind_of
from gnomon.records.narrowing import Keys
from gnomon.records.permissions import is_told, visible
from gnomon.records.queries.together import one_of, rows_together
from gnomon.records.search import names
from gnomon.records.search.asking import Asked
from gnomon.records.search.matching import hits
from gnomon.records.search.terms import terms_of
from gnomon.records.showing import field_named
from gnomon.standard.plugs import Actor

RELATED = 50
Pair = tuple[Kind, str]


class Named:
    """What the values of a question's filters name: numbers of records of a kind, as far as the person knows of them.

    A number or username is meant exactly; else it is how a word of the title begins.
    """

    def __init__(self, asked: Asked, kinds: Sequence[Kind], person: Actor) -> None:
        self.keys = Keys()
        self._person = person
        pairs = list(dict.fromkeys(_pairs(asked, kinds, person)))
        self._known = rows_together({pair: self._called(*pair) for pair in pairs})
        left = [pair for pair in pairs if not self._known[pair]]
        self._known |= rows_together({pair: query for text in _texts(left) for pair, query in self._titled(text, left)})
        for (kind, _text), some in self._known.items():
            self.keys.learn(kind.model, some)

    def numbers(self, kind: Kind, text: str) -> list[str]:
        """The numbers of the records of a kind that a text means."""
        return [number for number, _pk in self._known.get((kind, text), ())]

    def _called(self, kind: Kind, text: str) -> models.QuerySet[Any, Any]:
        wanted = models.Q(number=text.upper())
        if any(field.name == "username" for field in kind.model._meta.concrete_fields):
            wanted |= models.Q(username__iexact=text)
        return _visible(kind, self._person).filter(wanted)[:RELATED]

    def _titled(self, text: str, pairs: Iterable[Pair]) -> Iterator[tuple[Pair, models.QuerySet[Any, Any]]]:
        asked = [kind for kind, other in pairs if other == text]
        for kind, found in hits(terms_of(text), asked, staff_of=(), most=RELATED, title=True).items():
            yield (kind, text), _visible(kind, self._person).filter(pk__in=one_of(found.pks))


def filter_named(kind: Kind, typed: str, person: Actor) -> str:
    """The field that a filter of this name asks about, when the person is told of it; else an empty text."""
    name = names.filters_by_name(kind).get(typed, "")
    return name if name and is_told(person, kind, name) else ""


def parts_of(value: str) -> list[str]:
    """The alternatives of a filter's value."""
    return [part.strip() for part in value.split(",")]


def _pairs(asked: Asked, kinds: Sequence[Kind], person: Actor) -> Iterator[Pair]:
    """What is asked about which kind, of filters by records."""
    for wish in asked.wishes:
        for kind in kinds if wish.name not in names.WITH_A_MEANING else ():
            name = filter_named(kind, wish.name, person)
            field: Any = field_named(kind, name) if name else None
            if isinstance(field, models.ForeignKey):
                yield from ((kind_of(field.related_model), part) for part in parts_of(wish.value))


def _texts(pairs: Iterable[Pair]) -> list[str]:
    return list(dict.fromkeys(text for _kind, text in pairs))


def _visible(kind: Kind, person: Actor) -> models.QuerySet[Any, Any]:
    return visible(kind.model.objects.all(), person).order_by().values_list("number", "pk")
