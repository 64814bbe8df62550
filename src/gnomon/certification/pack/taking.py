"""Records as the ledger tells them up to a checkpoint, each with the proof of all its entries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from gnomon.certification.pack.refusals import PackRefused
from gnomon.records.facts import fold, is_note
from gnomon.records.kinds import Kind, kind_of_number
from gnomon.records.ledger.export import Sealed
from gnomon.records.ledger.proof import proof_bytes
from gnomon.records.models import LedgerEntry


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that an entry of a record tells of."""

    number: str
    version: int
    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Taken:
    """A record with its whole history: its last facts, its entries in order, and the proof of these."""

    number: str
    kind: Kind
    entries: Sequence[LedgerEntry]
    facts: dict[str, Any]
    proof: dict[str, Any]

    @property
    def title(self) -> str:
        return str(self.facts.get("title") or "")

    @property
    def status(self) -> str:
        return str(self.facts.get("status") or "")

    @property
    def workflow_version(self) -> int:
        return int(self.facts.get("workflow_version") or 1)

    @property
    def file(self) -> bytes:
        return proof_bytes(self.proof)

    @property
    def attached(self) -> list[Attached]:
        return [
            Attached(
                self.number, entry.version, str(facts["name"][1]), str(facts["sha256"][1]), int(facts["size"][1])
            )
            for entry in self.entries
            if entry.verb.rpartition(":")[2] == "attached" and "sha256" in (facts := entry.changes)
        ]  # fmt: skip


def take(number: str, sealed: Sealed, at: datetime) -> Taken | None:
    """A record of this number, or None when the checkpoint holds no entry of one.

    PackRefused when an entry between others is missing, for the pack would tell half a story.
    """
    entries = sealed.within(LedgerEntry.objects.filter(number=number))
    try:
        kind = kind_of_number(number)
    except LookupError:
        return None
    if not entries:
        return None
    if [entry.version for entry in entries] != list(range(1, len(entries) + 1)):
        says = _(
            "The ledger has not sealed all entries of %(number)s. Run “gnomon ledger verify” before you hand it out."
        )
        raise PackRefused(says % {"number": number})
    return Taken(number, kind, entries, folded(entries), sealed.proof(entries, at=at))


def folded(entries: Iterable[LedgerEntry]) -> dict[str, Any]:
    """The facts of a record after these entries."""
    facts: dict[str, Any] = {}
    for entry in entries:
        if not is_note(entry.verb):
            fold(entry.changes, facts)
    return facts
