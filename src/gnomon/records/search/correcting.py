"""What somebody may have meant whose words find nothing or little: typing errors forgiven, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gnomon.records.kinds import Kind
from gnomon.records.permissions import may, visible
from gnomon.records.search.asking import Asked, Words, instead
from gnomon.records.search.matching import hits, holding_kinds
from gnomon.records.search.near import errors_forgiven, han_ways, near_run
from gnomon.records.search.terms import Terms, terms_of
from gnomon.records.search.vocabulary import candidates
from gnomon.records.search.words import asked_words, is_han, plain, runs_of
from gnomon.standard.plugs import Actor

MOST_WORDS = 4  # that are corrected in one question
MOST_TRIED = 5  # candidates that are looked for in what the person may see
LOOKED_AT = 200  # records whose texts are read for a Chinese run


@dataclass(frozen=True, slots=True)
class Correction:
    """A question written otherwise, and what was changed in it."""

    typed: str
    better: str


def corrected(asked: Asked, kinds: Sequence[Kind], person: Actor) -> Correction | None:
    """The question with its mistyped words corrected, as far as what this person may see holds better ones."""
    typed = asked.typed
    for one in _correctable(asked)[:MOST_WORDS]:
        better = _better_han(one, kinds, person) if is_han(one) else _better_latin(one, kinds, person)
        if better:
            typed = instead(Asked(typed=typed), one, better)
    return Correction(asked.typed, typed) if typed != asked.typed else None


def _correctable(asked: Asked) -> list[str]:
    """Latin words, and runs of Chinese signs, as they were typed; quoted and unwanted ones are meant as they are."""
    parts = [part for one in asked.words if not one.quoted and not one.unwanted for part in runs_of(one.text)]
    return [part for part in parts if errors_forgiven(plain(part)) or (len(part) >= 3 and is_han(part))]


def _better_latin(word: str, kinds: Sequence[Kind], person: Actor) -> str:
    """The likeliest word that some visible record holds; an empty text when the word itself finds something."""
    if _finds(terms_of(word), kinds, person):
        return ""
    tried = candidates(plain(word))[:MOST_TRIED]
    return next((other for other in tried if _finds(terms_of(other), kinds, person)), "")


def _better_han(run: str, kinds: Sequence[Kind], person: Actor) -> str:
    """What visible records hold in place of a run that differs by one sign."""
    if _finds(terms_of(run), kinds, person):
        return ""
    ways = tuple(tuple(tuple(asked_words(part)) for part in way if part) for way in han_ways(run))
    terms = Terms((), either=ways)
    texts = [text for kind in _holding(terms, kinds, person) for text in _texts(terms, kind, person)]
    better = near_run(run, texts)
    return better if better and _finds(terms_of(Asked((Words(better),))), kinds, person) else ""


def _finds(terms: Terms, kinds: Sequence[Kind], person: Actor) -> bool:
    return any(_seen(terms, kind, person).exists() for kind in _holding(terms, kinds, person))


def _holding(terms: Terms, kinds: Sequence[Kind], person: Actor) -> list[Kind]:
    return holding_kinds(terms, kinds, {kind.name for kind in kinds if may(person, "read", kind)})


def _seen(terms: Terms, kind: Kind, person: Actor) -> Any:
    pks = hits(terms, kind, staff=may(person, "read", kind), most=LOOKED_AT).pks
    return visible(kind.model.objects.filter(pk__in=pks), person) if pks else kind.model.objects.none()


def _texts(terms: Terms, kind: Kind, person: Actor) -> list[str]:
    """Titles, and what else is searched of the newest records that may hold something near."""
    rows = _seen(terms, kind, person).values_list("title", *kind.searched)
    return [" ".join(str(part or "") for part in row) for row in rows]
