"""What somebody asks for: words, “phrases”, -excluded words and filters. Pure, and never a refusal.

team:network status:open 打印机 -toner "out of paper" opened:>2026-01-01
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gnomon.records.search.words import asked_words

LONGEST_QUERY = 400
MOST_PARTS = 32
QUOTES = {'"': '"', "“": "”", "”": "”", "「": "」", "『": "』", "«": "»", "„": "“"}
_SIGN = re.compile(r"(<=|>=|≤|≥|<|>|＜|＞)?(.*)", re.DOTALL)
_SIGNS = {"≤": "<=", "≥": ">=", "＜": "<", "＞": ">"}
_NAME = re.compile(r"[^\W\d][\w.-]*", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Words:
    """Words to be found, or when `unwanted` not to be found; in a row when they were quoted."""

    text: str
    quoted: bool = False
    unwanted: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """A filter as it was typed: `opened:>2026-01-01` is name, sign and value; `unwanted` by a - before it."""

    name: str
    value: str
    sign: str = ""
    unwanted: bool = False
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was understood."""

    words: tuple[Words, ...] = ()
    wishes: tuple[Wish, ...] = ()
    typed: str = field(default="", compare=False)

    @property
    def is_empty(self) -> bool:
        return not self.words and not self.wishes

    @property
    def text(self) -> str:
        """The wanted words alone, as they were typed."""
        return " ".join(one.text for one in self.words if not one.unwanted)


def understand(text: str) -> Asked:
    """Read a question; whatever it holds, something sensible is asked."""
    text = text[:LONGEST_QUERY].replace("\u3000", " ").replace("\x00", " ").strip()
    words: list[Words] = []
    wishes: list[Wish] = []
    at = 0
    while at < len(text) and len(words) + len(wishes) < MOST_PARTS:
        if text[at].isspace():
            at += 1
            continue
        unwanted = text[at] in "-－" and at + 1 < len(text) and not text[at + 1].isspace()
        wish, after = _wish(text, at + unwanted, unwanted)
        if wish is not None:
            wishes.append(wish)
        else:
            value, after, quoted = _value(text, at + unwanted)
            if asked_words(value):
                words.append(Words(value, quoted, unwanted))
        at = max(after, at + 1)
    return Asked(tuple(words), tuple(wishes), text)


def without(asked: Asked, wish: Wish) -> str:
    """The question with one of its filters taken away."""
    return asked.typed.replace(wish.typed, " ", 1).strip() if wish.typed else asked.typed


def instead(asked: Asked, word: str, better: str) -> str:
    """The question with a word written otherwise."""
    return asked.typed.replace(word, better, 1)


def _wish(text: str, at: int, unwanted: bool) -> tuple[Wish | None, int]:
    name = _NAME.match(text, at)
    if name is None or name.end() >= len(text) or text[name.end()] not in ":：":
        return None, at
    signed = _SIGN.match(text, name.end() + 1)
    assert signed is not None
    sign = signed[1] or ""
    start = name.end() + 1 + len(sign)
    if start >= len(text) or text[start].isspace() or text.startswith("//", start):
        return None, at  # "server: down" and http://… are words
    value, after, _quoted = _value(text, start)
    if not value:
        return None, at
    typed = text[at - unwanted : after]
    return Wish(name[0].lower(), value, _SIGNS.get(sign, sign), unwanted, typed), after


def _value(text: str, at: int) -> tuple[str, int, bool]:
    """A word or quoted phrase from here, where what follows it begins, and whether it was quoted."""
    closing = QUOTES.get(text[at])
    if closing is not None:
        end = text.find(closing, at + 1)
        if end > at + 1:
            return text[at + 1 : end].strip(), end + 1, True
        return "", at + 1, False  # a quotation mark without its fellow is no word
    end = at
    while end < len(text) and not text[end].isspace() and text[end] not in '"“”':
        end += 1
    return text[at:end], end, False
