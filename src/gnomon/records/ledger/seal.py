"""Sealing: entries that wait are appended to the Merkle tree, and the tree is signed."""

# Only names of our own tables and columns are put into statements; values are parameters.
from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from gnomon.jobs.moments import written
from gnomon.records.ledger.checkpoints import SignedCheckpoint, signed_checkpoint
from gnomon.records.ledger.entries import EntryColumns, sealer, true_digest
from gnomon.records.ledger.keys import Keys, installation_keys
from gnomon.records.ledger.merkle import Frontier, LedgerBroken
from gnomon.records.ledger.witness import witness
from gnomon.records.models.ledger import Checkpoint

BATCH = 5_000
# On PostgreSQL a transaction that took its sequence early may commit late. What is not sealed an hour
# after its neighbours were belongs to a transaction open for so long, and the daily sweep takes it in.
SETTLED = timedelta(hours=1)

log = logging.getLogger(__name__)

COLUMNS = "kind, number, version, verb, actor, recorded_at, happened_at, facts, because, personal, digest, seal"
_Waiting = tuple[int, EntryColumns, bytes, bytes]  # sequence, content, digest, seal


def seal_ledger(*, sweep: bool = False, batch: int = BATCH, keys: Keys | None = None) -> int:
    """Seal all entries that wait, batch by batch, each with its checkpoint; answers how many.

    May run in several workers at once and be killed at any moment: a batch is sealed whole or not at all.
    LedgerBroken when the tree in the database is not the one that was signed.
    """
    keys = keys or installation_keys(key_folder())
    count, after = 0, 0
    while True:
        sealed, after = _seal_batch(keys, sweep, batch, after)
        if not after:
            return count
        count += sealed


def key_folder() -> Path:
    """Where this installation keeps its keys."""
    home: Path = settings.HOME
    return home / "keys"


def stored(checkpoint: Checkpoint) -> SignedCheckpoint:
    """A stored checkpoint as what was signed."""
    return SignedCheckpoint(
        size=checkpoint.size,
        root=bytes(checkpoint.root),
        previous=bytes(checkpoint.previous),
        sealed_at=written(checkpoint.sealed_at),
        key=checkpoint.key_id,
        signature=bytes(checkpoint.signature),
    )


def _seal_batch(keys: Keys, sweep: bool, batch: int, after: int) -> tuple[int, int]:
    """How many were sealed, and the last sequence looked at (0 when none waits)."""
    # Looking first costs readers nothing; a worker that finds nothing never asks for the write lock.
    if not _waiting(max(after, _floor(sweep)), 1):
        return 0, 0
    with transaction.atomic():
        _lock()
        last = Checkpoint.objects.order_by("-size").first()
        frontier = _frontier(last)
        waiting = _waiting(max(after, _floor(sweep)), batch)
        if not waiting:
            return 0, 0
        ours = _ours(keys, waiting)
        if ours:
            _append(keys, last, frontier, ours)
    return len(ours), waiting[-1][0]


def _append(keys: Keys, last: Checkpoint | None, frontier: Frontier, entries: Sequence[tuple[int, bytes]]) -> None:
    start = frontier.size
    frontier.extend(digest for _sequence, digest in entries)
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO records_leaf (position, sequence, digest) VALUES (%s, %s, %s)",
            [(start + n, sequence, digest) for n, (sequence, digest) in enumerate(entries)],
        )
    now = datetime.now(UTC)
    signed = signed_checkpoint(
        keys,
        size=frontier.size,
        root=frontier.root(),
        at=max(now, last.sealed_at) if last else now,
        previous=stored(last) if last else None,
    )
    Checkpoint.objects.create(
        size=signed.size,
        root=signed.root,
        previous=signed.previous,
        sealed_at=datetime.fromisoformat(signed.sealed_at),
        key_id=signed.key,
        signature=signed.signature,
        frontier=frontier.packed(),
    )
    transaction.on_commit(lambda: witness(key_folder(), signed, last.size if last else 0))


def _lock() -> None:
    """One sealer at a time. SQLite has one writer anyway: its transactions begin IMMEDIATE."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE records_checkpoint IN SHARE ROW EXCLUSIVE MODE")


def _frontier(last: Checkpoint | None) -> Frontier:
    """The tree's right edge as the last checkpoint signed it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(position) FROM records_leaf")
        highest = cursor.fetchone()[0]
    size = last.size if last else 0
    try:
        frontier = Frontier.unpacked(size, bytes(last.frontier) if last else b"")
    except LedgerBroken:
        frontier = None
    fits = frontier is not None and (last is None or frontier.root() == bytes(last.root))
    if frontier is None or not fits or (-1 if highest is None else highest) != size - 1:
        raise LedgerBroken(
            _("The tree does not fit its last checkpoint, so nothing is sealed. Run “gnomon ledger verify”.")
        )
    return frontier


def _floor(sweep: bool) -> int:
    """The sequence up to which no entry waits any more."""
    if connection.vendor != "postgresql":
        # One writer at a time: entries become visible in order of their sequence.
        sealed = Checkpoint.objects.order_by("-size")
    elif sweep:
        return 0
    else:
        sealed = Checkpoint.objects.filter(sealed_at__lt=datetime.now(UTC) - SETTLED).order_by("-size")
    size = sealed.values_list("size", flat=True).first()
    if size is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequence FROM records_leaf WHERE position = %s", [size - 1])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _waiting(floor: int, most: int) -> list[_Waiting]:
    """Entries after `floor` that have no leaf, in order."""
    without_leaf = (
        " AND NOT EXISTS (SELECT 1 FROM records_leaf WHERE records_leaf.sequence = entry.sequence)"
        if connection.vendor == "postgresql"
        else ""
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT sequence, {COLUMNS} FROM records_ledgerentry entry "
            f"WHERE sequence > %s{without_leaf} ORDER BY sequence LIMIT %s",
            [floor, most],
        )
        return [(row[0], row[1:11], bytes(row[11]), bytes(row[12])) for row in cursor.fetchall()]


def _ours(keys: Keys, waiting: Sequence[_Waiting]) -> list[tuple[int, bytes]]:
    """Those that this installation wrote and nobody altered since; the tree takes in no others."""
    seal = sealer(keys.sealing)
    ours = []
    for sequence, content, digest, sealed in waiting:
        if digest == true_digest(content) and seal(digest) == sealed:
            ours.append((sequence, digest))
        else:
            log.warning("Entry %s was not written by this installation and is not sealed.", sequence)
    return ours
