"""Entries of the database with their proofs, as a file for people outside."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gnomon.jobs.moments import milliseconds
from gnomon.records.facts import read_facts
from gnomon.records.ledger.handovers import handovers
from gnomon.records.ledger.keys import installation_keys
from gnomon.records.ledger.merkle import LedgerBroken, Tree
from gnomon.records.ledger.personal import BECAUSE, commitments, revealed
from gnomon.records.ledger.proof import PlacedEntry, export_proof, proof_bytes
from gnomon.records.ledger.seal import key_folder, stored
from gnomon.records.models.ledger import Checkpoint, Leaf, LedgerEntry

_AT_ONCE = 5_000
# Full subtrees of a growing tree never change: what one proof computed of millions of leaves serves the next. The
# signed root tells whether they are of this ledger.
_subtrees: dict[tuple[int, int], bytes] = {}


class NotSealed(Exception):
    """An entry that is to be proved waits for the next seal."""


class Sealed:
    """The ledger as one checkpoint signed it, to prove many entries from, one after another.

    The newest checkpoint, or that of `size`. NotSealed when there is none, LedgerBroken when the tree is not
    what the checkpoint signed.
    """

    def __init__(self, size: int | None = None) -> None:
        known = Checkpoint.objects.order_by("-size")
        found = (known if size is None else known.filter(size=size)).first()
        if found is None:
            raise NotSealed(_("Nothing is sealed yet, so nothing can be proved. Wait a minute, then try again."))
        self.checkpoint = found
        self.tree = Tree(_leaves, found.size, _subtrees)
        if self.tree.root() != bytes(found.root):
            _subtrees.clear()  # of another ledger, or of this one while it was broken
            if self.tree.root() != bytes(found.root):
                _subtrees.clear()
                raise LedgerBroken(_("The tree does not fit its last checkpoint. Run “gnomon ledger verify”."))
        self.keys = installation_keys(key_folder())

    def proof(self, entries: Iterable[LedgerEntry], *, at: datetime, since: Collection[int] = ()) -> dict[str, Any]:
        """The proof of these entries, with the older checkpoints of these sizes; NotSealed when one lies outside."""
        older = Checkpoint.objects.filter(size__in=since, size__lt=self.checkpoint.size) if since else ()
        return export_proof(
            list(_placed(entries, self.checkpoint.size)),
            tree=self.tree,
            checkpoints=[stored(checkpoint) for checkpoint in [*older, self.checkpoint]],
            keys=self.keys,
            at=at,
            handovers=handovers(key_folder()),
        )

    def within(self, entries: QuerySet[LedgerEntry]) -> list[LedgerEntry]:
        """Those of the entries that this checkpoint holds, in order; what was written later is left out."""
        chosen = list(entries.order_by("sequence"))
        places = _places(chosen)
        return [entry for entry in chosen if places.get(entry.sequence, self.checkpoint.size) < self.checkpoint.size]


def proof_of(entries: QuerySet[LedgerEntry], *, at: datetime, since: Collection[int] = ()) -> bytes:
    """The proof file of these entries under the newest checkpoint.

    `since` names sizes of older checkpoints that the reader knows; the file proves that they were kept.
    NotSealed when an entry still waits, LedgerBroken when the tree is not what the checkpoint signed.
    """
    return proof_bytes(Sealed().proof(entries.order_by("sequence"), at=at, since=since))


def _placed(entries: Iterable[LedgerEntry], size: int) -> Iterator[PlacedEntry]:
    chosen = list(entries)
    for start in range(0, len(chosen), _AT_ONCE):
        part = chosen[start : start + _AT_ONCE]
        places = _places(part)
        for entry in part:
            if places.get(entry.sequence, size) >= size:
                says = _("%(entry)s is not sealed yet. Wait a minute, then try again.") % {"entry": entry}
                raise NotSealed(says)
            yield _placed_entry(entry, places[entry.sequence])


def _places(entries: Sequence[LedgerEntry]) -> dict[int, int]:
    """Sequence → position in the tree, of those that are sealed."""
    places: dict[int, int] = {}
    for start in range(0, len(entries), _AT_ONCE):
        sequences = [entry.sequence for entry in entries[start : start + _AT_ONCE]]
        places |= dict(Leaf.objects.filter(sequence__in=sequences).values_list("sequence", "position"))
    return places


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
