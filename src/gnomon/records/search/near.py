"""Words that differ by a typing error or two: how they are found, and how far apart they are. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from gnomon.records.search.words import HAN, is_han

SHORTEST, LONGEST = 4, 24
TWO_ERRORS_FROM = 8
HALF = 5


def is_learnt(word: str) -> bool:
    """Whether a word is one that people mistype: letters only, of a length at which an error can be seen."""
    return SHORTEST <= len(word) <= LONGEST and word.isalpha() and not is_han(word)


def errors_forgiven(word: str) -> int:
    """One letter left out, added, wrong, or two changed about; two of these in a long word."""
    if not is_learnt(word):
        return 0
    return 2 if len(word) >= TWO_ERRORS_FROM else 1


def keys_of(word: str) -> set[str]:
    """What words within the errors forgiven have in common: the word with each letter left out.

    Of a word in which two errors are forgiven one half has at most one: so its beginning and its end, each
    with a letter left out, are keys too.
    """
    keys = {word, *_one_less(word)}
    if len(word) >= TWO_ERRORS_FROM - 1:
        keys |= {f"{part}…" for part in _halves(word[:HALF])} | {f"…{part}" for part in _halves(word[-HALF:])}
    return {key for key in keys if len(key) <= LONGEST}


def _halves(half: str) -> set[str]:
    return {half, *_one_less(half)}


def _one_less(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(len(word)))


def distance(one: str, other: str, most: int) -> int:
    """How many errors lie between two words (optimal string alignment); `most` + 1 when there are more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, sign in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, other_sign in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (sign != other_sign))
            if i > 1 and j > 1 and sign == other[j - 2] and one[i - 2] == other_sign:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def nearest(word: str, candidates: Iterable[tuple[str, int]]) -> list[str]:
    """The candidates (word, how often seen) within the errors forgiven, the nearest and most usual first."""
    most = errors_forgiven(word)
    measured = [(distance(word, other, most), -seen, other) for other, seen in candidates if other != word]
    return [other for far, _seen, other in sorted(measured) if far <= most]


# --- Chinese ----------------------------------------------------------------------------------------


def han_ways(run: str) -> list[tuple[str, str]]:
    """How a run of three signs or more can be split around one that is wrong, missing or too many."""
    ways = [(run[:at], run[at + 1 :]) for at in range(len(run))]
    return [(left, right) for left, right in ways if max(len(left), len(right)) >= 2]


def near_run(run: str, texts: Iterable[str]) -> str:
    """What stands most often in these texts and differs from the run by one sign; an empty text when nothing."""
    near = re.compile("|".join(_one_sign_off(run)))
    found = Counter(part for text in texts for part in near.findall(text))
    # Of several as usual, the one that has as many signs as were typed.
    return max(found, key=lambda part: (found[part], len(part) == len(run), len(part), part), default="")


def _one_sign_off(run: str) -> Iterator[str]:
    """Patterns of what stands one sign away: changed about, wrong, missing, too many; the longer before the shorter."""
    for at in range(len(run) + 1):
        yield f"{run[:at]}{HAN}{run[at:]}"
    for at in range(len(run)):
        yield f"{run[:at]}{HAN}{run[at + 1 :]}"
        yield f"{run[:at]}{run[at + 1 : at + 2]}{run[at]}{run[at + 2 :]}"
    for at in range(len(run)):
        yield f"{run[:at]}{run[at + 1 :]}"
