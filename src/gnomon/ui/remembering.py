"""Parts of pages that are drawn once for the same inputs: the menu, the filters above a list, the dialogs."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import get_language

MOST = 256
_drawn: OrderedDict[Hashable, SafeString] = OrderedDict()


def drawn_once(name: str, inputs: Any, draw: Callable[[], SafeString]) -> SafeString:
    """What `draw` answers, drawn once for these inputs and the language of whoever reads.

    `inputs` are all that the part shows, as texts and tuples of them, what depends on the person included: nobody
    can be shown what was drawn from other inputs than their own.
    """
    key = (name, get_language(), inputs)
    known = _drawn.get(key)
    if known is None:
        known = _drawn[key] = draw()
        while len(_drawn) > MOST:
            _drawn.popitem(last=False)
    return known


def forget_drawn() -> None:
    """Draw everything anew."""
    _drawn.clear()
