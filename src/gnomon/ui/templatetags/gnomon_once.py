"""`{% once "name" inputs %}…{% endonce %}`: a part of a page that is drawn once for the same inputs."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.safestring import SafeString

from gnomon.ui.remembering import drawn_once

register = template.Library()


class OnceNode(template.Node):
    """Draws what it holds for inputs that it has not seen; they must name all that the part shows."""

    def __init__(self, name: str, inputs: list[FilterExpression], nodelist: NodeList) -> None:
        self.name, self.inputs, self.nodelist = name, inputs, nodelist

    def render(self, context: Any) -> SafeString:
        inputs = tuple(_plain(one.resolve(context)) for one in self.inputs)
        return drawn_once(self.name, inputs, lambda: self.nodelist.render(context))


@register.tag
def once(parser: Parser, token: Token) -> OnceNode:
    """Name first, then what the part is drawn from."""
    name, *inputs = token.split_contents()[1:]
    nodelist = parser.parse(("endonce",))
    parser.delete_first_token()
    return OnceNode(name.strip('"'), [parser.compile_filter(one) for one in inputs], nodelist)


def _plain(value: Any) -> Any:
    """The value as something that can be compared: what has `drawn_from` says it itself, lists piece by piece."""
    value = getattr(value, "drawn_from", value)
    if isinstance(value, list | tuple):
        return tuple(_plain(one) for one in value)
    return value if isinstance(value, str | int | float | bool | None) else str(value)
