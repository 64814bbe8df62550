"""The style sheet and the one script of a pack's pages, and what these pages are allowed to do."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files

_FACE = re.compile(r"@font-face \{[^}]*\}\n")
_TABLER = re.compile(r"\n  /\* what Tabler asks for.*?(?=\n\})", re.S)
_TOKENS = re.compile(r":root \{.*?\n\}\n", re.S)
_MARKS = re.compile(r"^\.c-.*\n", re.M)
_GRAPHICS = re.compile(r"^\.(?:gnomon-mark|mark-rod|mark-shadow|mark-scale) .*\n", re.M)


@cache
def style() -> bytes:
    """The colours, type and measures of our own pages, and the pack's layout on them, in one file."""
    house = _static("gnomon.ui", "ui/gnomon.css")
    tokens = _TABLER.sub("", "".join(_TOKENS.findall(house)[:1]))
    marks = "".join(_MARKS.findall(_static("gnomon.certification", "certification/board.css")))
    graphics = "".join(_GRAPHICS.findall(_static("gnomon.ui", "ui/frame.css")))
    own = (files(__package__) / "pack.css").read_text(encoding="utf-8")
    return "\n".join([_faces(house), tokens, marks, graphics, own]).encode()


@cache
def script() -> str:
    """Narrows a table by what is typed; the pages say everything without it."""
    return (files(__package__) / "filter.js").read_text(encoding="utf-8")


@cache
def allowed(*, scripted: bool = False) -> str:
    """The Content-Security-Policy: our own style sheet and, on pages with a filter, this very script."""
    runs = f"'sha256-{base64.b64encode(hashlib.sha256(script().encode()).digest()).decode()}'" if scripted else "'none'"
    return (
        f"default-src 'none'; script-src {runs}; style-src 'self' file:; font-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _faces(house: str) -> str:
    """The Latin face inside the sheet: browsers refuse fonts that lie beside a page on disk."""
    font = (files("gnomon.ui") / "static" / "vendor" / "plex-sans.woff2").read_bytes()
    inline = f"data:font/woff2;base64,{base64.b64encode(font).decode()}"
    faces: list[str] = _FACE.findall(house)
    # Once is enough: a second face of the same bytes would double the sheet.
    return faces[0].replace("../vendor/plex-sans.woff2", inline).replace("font-display: swap; ", "")


def _static(package: str, path: str) -> str:
    return (files(package) / "static" / path).read_text(encoding="utf-8")
