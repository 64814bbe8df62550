"""Markup for drawings; every attribute and text is escaped."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.safestring import SafeString

from gnomon.ui.markup import escaped

Part = SafeString | str


def tag(name: str, *children: Part, **attributes: object) -> SafeString:
    """`<name …>children</name>`: `class_` is class, an underscore a hyphen, None leaves an attribute out."""
    pairs = [
        f' {key.rstrip("_").replace("_", "-")}="{escaped(_plain(value))}"'
        for key, value in attributes.items()
        if value is not None
    ]
    return SafeString(f"<{name}{''.join(pairs)}>{''.join(map(escaped, children))}</{name}>")


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
