"""How far the ledger of a kind has come, and whether it is still the one that was read."""

from __future__ import annotations

from gnomon.records.ledger.reading import rows


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
