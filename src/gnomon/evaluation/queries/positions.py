"""How far the ledger of a kind has come, whether it is still the one that was read, and what was told since."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from gnomon.evaluation.models.place import UpToEntry
from gnomon.records.ledger.reading import rows
from gnomon.records.ledger.settled import settled


@dataclass(frozen=True, slots=True)
class Place:
    """Up to which entry of a kind somebody looked.

    On PostgreSQL an entry may become visible behind later ones, but not behind those that are `settled`: between
    `settled` and `sequence` there were `between` entries, and whoever finds more of them looks again from `settled` on.
    """

    sequence: int
    digest: str
    settled: int
    between: int


def place_of(mark: UpToEntry) -> Place:
    """Where the ledger stood when records were counted or the queue was kept."""
    return Place(mark.sequence, mark.digest, mark.settled, mark.between)


def tip(kind: str) -> tuple[int, str]:
    """Sequence and digest of the last entry of a kind."""
    found = rows(
        "SELECT sequence, digest FROM records_ledgerentry WHERE kind = %s ORDER BY sequence DESC LIMIT 1", [kind]
    )
    return (int(found[0][0]), bytes(found[0][1]).hex()) if found else (0, "")


def digest_at(sequence: int) -> str:
    """The digest of an entry; empty when there is none."""
    found = rows("SELECT digest FROM records_ledgerentry WHERE sequence = %s", [sequence])
    return bytes(found[0][0]).hex() if found else ""


def entries_between(kind: str, after: int, upto: int) -> int:
    """How many entries of a kind there are after one sequence and up to another."""
    query = "SELECT COUNT(*) FROM records_ledgerentry WHERE kind = %s AND sequence > %s AND sequence <= %s"
    return int(rows(query, [kind, after, upto])[0][0])


def place_now(kind: str, before: Place | None = None) -> Place:
    """Where the ledger of a kind stands; who looked `before` knows how far it was settled then."""
    known = max(settled(), before.settled if before else 0)
    sequence, digest = tip(kind)
    upto = sequence if connection.vendor == "sqlite" else min(known, sequence)
    return Place(sequence, digest, upto, entries_between(kind, upto, sequence) if upto < sequence else 0)


def is_of_another_ledger(place: Place) -> bool:
    """Whether the ledger that was looked at is not this one, or is no longer."""
    return bool(place.sequence) and digest_at(place.sequence) != place.digest


def has_late_ones(kind: str, place: Place) -> bool:
    """Whether entries came to stand among those that were looked at, as on PostgreSQL they may."""
    return place.settled < place.sequence and entries_between(kind, place.settled, place.sequence) != place.between


def unseen_after(kind: str, place: Place) -> int:
    """The sequence after which entries have to be looked at."""
    return place.settled if has_late_ones(kind, place) else place.sequence
