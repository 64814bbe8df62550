"""The face of printed reports, which comes with the program: a bare machine has none that writes Chinese."""

from __future__ import annotations

from pathlib import Path

FACE = "Gnomon Han"
FOLDER = Path(__file__).parents[2] / "ui" / "fonts"
# Beside Latin and GB/T 2312; scripts/fonts/subset.py cuts the face to these.
MARKS = frozenset("–—…‘’“”•·€™−≤≥≠≈×÷←↑→↓↗↘±‰²³°①②③★☆✓✗∞Σ½○●")


def writes(text: str) -> bool:
    """Whether the face has every sign of a text; rare names and other scripts it does not."""
    return all(ord(sign) < 0x180 or sign in MARKS or _common(sign) for sign in set(text))


def _common(sign: str) -> bool:
    try:
        sign.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
