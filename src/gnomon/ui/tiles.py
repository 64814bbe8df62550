"""One figure with its unit, its target and its trend; the whole tile opens the list that it counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from django.utils.safestring import SafeString

from gnomon.standard.plugs import Says
from gnomon.ui.charts.scales import Scale
from gnomon.ui.charts.sparklines import sparkline
from gnomon.ui.charts.svg import tag
from gnomon.ui.durations import duration_words
from gnomon.ui.numbers import number_words


@dataclass(frozen=True, slots=True)
class Tile:
    """`value` None means that nothing was there to count, which is not zero; `count` records stand behind it.

    `direction` says which way is better; `before` is the same figure one period earlier.
    """

    title: Says
    value: float | timedelta | None
    url: str = ""
    unit: Says = ""
    target: float | None = None
    target_words: Says = ""
    direction: Literal["higher", "lower", "range"] = "higher"
    before: float | None = None
    trend: Sequence[float | None] = ()
    note: Says = ""
    places: int | None = None
    tone: Literal["", "ok", "warn", "danger"] = ""
    count: int | None = None
    of: str = ""  # the name of what was measured

    @property
    def words(self) -> str:
        if self.value is None:
            return "–"
        if isinstance(self.value, timedelta):
            return duration_words(self.value)
        return number_words(self.value, self.places)

    @property
    def change(self) -> str:
        """The difference to the period before, with its sign; empty when either is unknown or nothing moved."""
        if self.before is None or not isinstance(self.value, int | float) or self.value == self.before:
            return ""
        moved = self.value - self.before
        return ("+" if moved > 0 else "") + number_words(moved, self.places)

    @property
    def rose(self) -> bool:
        return self.change.startswith("+")

    @property
    def verdict(self) -> str:
        """`better` or `worse` than before, empty where neither can be said."""
        if not self.change or self.direction == "range":
            return ""
        return "better" if self.rose == (self.direction == "higher") else "worse"

    @property
    def spark(self) -> SafeString:
        return sparkline(self.trend, target=self.target)

    @property
    def scale(self) -> SafeString:
        """The value along a scale with the target as a stroke across it; nothing without a target."""
        if not isinstance(self.value, int | float) or not self.target or self.target < 0:
            return SafeString("")
        is_high_share = str(self.unit) == "%" and self.target >= 50
        full = 100.0 if is_high_share else max(self.target * 1.5, float(self.value), 1e-9)
        along = Scale(0.0, full, 0.0, 200.0)
        aim = along(self.target)
        return tag(
            "svg",
            tag("rect", x=0, y=4, width=200, height=3, class_="track"),
            tag("rect", x=0, y=3, width=along(float(self.value)), height=5, class_="reach"),
            tag("path", d=f"M{aim:.1f} 0v11", class_="aim"),
            viewBox="0 0 200 11",
            preserveAspectRatio="none",
            class_="tile-scale",
            aria_hidden="true",
        )
