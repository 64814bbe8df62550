"""Canonical JSON (RFC 8785): one value, one sequence of bytes, on every machine."""

# One return for each type of JSON reads best.
from __future__ import annotations

from json.encoder import encode_basestring
from math import isfinite
from typing import Any

import msgspec

EXACT = 2**53 - 1  # beyond it JSON numbers are doubles, and neighbours melt into one

_encode = msgspec.json.Encoder(order="sorted").encode


class NotCanonical(ValueError):
    """A value that JSON cannot say in exactly one way."""


def canonical(value: Any) -> bytes:
    """The RFC 8785 bytes of a value made of dict, list, str, int, float, bool and None."""
    try:
        # msgspec sorts keys by code point and writes doubles its own way, so it is trusted only
        # with what both orders and both notations agree on.
        return _encode(value) if _plain(value) else _written(value).encode()
    except UnicodeEncodeError as error:
        raise NotCanonical("A text holds half a character (a lone surrogate); it cannot be stored.") from error
    except RecursionError as error:
        raise NotCanonical("The value is nested too deeply to be stored.") from error


def canonical_text(value: Any) -> str:
    """`canonical` as the text that a column holds."""
    return canonical(value).decode()


def _plain(value: Any) -> bool:
    """Whether the quick encoder writes this value as RFC 8785 asks."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return True
    if kind is int:
        return bool(-EXACT <= value <= EXACT)
    if kind is list:
        for item in value:
            # The commonest leaves are judged here: a call for each would double the time.
            leaf = type(item)
            if leaf is str or item is None or leaf is bool:
                continue
            if not _plain(item):
                return False
        return True
    if kind is dict:
        for key, item in value.items():
            if type(key) is not str or not (key.isascii() or max(key) < "\ud800"):
                return False
            leaf = type(item)
            if leaf is str or item is None:
                continue
            if not _plain(item):
                return False
        return True
    return False


def _written(value: Any) -> str:
    """The slow and exact way, for doubles, rare keys and everything that must be refused."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return encode_basestring(str.__str__(value))
    if isinstance(value, int):
        return _integer(int(value))
    if isinstance(value, float):
        return number(value)
    if isinstance(value, (list, tuple)):
        return "[" + ",".join([_written(item) for item in value]) + "]"
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                raise NotCanonical(f"{key!r} cannot name a fact; names are texts.")
        names = sorted(value, key=_code_units)
        return "{" + ",".join([f"{encode_basestring(name)}:{_written(value[name])}" for name in names]) + "}"
    raise NotCanonical(f"{value!r} cannot be stored; write it as a text, a number, a list or a mapping.")


def _code_units(name: str) -> bytes:
    """RFC 8785 §3.2.3 sorts by UTF-16 code units, where 😀 stands before U+E000."""
    return name.encode("utf-16-be")


def _integer(value: int) -> str:
    text = str(value)
    if -EXACT <= value <= EXACT or (abs(value) < 10**21 and number(float(value)) == text):
        return text
    raise NotCanonical(f"{text} has more digits than a JSON number keeps; write it as a text.")


def number(value: float) -> str:
    """A double as ECMAScript writes it: shortest digits that read back the same."""
    if not isfinite(value):
        raise NotCanonical(f"{value} is not a number that can be stored; leave the fact empty instead.")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, power = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    # value = 0.DIGITS × 10^point
    point = len(whole) + int(power or 0) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    count = len(digits)
    if count <= point <= 21:
        return sign + digits + "0" * (point - count)
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    exponent = f"e{'+' if point > 0 else '-'}{abs(point - 1)}"
    return sign + digits[0] + (f".{digits[1:]}" if count > 1 else "") + exponent
