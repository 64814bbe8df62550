"""Titles of what a record's facts point to, and names of people, as the ledger told them up to a checkpoint."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.db.models import Q

from gnomon.certification.pack.taking import folded
from gnomon.records.kinds import kind_of_number
from gnomon.records.ledger.export import Sealed
from gnomon.records.models import LedgerEntry

_NUMBER = re.compile(r"[A-Z]{2,4}-\d{4,}")
_AT_ONCE = 500
PERSON = "person"
_TITLED = Q(facts__contains='"title":') | Q(personal__contains='"title":')


class Names:
    """Number → title, for reading only: nothing is proved by a name. People stay numbers unless `people`."""

    def __init__(self, sealed: Sealed, *, people: bool) -> None:
        self._sealed, self._people = sealed, people
        self.known: dict[str, str] = {}

    def learn(self, entries: Iterable[LedgerEntry]) -> None:
        """Look up everything that these entries speak of."""
        wanted: set[str] = set()
        for entry in entries:
            wanted |= {entry.number, entry.actor, *_numbers_in(entry.changes.values())}
        self.look_up(wanted)

    def look_up(self, wanted: Iterable[str]) -> None:
        """Look up these numbers, those that are not known yet."""
        fresh = sorted(number for number in set(wanted) - self.known.keys() if _NUMBER.fullmatch(number))
        for start in range(0, len(fresh), _AT_ONCE):
            self._learn(fresh[start : start + _AT_ONCE])

    def __call__(self, number: str) -> str:
        """The title; empty when nothing is known or told."""
        return self.known.get(number, "")

    def is_person(self, number: str) -> bool:
        return _kind_name(number) == PERSON

    def _learn(self, numbers: Sequence[str]) -> None:
        self.known.update(dict.fromkeys(numbers, ""))
        told = [number for number in numbers if self._people or not self.is_person(number)]
        entries: dict[str, list[LedgerEntry]] = {}
        titled = LedgerEntry.objects.filter(_TITLED, number__in=told)
        for entry in self._sealed.within(titled):
            entries.setdefault(entry.number, []).append(entry)
        self.known.update({number: str(folded(found).get("title") or "") for number, found in entries.items()})


def _numbers_in(values: Iterable[Any]) -> set[str]:
    """Every text in these values, however deep, that looks like a record's number."""
    found: set[str] = set()
    for value in values:
        if isinstance(value, str):
            if len(value) <= 40 and _NUMBER.fullmatch(value):
                found.add(value)
        elif isinstance(value, list):
            found |= _numbers_in(value)
        elif isinstance(value, dict):
            found |= _numbers_in(value.values())
    return found


@lru_cache(maxsize=4096)
def _kind_name(number: str) -> str:
    try:
        return kind_of_number(number).name
    except LookupError:
        return ""
