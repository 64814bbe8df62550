"""Which records belong to which service, as the ledger told it up to a checkpoint."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q

from gnomon.portfolio.models import Service
from gnomon.records.kinds import Kind, kind_of_number
from gnomon.records.models import LedgerEntry
from gnomon.records.models.ledger import Leaf


class Belonging:
    """Keeps of numbers what belongs to some services; records of kinds that name no service belong to all."""

    def __init__(self, services: Sequence[str], checkpoint: int) -> None:
        self.services, self.checkpoint = frozenset(services), checkpoint
        self._of: dict[str, dict[str, set[str]]] = {}

    def narrow(self, numbers: Sequence[str]) -> list[str]:
        return [number for number in numbers if self._belongs(number.partition("/")[0])]

    def _belongs(self, number: str) -> bool:
        try:
            kind = kind_of_number(number)
        except LookupError:
            return True
        if kind.model is Service:
            return number in self.services
        names = _relations(kind)
        if not names:
            return True
        if kind.name not in self._of:
            self._of[kind.name] = self._told(kind, names)
        return not self.services.isdisjoint(self._of[kind.name].get(number, ()))

    def _told(self, kind: Kind, names: Sequence[str]) -> dict[str, set[str]]:
        """Number → the services that its facts name, each relation as it was told last."""
        sealed = Leaf.objects.filter(sequence=OuterRef("sequence"), position__lt=self.checkpoint)
        speaks = reduce(or_, (Q(facts__contains=f'"{name}":') for name in names))
        entries = LedgerEntry.objects.filter(speaks, Exists(sealed), kind=kind.name).order_by("sequence")
        last: dict[str, dict[str, str | None]] = {}
        for entry in entries.only("number", "facts").iterator(chunk_size=5_000):
            for name, (_old, new) in entry.changes.items():
                if name in names:
                    last.setdefault(entry.number, {})[name] = new
        return {number: {one for one in facts.values() if one} for number, facts in last.items()}


def _relations(kind: Kind) -> list[str]:
    return [field.name for field in kind.model._meta.concrete_fields if field.related_model is Service]
