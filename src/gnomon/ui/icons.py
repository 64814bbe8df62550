"""Icons from the vendored sprite."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.safestring import SafeString

from gnomon.ui.markup import html

_SYMBOL = re.compile(r'<symbol id="([^"]+)"')


@cache
def icon_names() -> frozenset[str]:
    """Every name that `icon` can draw."""
    path = finders.find("vendor/icons.svg")
    if not path:
        return frozenset()
    with open(path, encoding="utf-8") as sprite:
        return frozenset(_SYMBOL.findall(sprite.read()))


@lru_cache(maxsize=1024)
def icon(name: str, says: str = "", classes: str = "") -> SafeString:
    """An icon; `says` names it for those who cannot see it, else it is decoration. Unknown names draw a ring."""
    drawn = name if name in icon_names() else "circle"
    spoken = html('role="img" aria-label="{}"', says) if says else SafeString('aria-hidden="true"')
    return html(
        '<svg class="icon {}" width="20" height="20" {}><use href="{}#{}"></use></svg>',
        classes,
        spoken,
        static("vendor/icons.svg"),
        drawn,
    )
