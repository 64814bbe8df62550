"""What the index is asked for the words of a question. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from gnomon.records.search.asking import Asked, Words
from gnomon.records.search.words import asked_words, is_han, phrase_words

Group = tuple[str, ...]
SHORT = 3  # Latin letters from which on a word stands for all that begin like it


@dataclass(frozen=True, slots=True)
class Terms:
    """All of `wanted`, one way of `either`, none of `unwanted`, each a group of words; `phrases` in a row.

    `begun` is what the index was asked already: a word → those that begin like it and are meant too.
    """

    wanted: tuple[Group, ...]
    unwanted: tuple[Group, ...] = ()
    phrases: tuple[Group, ...] = ()
    either: tuple[tuple[Group, ...], ...] = ()
    begun: dict[str, tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is wanted; something may still be unwanted."""
        return not self.wanted and not self.either

    @property
    def asks_nothing(self) -> bool:
        return self.is_empty and not self.unwanted

    @property
    def bare(self) -> Terms:
        """What is wanted alone."""
        return replace(self, unwanted=())

    @property
    def words(self) -> list[str]:
        """All that is wanted, in whichever way."""
        return [word for group in (*self.wanted, *(one for way in self.either for one in way)) for word in group]

    def held_by(self, text: str) -> bool:
        """Whether the words of a text, in their order and with a space between, are what is asked for."""
        words = text.split()
        known = set(words)

        def holds(asked: Sequence[str], whole: bool = False) -> bool:
            return all(w in known or (not whole and not is_pair(w) and _begins_one(w, words)) for w in asked)

        return (
            all(map(holds, self.wanted))
            and not any(holds(words_of, whole=True) for words_of in self.unwanted)
            and all(f" {' '.join(phrase)} " in f" {text} " for phrase in self.phrases)
            and (not self.either or any(all(map(holds, way)) for way in self.either))
        )


def terms_of(asked: Asked | str) -> Terms:
    """What the index is asked for the words of a question."""
    words = (Words(asked),) if isinstance(asked, str) else asked.words
    wanted, unwanted, phrases = [], [], []
    for one in words:
        cut = tuple(asked_words(one.text))
        if not cut:
            continue
        if one.unwanted:
            unwanted.append(cut)
            continue
        wanted.append(cut)
        if one.quoted and len(cut) > 1:
            phrases.append(tuple(phrase_words(one.text)))
    return Terms(tuple(wanted), tuple(unwanted), tuple(phrases))


def whole(group: Group) -> Terms:
    """These words and none that begin like them."""
    return Terms((group,), begun=dict.fromkeys(group, ()))


def is_pair(word: str) -> bool:
    """Whether a word is a pair of Chinese signs, which stands for itself; all others may go on."""
    return len(word) == 2 and is_han(word)


def is_short(word: str) -> bool:
    """Whether a word is taken whole where anything holds it: too much begins with one or two letters."""
    return len(word) < SHORT and not is_han(word)


def _begins_one(word: str, words: Sequence[str]) -> bool:
    return any(one.startswith(word) for one in words)
