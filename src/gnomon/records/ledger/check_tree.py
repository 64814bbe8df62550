"""Entries against their leaves, leaves against the signed roots, checkpoints against each other."""

# Only names of our own tables and columns are put into statements; values are parameters.
from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from gnomon.jobs.moments import milliseconds, moment, written
from gnomon.records.ledger.checkpoints import SignedCheckpoint
from gnomon.records.ledger.entries import EntryColumns, entry_digests, sealer, true_digest
from gnomon.records.ledger.findings import Fault, Findings
from gnomon.records.ledger.handovers import Successions, handovers
from gnomon.records.ledger.keys import Keys
from gnomon.records.ledger.merkle import Frontier
from gnomon.records.ledger.reading import pages, rows

_COLUMNS = (
    "e.kind, e.number, e.version, e.verb, e.actor, e.recorded_at, e.happened_at, e.facts, e.because, e.personal, "
    "e.digest, e.seal"
)
_PLACED = (
    f"SELECT l.position, l.sequence, l.digest, e.sequence, {_COLUMNS} FROM records_leaf l "
    "LEFT JOIN records_ledgerentry e ON e.sequence = l.sequence WHERE l.position > %s ORDER BY l.position LIMIT %s"
)
_WAITING = (
    f"SELECT e.sequence, {_COLUMNS} FROM records_ledgerentry e WHERE e.sequence > %s AND NOT EXISTS "
    "(SELECT 1 FROM records_leaf l WHERE l.sequence = e.sequence) ORDER BY e.sequence LIMIT %s"
)
_SIGNED = (
    "SELECT size, root, previous, sealed_at, key_id, signature, frontier FROM records_checkpoint "
    "WHERE size > %s ORDER BY size LIMIT %s"
)
_SEARCHES = 50  # looks through the whole tree for where a displaced entry belongs
DAY = 24 * 3600 * 1000


class _Row(NamedTuple):
    """A leaf and, if it is there, its entry."""

    position: int
    sequence: int
    leaf: bytes
    found: bool
    content: EntryColumns
    digest: bytes
    seal: bytes


class TreeCheck:
    """One walk along the leaves; what it sees goes to `findings`."""

    def __init__(
        self, keys: Keys, findings: Findings, progress: Callable[[int], None], *, folder: Path | None = None
    ) -> None:
        self.keys, self.findings, self.progress = keys, findings, progress
        self.successions = Successions(handovers(folder) if folder else (), keys.public)
        self.seal = sealer(keys.sealing)
        self.frontier = Frontier()
        self.entries = self.sealed = self.unsealed = self.checkpoints = 0
        self._settled: int | None = None
        self.unplaced: set[int] = set()  # sequences named as missing from the tree already
        self._ahead = self._signed()
        self._next = next(self._ahead, None)
        self._previous: SignedCheckpoint | None = None
        self._run_from = 0  # position where the present checkpoint's own leaves begin
        self._run_faults = 0
        self._doubtful: list[_Row] = []  # right in all but the seal: the root will tell
        self._roots_hold = True
        self._last_sequence = 0
        self._ascending_from = 0
        self._highest = 0
        self._searches = _SEARCHES

    def walk(self) -> None:
        for page in pages(_PLACED, start=[-1], key=slice(0, 1)):
            for values, true in zip(page, _digests(page), strict=True):
                self._take(values, true)
            self.progress(len(page))
        while self._next is not None:
            self._check_root()
        self._beyond_last_checkpoint()
        self._next_to_sign()
        for page in pages(_WAITING, start=[-(2**63)], key=slice(0, 1)):
            for waiting in page:
                self._unplaced(waiting[0], waiting[1:11], _octets(waiting[11]), _octets(waiting[12]))
            self.progress(len(page))

    def counted(self) -> dict[str, int]:
        """What was seen, for `Verification`."""
        return {
            "entries": self.entries, "sealed": self.sealed, "unsealed": self.unsealed, "checkpoints": self.checkpoints,
        }  # fmt: skip

    # --- one leaf -----------------------------------------------------------------------------

    def _advance(self, believed: bytes) -> None:
        self.frontier.append(believed)
        while self._next is not None and self.frontier.size >= self._next[0].size:
            self._check_root()

    def _take(self, values: tuple[Any, ...], true: bytes | None) -> None:
        position, sequence = values[:2]
        if (
            position == self.frontier.size
            and true is not None
            and true == values[2] == values[14]
            and self.seal(true) == values[15]
            and type(sequence) is int
            and sequence > self._ascending_from
        ):
            self.entries += 1
            self.sealed += 1
            believed = true
        else:
            row = _row(values)
            if position != self.frontier.size:
                self._fill(row)
            self.entries += row.found
            self.sealed += row.found
            believed = self._explain(row, true)
            sequence = row.sequence
        self._last_sequence = self._ascending_from = sequence
        self._highest = max(self._highest, sequence)
        self._advance(believed)

    def _explain(self, row: _Row, true: bytes | None) -> bytes:
        """Name what is wrong with a leaf and its entry; answers the digest that was sealed, as far as one can tell."""
        if not row.found:
            return self._without_entry(row)
        ours = true is not None and true == row.digest and self.seal(true) == row.seal
        if true == row.leaf:
            if true != row.digest:
                self._fault("altered", row, _("its digest was altered"), field="digest")
            elif not ours:
                self._doubtful.append(row)
            elif row.sequence <= self._ascending_from:
                self._fault("reordered", row, _("it stands in the tree out of order"))
            return row.leaf
        home = self._home(true) if true is not None else None
        if home is not None:
            self._fault("reordered", row, _("it was sealed at position %(position)d") % {"position": home})
            return row.leaf
        if ours and true is not None:
            self._fault("altered", row, _("its leaf in the tree was altered"), field="leaf")
            return true
        self._fault("altered", row, _("it was altered after it was sealed"))
        return row.leaf

    def _without_entry(self, row: _Row) -> bytes:
        sequence = self._owner(row.leaf)
        if sequence is not None:
            says = _("The leaf at position %(position)d was turned from entry %(true)d to %(sequence)d.")
            says %= {"position": row.position, "true": sequence, "sequence": row.sequence}
            self.findings.add(Fault("reordered", says, sequence=sequence))
            self.unplaced.add(sequence)
        else:
            says = _("Entry %(sequence)d is missing; it was sealed at position %(position)d.")
            says %= {"position": row.position, "sequence": row.sequence}
            self.findings.add(Fault("missing", says, sequence=row.sequence))
        self._run_faults += 1
        return row.leaf

    def _fill(self, row: _Row) -> None:
        """Leaves are missing before this one; the entries that they belonged to may still be there."""
        gap = row.position - self.frontier.size
        orphans = rows(
            f"SELECT e.sequence, {_COLUMNS} FROM records_ledgerentry e WHERE e.sequence > %s AND e.sequence < %s AND "
            "NOT EXISTS (SELECT 1 FROM records_leaf l WHERE l.sequence = e.sequence) ORDER BY e.sequence LIMIT %s",
            [self._last_sequence, row.sequence, gap + 1],
        )
        known = len(orphans) == gap
        for step in range(gap if known else 1):
            place = {"position": self.frontier.size + step}
            if known:
                sequence, content = orphans[step][0], orphans[step][1:11]
                self.unplaced.add(sequence)
                says = _("Entry %(entry)s has lost its leaf at position %(position)d of the tree.")
                says %= {**place, "entry": _name(sequence, content)}
                self.findings.add(_fault("missing", says, sequence, content, field="leaf"))
            else:
                says = _("The tree has no leaf at position %(position)d.") % place
                self.findings.add(Fault("missing", says, field="leaf"), at=self._last_sequence + 0.5)
        self._run_faults += 1
        if known:
            for orphan in orphans:
                self._advance(true_digest(orphan[1:11]) or b"")
        else:
            self.frontier = Frontier(row.position, [b""] * row.position.bit_count())
            self._roots_hold = False

    # --- one checkpoint -----------------------------------------------------------------------

    def _signed(self) -> Iterator[tuple[SignedCheckpoint, bytes]]:
        for page in pages(_SIGNED, start=[-(2**63)], key=slice(0, 1)):
            for size, root, previous, sealed_at, key, signature, frontier in page:
                at = written(moment(sealed_at)) if type(sealed_at) is int else str(sealed_at)
                signed = SignedCheckpoint(
                    size, _octets(root), _octets(previous), at, _shown(key), _octets(signature)
                )  # fmt: skip
                yield signed, _octets(frontier)

    def _check_root(self) -> None:
        """The tree has reached the size of the next checkpoint, or ends before it."""
        assert self._next is not None
        checkpoint, frontier = self._next
        self._next = next(self._ahead, None)
        self.checkpoints += 1
        place = self._last_sequence + 0.25
        before = self._previous.digest if self._previous else b""
        named = {"size": checkpoint.size, "at": checkpoint.sealed_at}
        self._previous = checkpoint
        if not checkpoint.is_signed(self.keys.public):
            says = _("The checkpoint of %(size)d entries at %(at)s bears no signature of this installation.") % named
            if checkpoint.key not in self.keys.public:
                says = _(
                    "The checkpoint of %(size)d entries at %(at)s bears no signature of this installation: it names the "
                    "key %(key)s, whose public half is not in keys/public. Restore it from a backup."
                ) % {**named, "key": checkpoint.key}
            self.findings.add(Fault("unsigned", says), at=place)
            return
        if says := self.successions.objection(checkpoint.key):
            self.findings.add(Fault("unsigned", says % named, field="key"), at=place)
        if checkpoint.previous != before:
            says = _("The checkpoint before that of %(size)d entries at %(at)s was removed or altered.") % named
            self.findings.add(Fault("missing", says, field="checkpoint"), at=place)
        self._compare_root(checkpoint, frontier, place, named)
        self._run_from, self._run_faults, self._doubtful = self.frontier.size, 0, []
        if connection.vendor == "postgresql":
            self._ascending_from = 0  # a transaction that took its number early may have committed late

    def _compare_root(self, checkpoint: SignedCheckpoint, frontier: bytes, place: float, named: dict[str, Any]) -> None:
        short = self.frontier.size < checkpoint.size
        if self._roots_hold and not short and self.frontier.root() == checkpoint.root:
            for row in self._doubtful:
                self._fault("altered", row, _("its seal was altered"), field="seal")
            if frontier != self.frontier.packed():
                says = _("The frontier of the checkpoint of %(size)d entries at %(at)s was altered.") % named
                self.findings.add(Fault("altered", says, field="frontier"), at=place)
            return
        for row in self._doubtful:
            self._fault("added", row, _("this installation did not write it"))
        if short:
            says = _("The tree ends at %(there)d leaves, before its checkpoint of %(size)d entries at %(at)s.")
            self.findings.add(Fault("missing", says % {**named, "there": self.frontier.size}, field="leaf"), at=place)
        elif self._roots_hold:
            self._fault_of_root(place, named)
        self._roots_hold = False

    def _fault_of_root(self, place: float, named: dict[str, Any]) -> None:
        turned = self._turned() if not self._run_faults else None
        if turned is not None:
            sequence, content = turned
            says = _("Entry %(entry)s changed places with another: time runs backwards before it.")
            says %= {"entry": _name(sequence, content)}
            self.findings.add(_fault("reordered", says, sequence, content))
            return
        says = _(
            "The entries at positions %(from)d to %(to)d are not those of the checkpoint of %(size)d entries at %(at)s."
        )
        says %= {**named, "from": self._run_from, "to": self.frontier.size - 1}
        self.findings.add(Fault("root_differs", says, field="root"), at=place)

    def _turned(self) -> tuple[int, EntryColumns] | None:
        """The first entry under this checkpoint that was recorded before the one it follows."""
        latest = None
        query = _PLACED.replace("l.position > %s", "l.position > %s AND l.position < %s")
        for row in rows(query, [self._run_from - 1, self.frontier.size, self.frontier.size]):
            recorded = row[9]
            if latest is not None and isinstance(recorded, int) and recorded < latest:
                return row[3], row[4:14]
            latest = recorded if isinstance(recorded, int) else latest
        return None

    def _beyond_last_checkpoint(self) -> None:
        signed = self._previous.size if self._previous else 0
        for row in self._doubtful:
            self._fault("added", row, _("this installation did not write it"))
        if self.frontier.size > signed:
            says = _("The leaves from position %(position)d on stand under no checkpoint.") % {"position": signed}
            self.findings.add(Fault("added", says, field="leaf"), at=self._last_sequence + 0.25)

    def _next_to_sign(self) -> None:
        """The key in use is that of the last checkpoint, or follows it: whoever puts another there is seen at once."""
        if self.successions.objection(self.keys.id):
            says = _(
                "The key %(key)s in keys/signing.pem is not the one that signed last, and none handed over to it. "
                "Restore keys/signing.pem from a backup."
            )
            self.findings.add(Fault("unsigned", says % {"key": self.keys.id}, field="key"))

    # --- entries without a leaf ---------------------------------------------------------------

    def _unplaced(self, sequence: int, content: EntryColumns, digest: bytes, seal: bytes) -> None:
        self.entries += 1
        self.unsealed += 1
        true = true_digest(content)
        name = {"entry": _name(sequence, content)}
        if true is not None and true == digest and self.seal(digest) == seal:
            if sequence not in self.unplaced and self._is_late(sequence):
                says = _("Entry %(entry)s was never sealed, though later ones were.") % name
                self.findings.add(_fault("unsealed", says, sequence, content))
        elif self.seal(digest) == seal:
            says = _("Entry %(entry)s was altered before it was sealed.") % name
            self.findings.add(_fault("altered", says, sequence, content))
        elif true is not None and self.seal(true) == seal:
            says = _("Entry %(entry)s: its digest was altered.") % name
            self.findings.add(_fault("altered", says, sequence, content, field="digest"))
        else:
            says = _("Entry %(entry)s was not written by this installation: it was added or rewritten.") % name
            self.findings.add(_fault("added", says, sequence, content))

    def _is_late(self, sequence: int) -> bool:
        """Whether the sealer passed by this entry long ago, and will not come again."""
        if connection.vendor != "postgresql":
            return sequence < self._highest
        if self._settled is None:
            # The daily sweep takes in what committed late, so what it left behind for two days is suspect.
            found = rows(
                "SELECT l.sequence FROM records_leaf l JOIN records_checkpoint c ON l.position = c.size - 1 "
                "WHERE c.sealed_at < %s ORDER BY c.size DESC LIMIT 1",
                [milliseconds(datetime.now(UTC)) - 2 * DAY],
            )
            self._settled = int(found[0][0]) if found else 0
        return sequence < self._settled

    # --- looking around -----------------------------------------------------------------------

    def _home(self, digest: bytes) -> int | None:
        """The position at which this content was sealed."""
        return self._search("SELECT position FROM records_leaf WHERE digest = %s LIMIT 1", digest)

    def _owner(self, digest: bytes) -> int | None:
        """The sequence of the entry that says it has this digest."""
        return self._search("SELECT sequence FROM records_ledgerentry WHERE digest = %s LIMIT 1", digest)

    def _search(self, query: str, digest: bytes) -> int | None:
        if self._searches <= 0:
            return None
        self._searches -= 1
        found = rows(query, [digest])
        return int(found[0][0]) if found else None

    def _fault(self, what: str, row: _Row, why: str, *, field: str | None = None) -> None:
        says = _("Entry %(entry)s: %(why)s.") % {"entry": _name(row.sequence, row.content), "why": why}
        self.findings.add(_fault(what, says, row.sequence, row.content, field=field))
        self._run_faults += 1


def _digests(page: list[tuple[Any, ...]]) -> list[bytes | None]:
    try:
        return list(entry_digests([values[4:14] for values in page]))
    except (AttributeError, TypeError, ValueError, OverflowError):
        # Some row holds what no entry can hold, or there is no entry to the leaf.
        return [true_digest(values[4:14]) for values in page]


def _row(values: tuple[Any, ...]) -> _Row:
    sequence = values[1] if type(values[1]) is int else -1
    found = values[3] is not None
    return _Row(values[0], sequence, _octets(values[2]), found, values[4:14], _octets(values[14]), _octets(values[15]))


def _octets(value: Any) -> bytes:
    return bytes(value) if isinstance(value, (bytes, memoryview)) else b""


def _shown(value: Any) -> str:
    """Whatever stands in a column, so that it can be printed."""
    return str(value).encode("utf-8", "replace").decode()


def _name(sequence: int, content: EntryColumns) -> str:
    """`17 (INC-000042 #3)`."""
    return f"{sequence} ({_shown(content[1])} #{_shown(content[2])})"


def _fault(what: str, says: str, sequence: int, content: EntryColumns, *, field: str | None = None) -> Fault:
    kind, number, version = content[:3]
    counted = version if type(version) is int else None
    return Fault(
        what, says, sequence=sequence, kind=_shown(kind), number=_shown(number), version=counted, field=field
    )  # fmt: skip
