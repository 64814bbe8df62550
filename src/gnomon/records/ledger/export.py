"""Entries of the database with their proofs, as a file for people outside."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gnomon.jobs.moments import milliseconds
from gnomon.records.facts import read_facts
from gnomon.records.ledger.keys import installation_keys
from gnomon.records.ledger.merkle import LedgerBroken, Tree
from gnomon.records.ledger.personal import BECAUSE, commitments, revealed
from gnomon.records.ledger.proof import PlacedEntry, export_proof, proof_bytes
from gnomon.records.ledger.seal import key_folder, stored
from gnomon.records.models.ledger import Checkpoint, Leaf, LedgerEntry

_AT_ONCE = 5_000


class NotSealed(Exception):
    """An entry that is to be proved waits for the next seal."""


def proof_of(entries: QuerySet[LedgerEntry], *, at: datetime, since: Collection[int] = ()) -> bytes:
    """The proof file of these entries under the newest checkpoint.

    `since` names sizes of older checkpoints that the reader knows; the file proves that they were kept.
    NotSealed when an entry still waits, LedgerBroken when the tree is not what the checkpoint signed.
    """
    newest = Checkpoint.objects.order_by("-size").first()
    if newest is None:
        raise NotSealed(_("Nothing is sealed yet, so nothing can be proved. Wait a minute, then try again."))
    tree = Tree(_leaves, newest.size)
    if tree.root() != bytes(newest.root):
        raise LedgerBroken(_("The tree does not fit its last checkpoint. Run “gnomon ledger verify”."))
    older = Checkpoint.objects.filter(size__in=since).exclude(size=newest.size)
    return proof_bytes(
        export_proof(
            list(_placed(entries)),
            tree=tree,
            checkpoints=[stored(checkpoint) for checkpoint in [*older, newest]],
            keys=installation_keys(key_folder()),
            at=at,
        )
    )


def _placed(entries: QuerySet[LedgerEntry]) -> list[PlacedEntry]:
    placed = []
    chosen = list(entries.order_by("sequence"))
    for start in range(0, len(chosen), _AT_ONCE):
        part = chosen[start : start + _AT_ONCE]
        leaves = Leaf.objects.filter(sequence__in=[entry.sequence for entry in part])
        positions = dict(leaves.values_list("sequence", "position"))
        for entry in part:
            if entry.sequence not in positions:
                says = _("%(entry)s is not sealed yet. Wait a minute, then try again.") % {"entry": entry}
                raise NotSealed(says)
            placed.append(_placed_entry(entry, positions[entry.sequence]))
    return placed


def _placed_entry(entry: LedgerEntry, position: int) -> PlacedEntry:
    content = _content(entry)
    if not entry.personal:
        return PlacedEntry(position, content)
    committed = commitments(entry.personal, entry.because)
    because = "" if BECAUSE in committed else entry.because
    content |= {"because": because, "personal": committed}
    return PlacedEntry(position, content, revealed(entry.personal, entry.because))


def _content(entry: LedgerEntry) -> dict[str, object]:
    return {
        "actor": entry.actor,
        "because": entry.because,
        "facts": read_facts(entry.facts),
        "happened_at": milliseconds(entry.happened_at),
        "kind": entry.kind,
        "number": entry.number,
        "recorded_at": milliseconds(entry.recorded_at),
        "verb": entry.verb,
        "version": entry.version,
    }


def _leaves(start: int, end: int) -> Sequence[bytes]:
    within = Leaf.objects.filter(position__gte=start, position__lt=end).order_by("position")
    return [bytes(digest) for digest in within.values_list("digest", flat=True)]
