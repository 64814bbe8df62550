"""The entries of a kind's records as event logs tell them: what happened and when, and nobody by name."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from django.conf import settings

from gnomon.jobs.moments import moment
from gnomon.records.definitions import moves_of
from gnomon.records.facts import moment_text, read_facts
from gnomon.records.kinds import Kind
from gnomon.records.ledger.keys import seal_key
from gnomon.records.ledger.reading import rows
from gnomon.records.listing import Listing
from gnomon.standard.plugs import Actor

# What tells how a case went, and names nobody and says nothing that was written about somebody.
TOLD = ("status", "priority", "impact", "urgency", "category", "subcategory", "waiting_reason", "channel")
AT_ONCE = 500
_SELECT = (
    "SELECT number, version, verb, actor, happened_at, facts FROM records_ledgerentry "
    "WHERE number IN ({}) ORDER BY number, version"
)


@dataclass(frozen=True, slots=True)
class Event:
    """One entry: `facts` are those of `TOLD` that it set, `set_to` the records that it set relations to."""

    version: int
    verb: str
    title: str
    actor: str
    at: str
    facts: Mapping[str, str]
    set_to: Mapping[str, str]


def courses(
    kind: Kind, person: Actor, parameters: Mapping[str, Sequence[str]], relations: Sequence[str] = ("team",)
) -> Iterator[tuple[str, list[Event]]]:
    """The entries of each record that the person's list shows under these parameters."""
    numbers = Listing(kind, person, parameters, whole=True).query.order_by("id").values_list("number", flat=True)
    titles = {move.name: str(move.title) for move in moves_of(kind)}
    skip = len(kind.name) + 1
    some: list[str] = []
    for number in numbers.iterator(chunk_size=5000):
        some.append(number)
        if len(some) == AT_ONCE:
            yield from _of(some, titles, skip, relations)
            some = []
    yield from _of(some, titles, skip, relations)


def _of(
    numbers: Sequence[str], titles: Mapping[str, str], skip: int, relations: Sequence[str]
) -> Iterator[tuple[str, list[Event]]]:  # fmt: skip
    if not numbers:
        return
    told = rows(_SELECT.format(", ".join(["%s"] * len(numbers))), numbers)
    for number, lines in groupby(told, key=itemgetter(0)):
        yield number, [_event(line, titles, skip, relations) for line in lines]


def _event(
    line: tuple[str, int, str, str, int, str], titles: Mapping[str, str], skip: int, relations: Sequence[str]
) -> Event:
    _number, version, verb, actor, at, text = line
    changes, word = read_facts(text), verb[skip:]
    facts = {name: str(changes[name][1]) for name in TOLD if name in changes and changes[name][1] not in (None, "")}
    set_to = {name: str(changes[name][1]) for name in relations if name in changes and changes[name][1]}
    return Event(version, word, titles.get(word, word), pseudonym(actor), moment_text(moment(at)), facts, set_to)


@lru_cache(maxsize=8192)
def pseudonym(actor: str) -> str:
    """The same stranger for the same person in every log of this installation, and nobody outside it can tell who."""
    key = seal_key(settings.HOME / "keys")
    return "u-" + hmac.new(key, f"xes:{actor}".encode(), "sha256").hexdigest()[:12]
