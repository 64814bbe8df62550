"""How much of a map is shown: the most frequent activities and paths, as much as the sliders ask for (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from gnomon.evaluation.mining.graph import Edge, Graph, Node

MOST_NODES, MOST_EDGES = 40, 90
T = TypeVar("T", Node, Edge)


@dataclass(frozen=True, slots=True)
class Part:
    """What of a graph is drawn; the rest is only hidden, and every number still counts all."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    hidden_nodes: int
    hidden_edges: int


def part_of(graph: Graph, activities: int = 100, paths: int = 100) -> Part:
    """The activities and paths that make up so many percent of what happened.

    Each activity keeps the path that most often leads to it and the one that most often leads on.
    """
    nodes = tuple(_share(graph.nodes, activities))[:MOST_NODES]
    names = {node.name for node in nodes}
    able = [edge for edge in graph.edges if edge.start in names and edge.end in names]
    kept = {(edge.start, edge.end) for edge in _share(able, paths)[:MOST_EDGES]}
    for edge in _lifelines(able):
        kept.add((edge.start, edge.end))
    edges = tuple(edge for edge in able if (edge.start, edge.end) in kept)
    return Part(nodes, edges, len(graph.nodes) - len(nodes), len(graph.edges) - len(edges))


def _share(parts: Sequence[T], percent: int) -> list[T]:
    wanted = sum(part.events for part in parts) * percent / 100
    kept: list[T] = []
    so_far = 0
    for part in parts:
        if so_far >= wanted and kept:
            break
        kept.append(part)
        so_far += part.events
    return kept


def _lifelines(edges: Sequence[Edge]) -> list[Edge]:
    """The most frequent way to each activity and from it; edges come by frequency."""
    into: dict[str, Edge] = {}
    out: dict[str, Edge] = {}
    for edge in edges:
        if edge.start != edge.end:
            into.setdefault(edge.end, edge)
            out.setdefault(edge.start, edge)
    return [*into.values(), *out.values()]
