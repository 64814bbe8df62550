"""Text as XML can say it, in an attribute or between tags."""

from __future__ import annotations

import re
from collections.abc import Mapping

# XML has no way to say these, not even escaped.
_UNSAYABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SAID: Mapping[int, str] = str.maketrans({
    "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;",
    # Written as they are, they would come back as blanks or as the end of a line.
    "\t": "&#9;", "\n": "&#10;", "\r": "&#13;",
})  # fmt: skip


def in_xml(text: str) -> str:
    """The text, escaped; what XML cannot say is marked as lost."""
    return _UNSAYABLE.sub("\ufffd", text).translate(_SAID)
