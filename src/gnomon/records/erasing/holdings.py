"""What the ledger holds of a person, value by value, and what stands in the way of erasing it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from gnomon.records.facts import ERASED, is_note, personal_names
from gnomon.records.kinds import Kind, kind_named
from gnomon.records.ledger.canonical import canonical_text
from gnomon.records.ledger.personal import BECAUSE, erased, live
from gnomon.records.models import LedgerEntry, Record
from gnomon.workflow.tables import Phase

SHORTEST = 2  # characters; a shorter word is in half of all texts


@dataclass(frozen=True, slots=True)
class Held:
    """One value that speaks of a person: a field of a record with its whole history, or one thing that was said.

    `why` is own, written or named. `refusal` says why it cannot be erased (yet).
    """

    kind: str
    number: str
    field: str
    versions: tuple[int, ...]
    why: str
    shown: str
    refusal: str = ""

    @property
    def note(self) -> bool:
        """Whether it was said on the record, and is no field of it."""
        return self.field.startswith("#")


_Key = tuple[str, str]


@dataclass(slots=True)
class _Found:
    kind: str
    field: str
    why: str
    versions: set[int] = dataclass_field(default_factory=set)
    shown: str = ""
    old: bool = False


def holdings(person: Record, *, written: bool = True, named: bool = True) -> list[Held]:
    """All that is held of a person, by record: their own record, what they wrote, and what names them.

    Of what staff wrote only comments, notes, files and reasons count as written by them; of those who ask for
    service, also the fields of what they recorded. Reads the whole ledger once.
    """
    words = words_of(person) if named else ()
    found: dict[_Key, _Found] = {}
    for entry in _entries(person.number, words, written):
        there = live(entry.personal)
        for field, why in _speaking(entry, person.number, words, written):
            key = field if field[0] != "#" else f"{field}{entry.version}"
            one = found.setdefault((entry.number, key), _Found(entry.kind, field, why))
            one.versions.add(entry.version)
            one.shown = _shown(entry, field)
            one.old |= field.removeprefix("#") not in there
    _whole_histories(found)
    return _judged(found)


def words_of(person: Record) -> tuple[str, ...]:
    """What a person is called and reached by, as far as it can be looked for."""
    told = (getattr(person, name, None) for name in ("title", "username", "email", "phone"))
    return tuple(dict.fromkeys(word for word in told if word and len(word) >= SHORTEST and word != ERASED))


def _entries(number: str, words: Sequence[str], written: bool) -> Iterator[LedgerEntry]:
    wanted = Q(number=number)
    if written:
        wanted |= Q(actor=number)
    for word in words:
        # As it stands inside of JSON text.
        inside = canonical_text(word)[1:-1]
        wanted |= Q(personal__contains=inside) | Q(facts__contains=inside) | Q(because__contains=word)
    query: QuerySet[LedgerEntry] = LedgerEntry.objects.filter(wanted).order_by("sequence")
    yield from query.iterator(chunk_size=1000)


def _speaking(entry: LedgerEntry, number: str, words: Sequence[str], written: bool) -> Iterator[tuple[str, str]]:
    """The values of an entry that speak of the person, each with the reason why it counts."""
    kind = kind_named(entry.kind)
    note, theirs = is_note(entry.verb), entry.actor == number
    facts = entry.changes
    names = [name for name in sorted(personal_names(kind) & facts.keys()) if _says_something(facts[name])]
    naming = {
        name for name in names if any(canonical_text(word)[1:-1] in canonical_text(facts[name]) for word in words)
    }
    for name in names:
        if entry.number == number:
            yield (f"#{name}" if note else name), "own"
        elif written and theirs and (note or (entry.version == 1 and kind.asks)):
            yield (f"#{name}" if note else name), "written"
        elif name in naming or (note and naming):  # the bytes of a file go with its name
            yield (f"#{name}" if note else name), "named"
    if entry.because and entry.because != ERASED:
        if written and theirs:
            yield "#" + BECAUSE, "written"
        elif any(word in entry.because for word in words):
            yield "#" + BECAUSE, "named"


def _says_something(pair: Sequence[Any]) -> bool:
    return any(pair) and ERASED not in canonical_text(list(pair))


def _shown(entry: LedgerEntry, field: str) -> str:
    name = field.removeprefix("#")
    if name == BECAUSE:
        return entry.because
    value = next((side for side in reversed(entry.changes[name]) if side not in (None, "")), "")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _whole_histories(found: Mapping[_Key, _Found]) -> None:
    """A field goes with all it ever held: find the other entries that tell of it."""
    numbers = {number for number, key in found if key[0] != "#"}
    for entry in _of_numbers(sorted(numbers)):
        if is_note(entry.verb):
            continue
        there, gone = live(entry.personal), erased(entry.personal)
        for name in entry.changes:
            one = found.get((entry.number, name))
            if one is not None and name not in gone:
                one.versions.add(entry.version)
                one.old |= name not in there


def _of_numbers(numbers: Sequence[str]) -> Iterator[LedgerEntry]:
    for start in range(0, len(numbers), 500):
        yield from LedgerEntry.objects.filter(number__in=numbers[start : start + 500]).order_by("sequence")


def _judged(found: Mapping[_Key, _Found]) -> list[Held]:
    worked_on = _open(found)
    held = []
    for (number, _key), one in sorted(found.items()):
        refusal = ""
        if number in worked_on:
            refusal = _("%(number)s is still open. Close it first: what is being worked on must be kept.")
            refusal %= {"number": number}
        elif one.old:
            refusal = _("It was written before values could be erased, and stands under its digest in the clear.")
        held.append(Held(one.kind, number, one.field, tuple(sorted(one.versions)), one.why, one.shown, refusal))
    return held


def _open(found: Mapping[_Key, _Found]) -> set[str]:
    """The records among these that somebody still works on."""
    numbers: dict[Kind, set[str]] = {}
    for (number, _key), one in found.items():
        numbers.setdefault(kind_named(one.kind), set()).add(number)
    worked_on: set[str] = set()
    for kind, some in numbers.items():
        records = kind.model._base_manager.filter(number__in=some)
        worked_on |= {record.number for record in records if record.phase in {Phase.OPEN, Phase.WAITING}}
    return worked_on
