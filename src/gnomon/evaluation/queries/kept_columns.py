"""The columns that are kept of a kind, as this process has read them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from gnomon.evaluation.models import TalliedColumn, TallyMark
from gnomon.evaluation.planes import BIAS, below
from gnomon.evaluation.queries.differences import version_of
from gnomon.evaluation.queries.stretches import AT, Column, column_unpacked
from gnomon.records.memory import Memory

Columns = Mapping[str, Column]
Versions = Mapping[int, str]  # by stretch

# Some ninety days of a million records narrowed in any way, with what stands of all of them.
MOST_BYTES = 48_000_000
_read: Memory[tuple[str, str, int, str], tuple[str, Column]] = Memory(MOST_BYTES, weigh=lambda kept: _weight(kept[1]))
# Those of a stretch that lie before a moment: pages ask of the same weeks and months ever again.
_before: Memory[tuple[str, str, int, int], tuple[str, int]] = Memory(1_000)
_versions: Memory[str, tuple[object, Mapping[str, Versions]]] = Memory(64)


class Kept:
    """What is kept of a kind as of a mark."""

    def __init__(self, mark: TallyMark) -> None:
        self._kind = mark.kind
        known = _versions.get(mark.kind)
        if known is None or known[0] != version_of(mark):
            known = version_of(mark), _versions_of(mark.kind)
            _versions.put(mark.kind, known)
        self._by_moment = known[1]

    def stretches(self, moment: str) -> Versions:
        """The stretches in which anything is kept by a moment."""
        return self._by_moment.get(moment, {})

    def columns(self, moment: str, stretches: Sequence[int], names: Sequence[str]) -> Mapping[int, Columns]:
        """Some columns of some stretches."""
        versions = {stretch: self.stretches(moment)[stretch] for stretch in stretches}
        found: dict[int, dict[str, Column]] = {stretch: {} for stretch in stretches}
        missing: dict[int, set[str]] = defaultdict(set)
        for stretch, version in versions.items():
            for name in names:
                known = _read.get((self._kind, moment, stretch, name))
                if known is not None and known[0] == version:
                    found[stretch][name] = known[1]
                else:
                    missing[stretch].add(name)
        overtaken = set(missing)
        for stretch, name, version, column in self._stored(moment, missing):
            if version == versions[stretch]:
                overtaken.discard(stretch)
                found[stretch][name] = column
                _read.put((self._kind, moment, stretch, name), (version, column))
        # Within a transaction of PostgreSQL a worker may have written them anew since the mark was read. Rows of two
        # versions lie in different places, so all columns are those of one.
        for stretch in overtaken:
            found[stretch] = {name: Column([], []) for name in names}
        for stretch, name, _version, column in self._stored(moment, {stretch: set(names) for stretch in overtaken}):
            found[stretch][name] = column
        return found

    def before(self, moment: str, stretch: int, at: int, columns: Columns) -> int:
        """The records of a stretch whose moment is before another."""
        key, version = (self._kind, moment, stretch, at), self.stretches(moment)[stretch]
        known = _before.get(key)
        if known is None or known[0] != version:
            known = version, below(columns[AT].planes, at + BIAS, -1)
            _before.put(key, known)
        return known[1]

    def _stored(self, moment: str, wanted: Mapping[int, set[str]]) -> list[tuple[int, str, str, Column]]:
        if not wanted:
            return []
        names = set().union(*wanted.values())
        kept = TalliedColumn.objects.filter(kind=self._kind, moment=moment, stretch__in=list(wanted), name__in=names)
        return [
            (stretch, name, version, column_unpacked(planes, size))
            for stretch, name, version, size, planes in kept.values_list("stretch", "name", "version", "size", "planes")
            if name in wanted[stretch]
        ]


def _versions_of(kind: str) -> Mapping[str, Versions]:
    found: dict[str, dict[int, str]] = defaultdict(dict)
    kept = TalliedColumn.objects.filter(kind=kind, name=AT).order_by("stretch")
    for moment, stretch, version in kept.values_list("moment", "stretch", "version"):
        found[moment][stretch] = version
    return found


def _weight(column: Column) -> int:
    return 200 + sum(plane.bit_length() // 7 for plane in column.planes)
