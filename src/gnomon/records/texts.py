"""Texts and JSON that every database and the ledger can keep."""

# One return for each type of JSON reads best.
from __future__ import annotations

import re
from math import isfinite
from typing import Any

from django.utils.translation import gettext as _

LONGEST = 1_000_000
DEEPEST = 40
_HALF = re.compile(r"[\ud800-\udfff]")
LARGEST = 2**53 - 1  # beyond it JSON numbers melt into their neighbours


def fault_of(text: str, longest: int = LONGEST) -> str:
    """What keeps a text from being stored, as a sentence; an empty string when nothing does."""
    if len(text) > longest:
        return _("A text holds at most %(most)d characters; this has %(has)d.") % {"most": longest, "has": len(text)}
    # PostgreSQL stores no NUL, and half a surrogate pair has no bytes in UTF-8.
    if "\x00" in text or (not text.isascii() and _HALF.search(text)):
        return _("The text holds a character that cannot be kept. Type it again, or leave that character out.")
    return ""


def fault_of_json(value: Any, depth: int = 0) -> str:
    """The same for what JSON is made of."""
    if depth > DEEPEST:
        return _("The value is nested too deeply. Use at most %(most)d levels.") % {"most": DEEPEST}
    if isinstance(value, str):
        return fault_of(value)
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, int | float):
        return "" if isfinite(value) and abs(value) <= LARGEST else _("A number here is too large to be kept.")
    if isinstance(value, dict):
        names = (fault_of_json(name) if isinstance(name, str) else _("Names must be texts.") for name in value)
        return next((f for f in names if f), "") or _first(value.values(), depth)
    if isinstance(value, list | tuple):
        return _first(value, depth)
    return _("The value must be made of texts, numbers, lists and names with values.")


def _first(values: Any, depth: int) -> str:
    return next((fault for value in values if (fault := fault_of_json(value, depth + 1))), "")
