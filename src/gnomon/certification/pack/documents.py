"""Documents in the versions that were in force in a period, each with its text of then (7.5.3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gnomon.certification.pack.taking import Taken
from gnomon.governance.kinds import document as DOCUMENT
from gnomon.jobs.moments import written
from gnomon.records.facts import fold, is_note
from gnomon.records.ledger.export import Sealed
from gnomon.records.models import LedgerEntry
from gnomon.standard.periods import Period
from gnomon.workflow.tables import Phase


@dataclass(frozen=True, slots=True)
class InForce:
    """A document as it stood from one moment to another (None: it still stands); `version` counts its entries."""

    number: str
    version: int
    title: str
    edition: str
    text: str
    since: datetime
    until: datetime | None

    @property
    def path(self) -> str:
        return f"documents/{self.number}-v{self.version}.txt"

    def as_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "version": self.version,
            "title": self.title,
            "edition": self.edition,
            "since": written(self.since),
            "until": written(self.until) if self.until else None,
            "file": self.path,
        }


def document_numbers(sealed: Sealed) -> list[str]:
    """All documents that the checkpoint knows."""
    first = sealed.within(LedgerEntry.objects.filter(kind=DOCUMENT.name, version=1))
    return sorted(entry.number for entry in first)


def in_force(taken: Taken, period: Period) -> list[InForce]:
    """The versions of a document that were in force at some time of the period, oldest first."""
    return [
        version
        for version in _versions(taken.entries)
        if version.since < period.end and (version.until is None or version.until > period.start)
    ]


def _versions(entries: Sequence[LedgerEntry]) -> Iterator[InForce]:
    """Each stretch in which the document was published and said the same."""
    facts: dict[str, Any] = {}
    open_version: InForce | None = None
    for entry in entries:
        if is_note(entry.verb):
            continue
        fold(entry.changes, facts)
        says = _version(entry, facts) if _is_in_force(facts) else None
        if open_version is not None and says is not None and _same(open_version, says):
            continue
        if open_version is not None:
            yield _ended(open_version, entry.happened_at)
        open_version = says
    if open_version is not None:
        yield open_version


def _is_in_force(facts: dict[str, Any]) -> bool:
    workflow = DOCUMENT.workflow_version(int(facts.get("workflow_version") or 1))
    return workflow.phase(str(facts["status"])) is Phase.RESOLVED


def _version(entry: LedgerEntry, facts: dict[str, Any]) -> InForce:
    told = {name: str(facts.get(name) or "") for name in ("title", "edition", "text")}
    return InForce(entry.number, entry.version, **told, since=entry.happened_at, until=None)


def _same(one: InForce, other: InForce) -> bool:
    return (one.title, one.edition, one.text) == (other.title, other.edition, other.text)


def _ended(version: InForce, at: datetime) -> InForce:
    return InForce(version.number, version.version, version.title, version.edition, version.text, version.since, at)
