"""What somebody may have meant whose words find nothing or little: typing errors forgiven, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gnomon.records.queries.together import one_of, rows_together, text_of
from gnomon.records.search.asking import Asked, instead
from gnomon.records.search.holding import Scope, held
from gnomon.records.search.near import errors_forgiven, han_ways, near_run
from gnomon.records.search.terms import Terms, terms_of
from gnomon.records.search.told import told_fields
from gnomon.records.search.vocabulary import candidates
from gnomon.records.search.words import asked_words, is_han, plain, runs_of
from gnomon.standard.plugs import Actor

MOST_WORDS = 4  # that are corrected in one question
MOST_TRIED = 5  # candidates that are looked for in what the person may see
LOOKED_AT = 200  # records of a kind whose texts are read for a Chinese run


@dataclass(frozen=True, slots=True)
class Correction:
    """A question written otherwise, and what was changed in it."""

    typed: str
    better: str


def corrected(asked: Asked, scopes: Sequence[Scope], person: Actor) -> Correction | None:
    """A question that finds nothing with its mistyped words corrected, as far as what this person may see has better."""
    typed, wrong = asked.typed, _correctable(asked)[:MOST_WORDS]
    alone = [asked.typed] == wrong  # then it is known to find nothing
    for one in wrong:
        if alone or not _finds(terms_of(one), scopes, person):
            better = _better_han(one, scopes, person) if is_han(one) else _better_latin(one, scopes, person)
            typed = instead(Asked(typed=typed), one, better) if better else typed
    return Correction(asked.typed, typed) if typed != asked.typed else None


def _correctable(asked: Asked) -> list[str]:
    """Latin words, and runs of Chinese signs, as they were typed; quoted and unwanted ones are meant as they are."""
    parts = [part for one in asked.words if not one.quoted and not one.unwanted for part in runs_of(one.text)]
    return [part for part in parts if errors_forgiven(plain(part)) or (len(part) >= 3 and is_han(part))]


def _better_latin(word: str, scopes: Sequence[Scope], person: Actor) -> str:
    """The likeliest word that some visible record holds."""
    tried = candidates(plain(word))[:MOST_TRIED]
    return next((other for other in tried if _finds(terms_of(other), scopes, person)), "")


def _better_han(run: str, scopes: Sequence[Scope], person: Actor) -> str:
    """What visible records hold in place of a run that differs by one sign."""
    ways = tuple(tuple(tuple(asked_words(part)) for part in way if part) for way in han_ways(run))
    found = held(Terms((), either=ways), scopes, person, most=LOOKED_AT, ranked=False, titles=False)
    texts = rows_together({
        kind: kind.model._base_manager.filter(pk__in=one_of(one.records))
        .order_by()
        .values_list(text_of("title", *told_fields(kind, person)))
        for kind, one in found.items()
    })  # fmt: skip
    return near_run(run, (text for some in texts.values() for (text,) in some))


def _finds(terms: Terms, scopes: Sequence[Scope], person: Actor) -> bool:
    found = held(terms, scopes, person, most=1, ranked=False, titles=False)
    return any(one.records for one in found.values())
