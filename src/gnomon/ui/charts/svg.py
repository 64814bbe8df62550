"""Markup for drawings; every attribute and text is escaped."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

Part = SafeString | str


def tag(name: str, *children: Part, **attributes: object) -> SafeString:
    """`<name …>children</name>`: `class_` is class, an underscore a hyphen, None leaves an attribute out."""
    pairs = [
        format_html(' {}="{}"', key.rstrip("_").replace("_", "-"), _plain(value))
        for key, value in attributes.items()
        if value is not None
    ]
    opened = joined([f"<{name}", *pairs]) if pairs else f"<{name}"
    inner = joined(conditional_escape(child) for child in children)
    # The name is ours, the attributes and children are escaped above.
    return mark_safe(f"{opened}>{inner}</{name}>")  # noqa: S308


def joined(parts: Iterable[Part]) -> SafeString:
    """Parts one after the other; each is safe already or was written by us."""
    return mark_safe("".join(parts))  # noqa: S308


def link(url: str, *children: Part, says: str) -> SafeString:
    """What opens a list when there is one to open, with words for those who do not see it."""
    if not url:
        return tag("g", tag("title", says), *children)
    return tag("a", tag("title", says), *children, href=url, aria_label=says)


def number(value: float) -> str:
    """A coordinate: a tenth of a pixel is as fine as anyone sees."""
    return f"{value:.1f}".removesuffix(".0")


def path(points: Iterable[tuple[float, float]]) -> str:
    """`M… L…` through the points."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)


def _plain(value: object) -> object:
    return number(value) if isinstance(value, float) else value
