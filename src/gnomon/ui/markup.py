"""HTML from a template and values, every value escaped; several times as fast as Django's own.

A list page holds thousands of values, and Django's `format_html` wraps each of them twice for lazy texts.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django.utils.safestring import SafeString


def html(template: str, *values: object) -> SafeString:
    """`template` with each `{}` filled by an escaped value; the template is ours and must hold no braces else."""
    return SafeString(template.format(*map(escaped, values)))


def escaped(value: object) -> str:
    """A value as HTML: safe text as it is, all other text escaped, lazy text in the language of the reader."""
    kind = type(value)
    if kind is SafeString:
        return value  # type: ignore[return-value]  # the line above says so, faster than isinstance
    if kind is str:
        return escape(value)  # type: ignore[arg-type]  # as above
    own = getattr(value, "__html__", None)
    return str(own()) if own is not None else escape(str(value))


def joined(parts: Iterable[str]) -> SafeString:
    """Pieces of HTML in a row; each is safe already or was written by us."""
    return SafeString("".join(parts))
