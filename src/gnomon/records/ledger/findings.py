"""What verification found, in order, as sentences for people and as JSON for machines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

_Place = tuple[bool, float, int]  # among records, sequence, order of arrival
MOST = 1_000  # faults that are described; all are counted


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it was written.

    `what` is altered, missing, reordered, added, unsealed, unsigned, root_differs, truncated,
    record_differs, record_without_ledger, ledger_without_record, attached_differs, file_differs, or what
    an app's own check names.
    """

    what: str
    says: str
    sequence: int | None = None
    kind: str | None = None
    number: str | None = None
    version: int | None = None
    field: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "what": self.what,
            "sequence": self.sequence,
            "kind": self.kind,
            "number": self.number,
            "version": self.version,
            "field": self.field,
            "says": self.says,
        }


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether the ledger is whole, and if not, the first fault and the rest."""

    entries: int
    sealed: int
    unsealed: int
    checkpoints: int
    records: int
    faults: tuple[Fault, ...]
    counts: dict[str, int]
    unguarded: tuple[str, ...]  # triggers that do not stand
    seconds: float
    erased: dict[str, int] = field(default_factory=dict)  # the number of an erasure → records that it blanked
    files: int = 0  # attached files whose bytes were read
    derived: int = 0  # records of which what follows from their entries was derived anew
    further: dict[str, int] = field(default_factory=dict)  # the checks of apps → what each looked at
    notes: tuple[str, ...] = ()  # no faults, but to be known

    @property
    def whole(self) -> bool:
        return not self.faults

    @property
    def first(self) -> Fault | None:
        """The fault that comes first in the order of the ledger."""
        return self.faults[0] if self.faults else None

    def as_json(self) -> dict[str, Any]:
        """The answer of `gnomon ledger verify --json`."""
        return {
            "whole": self.whole,
            "entries": self.entries,
            "sealed": self.sealed,
            "unsealed": self.unsealed,
            "checkpoints": self.checkpoints,
            "records": self.records,
            "faults": [fault.as_json() for fault in self.faults],
            "counts": self.counts,
            "erased": self.erased,
            "files": self.files,
            "derived": self.derived,
            "further": self.further,
            "notes": list(self.notes),
            "unguarded": list(self.unguarded),
            "seconds": round(self.seconds, 3),
        }


@dataclass
class Findings:
    """Collects faults while the ledger streams by; keeps the earliest, counts all."""

    counts: Counter[str] = field(default_factory=Counter)
    # Faults of records stand behind those of the ledger, because they often follow from them.
    among_records: bool = False
    notes: list[str] = field(default_factory=list)  # what is no fault, and should be known
    _kept: list[tuple[_Place, Fault]] = field(default_factory=list)
    _gaps: list[tuple[Fault, int, int | None]] = field(default_factory=list)

    def add(self, fault: Fault, *, at: float | None = None) -> None:
        """Take a fault in at its place in the ledger; without one it stands at the end."""
        place = at if at is not None else fault.sequence if fault.sequence is not None else float("inf")
        self.counts[fault.what] += 1
        self._kept.append(((self.among_records, place, self.counts.total()), fault))
        if len(self._kept) > 2 * MOST:
            self._kept = self._sorted()

    def gap(self, fault: Fault, after: int, before: int | None) -> None:
        """A version is missing between two sequences; which entry it was is settled when all is known."""
        self._gaps.append((fault, after, before))

    def settle(self) -> None:
        """What is missing from a record's history is the entry whose leaf stands there alone."""
        gaps, self._gaps = self._gaps, []
        for fault, after, before in gaps:
            self._fill(fault, after, before)

    def take_over(self, found: Mapping[str, Any]) -> None:
        """Take in what another process found."""
        self._kept += [
            ((among, float("inf") if place is None else place, order), Fault(**fault))
            for order, (among, place, fault) in enumerate(found["kept"])
        ]
        self._gaps += [(Fault(**fault), after, before) for fault, after, before in found["gaps"]]
        self.counts.update(found["counts"])

    def handed_over(self) -> dict[str, Any]:
        """What was found, for `take_over`; all that JSON can say."""
        return {
            "kept": [
                (among, None if place == float("inf") else place, asdict(fault))
                for (among, place, _order), fault in self._sorted()
            ],
            "gaps": [(asdict(fault), after, before) for fault, after, before in self._gaps],
            "counts": dict(self.counts),
        }

    def _fill(self, fault: Fault, after: int, before: int | None) -> None:
        lost = [
            n
            for n, (_place, kept) in enumerate(self._kept)
            if kept.what == "missing" and kept.number is None and kept.sequence is not None
            and after < kept.sequence and (before is None or kept.sequence < before)
        ]  # fmt: skip
        if len(lost) == 1:
            place, kept = self._kept[lost[0]]
            self._kept[lost[0]] = (place, replace(fault, sequence=kept.sequence))
        else:
            self.add(fault, at=after + 0.5)

    def ordered(self) -> tuple[Fault, ...]:
        return tuple(fault for _place, fault in self._sorted())

    def _sorted(self) -> list[tuple[_Place, Fault]]:
        return sorted(self._kept, key=lambda kept: kept[0])[:MOST]
