"""Which part of a map stands on which layer: against the fewest arrows, the main road straight down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

Arrow = tuple[str, str]
MAIN = 0.25  # of the heaviest arrow at both of its ends


def layered(names: Sequence[str], arrows: Mapping[Arrow, float]) -> dict[str, int]:
    """A layer for each part, from 0 on; arrows that weigh little may lead upwards or stay on a layer."""
    place = {name: at for at, name in enumerate(road(names, arrows))}
    down = {arrow: weight for arrow, weight in arrows.items() if place[arrow[0]] < place[arrow[1]]}
    leaving, coming = _heaviest(down, 0), _heaviest(down, 1)
    main = [
        arrow
        for arrow, weight in down.items()
        if weight >= MAIN * leaving[arrow[0]] or weight >= MAIN * coming[arrow[1]]
    ]
    layer = dict.fromkeys(place, 0)
    for start, end in sorted(main, key=lambda arrow: (place[arrow[0]], place[arrow[1]])):
        layer[end] = max(layer[end], layer[start] + 1)
    return layer


def road(names: Sequence[str], arrows: Mapping[Arrow, float]) -> list[str]:
    """The parts in an order against which little weight leads back (Eades, Lin and Smyth, with weights)."""
    left: list[str] = []
    right: list[str] = []
    rest = list(names)
    while rest:
        out, into = _weights(rest, arrows)
        sinks = [name for name in rest if not out[name]]
        sources = [name for name in rest if not into[name] and out[name]]
        if sinks:
            right = sinks + right
        elif sources:
            left += sources
        else:
            sources = [max(rest, key=lambda name: out[name] - into[name])]
            left += sources
        gone = {*sinks} or {*sources}
        rest = [name for name in rest if name not in gone]
    return left + right


def _weights(rest: Sequence[str], arrows: Mapping[Arrow, float]) -> tuple[dict[str, float], dict[str, float]]:
    out, into = dict.fromkeys(rest, 0.0), dict.fromkeys(rest, 0.0)
    for (start, end), weight in arrows.items():
        if start != end and start in out and end in out:
            out[start] += weight
            into[end] += weight
    return out, into


def _heaviest(arrows: Mapping[Arrow, float], side: int) -> dict[str, float]:
    found: dict[str, float] = {}
    for arrow, weight in arrows.items():
        found[arrow[side]] = max(found.get(arrow[side], 0.0), weight)
    return found


def compressed(layer: Mapping[str, int]) -> dict[str, int]:
    """Layers without empty ones between them."""
    order = {at: n for n, at in enumerate(sorted(set(layer.values())))}
    return {name: order[at] for name, at in layer.items()}


def spans(arrows: Iterable[Arrow], layer: Mapping[str, int]) -> list[tuple[Arrow, int, int]]:
    """Each arrow with the upper and the lower layer that it lies between; loops are left out."""
    return [
        (arrow, min(layer[arrow[0]], layer[arrow[1]]), max(layer[arrow[0]], layer[arrow[1]]))
        for arrow in arrows
        if arrow[0] != arrow[1]
    ]
