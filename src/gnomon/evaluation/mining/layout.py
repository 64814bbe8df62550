"""Where the parts of a map stand: layers downwards, each arrow with room for its words, few crossings (pure).

After Sugiyama: every arrow is cut into pieces from layer to layer, and each piece's joint is a place like those
of the parts, so that arrows and their words never lie on boxes. Places find their sides by least squares.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gnomon.evaluation.mining.layers import Arrow, compressed, layered, spans

SWEEPS = 10
JOINT = 14.0


@dataclass(frozen=True, slots=True)
class Size:
    """How much room parts and rows take."""

    box: float
    high: float
    row: float  # between the middles of two neighbouring rows; parts stand on every other
    apart: float


@dataclass(frozen=True, slots=True)
class Placed:
    """Where everything is: the middles of parts, and the joints of each arrow from the upper end to the lower.

    `said` is where the words of an arrow stand. `flat` arrows stay on a layer, and their one joint lies below it.
    """

    width: float
    height: float
    at: Mapping[str, tuple[float, float]]
    joints: Mapping[Arrow, Sequence[tuple[float, float]]]
    said: Mapping[Arrow, tuple[float, float]]
    layer: Mapping[str, int]


@dataclass(slots=True)
class _Place:
    wide: float
    x: float = 0.0
    above: list[_Place] = field(default_factory=list)
    below: list[_Place] = field(default_factory=list)
    is_joint: bool = False


def placed(names: Sequence[str], arrows: Mapping[Arrow, float], words: Mapping[Arrow, float], size: Size) -> Placed:
    """A layout of parts and weighted arrows; `words` is how wide the words of each arrow are."""
    layer = compressed(layered(names, arrows))
    rows: list[list[_Place]] = [[] for _ in range(2 * max(layer.values(), default=0) + 2)]
    parts = {name: _Place(size.box) for name in names}
    for name in names:
        rows[2 * layer[name]].append(parts[name])
    chains: dict[Arrow, list[_Place]] = {}
    middle: dict[Arrow, int] = {}
    for arrow, upper, lower in sorted(spans(arrows, layer), key=lambda one: -arrows[one[0]]):
        chains[arrow], middle[arrow] = _chain(arrow, upper, lower, layer, parts, rows, words.get(arrow, 0.0))
    _untangle(rows)
    _settle(rows, size.apart)
    left = min((place.x - place.wide / 2 for row in rows for place in row), default=0.0)
    right = max((place.x + place.wide / 2 for row in rows for place in row), default=0.0)
    where = {id(place): (place.x - left, (at + 0.5) * size.row) for at, row in enumerate(rows) for place in row}
    return Placed(
        right - left, size.row * len(rows),
        {name: where[id(place)] for name, place in parts.items()},
        {arrow: [where[id(joint)] for joint in chain] for arrow, chain in chains.items()},
        {arrow: where[id(chain[middle[arrow]])] for arrow, chain in chains.items()},
        layer,
    )  # fmt: skip


def _chain(
    arrow: Arrow, upper: int, lower: int, layer: Mapping[str, int], parts: Mapping[str, _Place],
    rows: list[list[_Place]], wide: float,
) -> tuple[list[_Place], int]:  # fmt: skip
    """The joints of an arrow on the rows between its ends, tied to one another, and which of them has the words."""
    high, low = sorted(arrow, key=lambda name: layer[name])
    between = range(2 * upper + 1, 2 * lower) if upper != lower else range(2 * upper + 1, 2 * upper + 2)
    speaks = len(between) // 2
    speaks -= speaks % 2  # words stand between the rows of parts
    chain = [_Place(max(wide, JOINT) if n == speaks else JOINT, is_joint=True) for n in range(len(between))]
    for row, joint in zip(between, chain, strict=True):
        rows[row].append(joint)
    ends = [parts[high], *chain, parts[low]] if upper != lower else [parts[high], *chain]
    for above, below in itertools.pairwise(ends):
        above.below.append(below)
        below.above.append(above)
    if upper == lower:
        parts[low].below.append(chain[0])
        chain[0].above.append(parts[low])
    return chain, speaks


# --- order within the rows ---


def _untangle(rows: list[list[_Place]]) -> None:
    """Order each row by the middle of its neighbours, to and fro; the order with the fewest crossings stays."""
    best, fewest = [list(row) for row in rows], _crossings(rows)
    for sweep in range(SWEEPS):
        downwards = sweep % 2 == 0
        for row, beside in _neighbours(rows, downwards):
            place = {id(one): at for at, one in enumerate(beside)}
            keys = {id(one): _middle(one.above if downwards else one.below, place) for one in row}
            own = {id(one): at for at, one in enumerate(row)}
            row.sort(key=lambda one: (keys[id(one)] if keys[id(one)] is not None else own[id(one)], own[id(one)]))
        now = _crossings(rows)
        if now < fewest:
            best, fewest = [list(row) for row in rows], now
    for row, ordered in zip(rows, best, strict=True):
        row[:] = ordered


def _neighbours(rows: list[list[_Place]], downwards: bool) -> list[tuple[list[_Place], list[_Place]]]:
    pairs = list(zip(rows[1:], rows, strict=False)) if downwards else list(itertools.pairwise(rows))[::-1]
    return pairs


def _middle(neighbours: Sequence[_Place], place: Mapping[int, int]) -> float | None:
    found = sorted(place[id(one)] for one in neighbours if id(one) in place)
    if not found:
        return None
    half = len(found) // 2
    return float(found[half]) if len(found) % 2 else (found[half - 1] + found[half]) / 2


def _crossings(rows: list[list[_Place]]) -> int:
    total = 0
    for upper, lower in itertools.pairwise(rows):
        place = {id(one): at for at, one in enumerate(lower)}
        ends = [sorted(place[id(below)] for below in one.below if id(below) in place) for one in upper]
        line = [end for some in ends for end in some]
        total += sum(1 for i, a in enumerate(line) for b in line[i + 1 :] if a > b)
    return total


# --- sideways ---


def _settle(rows: list[list[_Place]], apart: float) -> None:
    """Let each row find the sides of its places between its neighbours, without overlap."""
    for row in rows:
        _spread(row, [0.0] * len(row), [1.0] * len(row), apart)
    for sweep in range(4 * SWEEPS):
        for row, _beside in _neighbours(rows, sweep % 2 == 0):
            wished, weights = [], []
            for one in row:
                pulls = [*one.above, *one.below]
                wished.append(sum(other.x for other in pulls) / len(pulls) if pulls else one.x)
                weights.append(4.0 if one.is_joint else 1.0 + len(pulls))
            _spread(row, wished, weights, apart)


def _spread(row: Sequence[_Place], wished: Sequence[float], weights: Sequence[float], apart: float) -> None:
    """The places nearest to where they wish to be that keep their order and distance (isotonic regression)."""
    if not row:
        return
    shift, shifts = 0.0, [0.0]
    for one, other in itertools.pairwise(row):
        shift += (one.wide + other.wide) / 2 + apart
        shifts.append(shift)
    blocks: list[list[float]] = []  # weighted sum, weight, how many
    for wish, weight, moved in zip(wished, weights, shifts, strict=True):
        blocks.append([(wish - moved) * weight, weight, 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            last = blocks.pop()
            blocks[-1] = [mine + theirs for mine, theirs in zip(blocks[-1], last, strict=True)]
    at = 0
    for total, weight, count in blocks:
        for _ in range(int(count)):
            row[at].x = total / weight + shifts[at]
            at += 1
