"""From values to figures; pure. Nothing counted gives no value, never a zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Figure:
    """What a measure says of some records. `part` are those that a share is of; `median` and `p90` means have."""

    value: float | None
    count: int
    part: int | None = None
    median: float | None = None
    p90: float | None = None


NOTHING = Figure(None, 0)


def counted(count: int) -> Figure:
    """A number of records; of no records it is 0, since that was counted."""
    return Figure(float(count), count)


def share(part: int, whole: int) -> Figure:
    """Percent of the whole."""
    return Figure(100 * part / whole, whole, part) if whole else Figure(None, 0, 0)


def mean(values: Sequence[float], scale: float = 1) -> Figure:
    """Mean, median and 90th percentile; `scale` of a value make one unit of the figure."""
    ordered = sorted(values)
    return mean_of(ordered, sum(ordered), scale)


def mean_of(ordered: Ordered, total: float, scale: float = 1) -> Figure:
    """The same of values that are in order, and what they add up to."""
    if not len(ordered):
        return NOTHING
    return Figure(
        total / len(ordered) / scale,
        len(ordered),
        median=quantile(ordered, 1, 2) / scale,
        p90=quantile(ordered, 9, 10) / scale,
    )


class Ordered(Protocol):
    """Values in order, that need not lie in one list."""

    def __len__(self) -> int: ...

    def __getitem__(self, place: int, /) -> float: ...


def quantile(ordered: Ordered, part: int, of: int) -> float:
    """The value below which `part` of `of` lie, between two neighbours in proportion, as pandas does."""
    below, rest = divmod((len(ordered) - 1) * part, of)
    if not rest:
        return ordered[below]
    return ordered[below] + (ordered[below + 1] - ordered[below]) * rest / of


PLACES = 4


def rounded(value: float | None) -> float | int | None:
    """A figure as machines are told it: four decimals at most, whole numbers without any."""
    if value is None:
        return None
    near = round(value, PLACES)
    return int(near) if near == int(near) else near


def figure_told(how: str, figure: Figure) -> dict[str, Any]:
    """A figure as plain data, with what its way of counting adds."""
    told: dict[str, Any] = {"value": rounded(figure.value), "count": figure.count}
    if how == "share":
        told["part"] = figure.part
    if how == "mean":
        told |= {"median": rounded(figure.median), "p90": rounded(figure.p90)}
    return told
