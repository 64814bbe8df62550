"""Colours hold WCAG 2.2 AA in both looks; read from the style sheet itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "src" / "gnomon" / "ui" / "static" / "ui" / "gnomon.css"
TOKEN = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
TOKENS = {name: (light, dark) for name, light, dark in TOKEN.findall(CSS.read_text())}

GROUNDS = ["ground", "surface", "raised", "hover", "chosen"]
WORDS = [(ink, on) for ink in ("ink", "ink-soft", "ink-faint", "accent") for on in GROUNDS]
WORDS += [
    (tone, on) for tone in ("ok", "warn", "danger", "info", "rest") for on in ("surface", "ground", f"{tone}-wash")
]
WORDS += [("ink", f"{tone}-wash") for tone in ("ok", "warn", "danger", "info", "accent")]
WORDS += [("ink-soft", "accent-wash"), ("ink-soft", "sunken"), ("accent", "accent-wash"), ("on-accent", "accent-fill"),
          ("on-accent", "accent-fill-hover"), ("accent-deep", "surface")]  # fmt: skip
MARKS = [(f"{tone}-fill", "surface") for tone in ("ok", "danger", "info")]
MARKS += [("line-strong", "surface"), ("line-strong", "raised"), ("accent", "ground"), ("accent", "surface")]


def brightness(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((brightness(one), brightness(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_counted_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("look", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "on"), WORDS)
def test_words_can_be_read(ink: str, on: str, look: int) -> None:
    assert contrast(TOKENS[ink][look], TOKENS[on][look]) >= 4.5


@pytest.mark.parametrize("look", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("mark", "on"), MARKS)
def test_edges_and_signs_can_be_seen(mark: str, on: str, look: int) -> None:
    assert contrast(TOKENS[mark][look], TOKENS[on][look]) >= 3
