"""What the words of a text are, Chinese and English by one rule: Chinese runs are cut into pairs. Pure."""

from __future__ import annotations

import re
import unicodedata

_HAN_SIGNS = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUNS = re.compile(rf"[{_HAN_SIGNS}]+|[^\W_]+", re.UNICODE)
HAN = rf"[{_HAN_SIGNS}]"
_HAN = re.compile(HAN)
_PARTS = re.compile(rf"[{_HAN_SIGNS}]+|[^{_HAN_SIGNS}]+")
# Signs that are as plain as they get, or no part of a word either way: most texts have no others.
_PLAIN = re.compile(r"[\x00-\x7f·\u2010-\u2027\u3001-\u3011\u4e00-\u9fff\uff01-\uff0f\uff1a-\uff20]*")
LONGEST = 20_000
LONGEST_WORD = 60  # of both what is written and what is asked, so that even the longest finds itself


def words_of(text: str) -> list[str]:
    """The words that a text is found by: Latin words in lower case, Han runs as pairs and the last sign.

    打印机坏了 → 打印 印机 机坏 坏了 了: so that each sign begins a word, and one alone finds it.
    """
    return _words(text, with_last=True)


def asked_words(query: str) -> list[str]:
    """The words that somebody looks for: 打印机 → 打印 印机; a lone sign stands for itself."""
    return _words(query, with_last=False)


def phrase_words(phrase: str) -> list[str]:
    """The words of a phrase as they stand in a row in a text that holds it: 打印机 坏 → 打印 印机 机 坏."""
    words = words_of(phrase)
    last = asked_words(phrase)
    ends_in_pairs = bool(last) and is_han(last[-1]) and len(last[-1]) == 2
    return words[:-1] if ends_in_pairs else words


def runs_of(text: str) -> list[str]:
    """The Latin words and the runs of Chinese signs of a text, as they were typed."""
    return [part for run in _RUNS.findall(text[:LONGEST]) for part in _PARTS.findall(run)]


def is_han(word: str) -> bool:
    """Whether a word begins with a Chinese sign, and so is one or two of them."""
    return _HAN.match(word) is not None


def plain(text: str) -> str:
    """ＶＰＮ is vpn, and café is found as cafe: the same on every database."""
    if text.isascii() or _PLAIN.fullmatch(text):
        return text.lower()
    apart = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFC", "".join(c for c in apart if not unicodedata.combining(c))).lower()


def _words(text: str, with_last: bool) -> list[str]:
    text, words = plain(text[:LONGEST]), list[str]()
    if text.isascii() or not _HAN.search(text):
        return [run[:LONGEST_WORD] for run in _RUNS.findall(text)]
    for run in _RUNS.findall(text):
        for part in _PARTS.findall(run):
            if not _HAN.match(part) or len(part) == 1:
                words.append(part[:LONGEST_WORD])
                continue
            words += [part[i : i + 2] for i in range(len(part) - 1)]
            if with_last:
                words.append(part[-1])
    return words
