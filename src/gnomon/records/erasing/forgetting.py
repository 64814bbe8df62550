"""What apps keep of people beside the records, and how each lets go of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gnomon.standard.collect import collect
from gnomon.standard.plugs import Actor, Says


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Who is forgotten: their number, the words that they were known by, and the records that are blanked.

    Without words, what others wrote of them elsewhere is kept.

    `case` is the number of the erasure, on which an entry tells of what nobody may blank otherwise; `by` is who does it.
    """

    person: str
    words: tuple[str, ...]
    numbers: frozenset[str]
    case: str
    by: Actor


@dataclass(frozen=True, slots=True)
class Forgetting:
    """A place that holds words of people and is in no ledger, such as drafts.

    Declared in `<app>/forgetting.py`. `forget(who)` blanks what it finds and answers how many; it may be called again.
    """

    title: Says
    forget: Callable[[Forgotten], int]


def forget_elsewhere(who: Forgotten) -> dict[str, int]:
    """Let every place forget; its title → how many things were blanked there."""
    return {str(place.title): place.forget(who) for place in collect("forgetting", Forgetting)}
