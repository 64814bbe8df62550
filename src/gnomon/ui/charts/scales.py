"""From values to places in the view box, with ticks at round numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


def ticks(low: float, high: float, wanted: int = 5) -> list[float]:
    """Round numbers, evenly spaced, from at or below `low` to at or above `high`; two at least."""
    if high < low:
        low, high = high, low
    # A range too thin for the floating point around it is widened until ticks can differ.
    thin = max(abs(low), abs(high), 1e-3) * 1e-9
    if high - low <= thin:
        widen = max(abs(high) * 0.5, 0.5)
        low, high = (0.0, high + widen) if low >= 0 else (low - widen, max(high + widen, 0.0))
    step = _round_step((high - low) / max(wanted - 1, 1))
    first, last = math.floor(low / step), math.ceil(high / step)
    if last == first:
        last += 1
    return [_tidy(at * step, step) for at in range(first, last + 1)]


def decimals(marks: Sequence[float]) -> int:
    """How many decimals tell these ticks apart."""
    step = marks[1] - marks[0]
    for places in range(10):
        if abs(step - round(step, places)) < step * 1e-6:
            return places
    return 10


def _round_step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    share = rough / power
    return power * (1 if share <= 1 else 2 if share <= 2 else 2.5 if share <= 2.5 else 5 if share <= 5 else 10)


def _tidy(value: float, step: float) -> float:
    """Take away what binary fractions add: 0.30000000000000004 is 0.3."""
    places = max(0, 2 - math.floor(math.log10(step)))
    return round(value, min(places, 300)) + 0.0


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight line from values (`low`..`high`) to places (`start`..`end`); what lies outside is held at the end."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return self.start + min(max(share, 0.0), 1.0) * (self.end - self.start)


def text_width(text: str, size: float = 12.0) -> float:
    """About how wide a text is: a Han character is as wide as it is high, a Latin letter a little over half."""
    return sum(size if ord(letter) > 0x2E80 else size * 0.56 for letter in text)


def every(labels: Sequence[str], room: float, size: float = 12.0) -> int:
    """Show every n-th label, so that neighbours do not touch."""
    if not labels or room <= 0:
        return 1
    widest = max(text_width(label, size) for label in labels) + size
    return max(1, math.ceil(widest * len(labels) / room))


def shortened(text: str, room: float, size: float = 12.0) -> str:
    """A text cut to its room; the whole of it is in the table behind the chart."""
    if text_width(text, size) <= room:
        return text
    while text and text_width(text + "…", size) > room:
        text = text[:-1]
    return text.rstrip() + "…"
