"""Write the sealed ledger into a lake, from where the last export ended.

In order of the sealed tree, which is fixed once an entry is in it: nothing that committed late is passed over, and
nothing is told twice. Batch by batch; what a batch wrote counts once the manifest names it.
"""

from __future__ import annotations

import fcntl
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from gnomon.evaluation.lake.facts import Sealed, facts_of
from gnomon.evaluation.lake.manifest import LOCK, NAME, TABLES, LakeBroken, Manifest, read_manifest, write_manifest
from gnomon.evaluation.lake.parquet import entries_table, facts_table, joined, write_file
from gnomon.jobs.moments import moment, written
from gnomon.records.conditions import DAY_MS
from gnomon.records.ledger.entries import sealer, true_digest
from gnomon.records.ledger.keys import Keys, installation_keys
from gnomon.records.ledger.merkle import Frontier
from gnomon.records.ledger.reading import rarely_collected, rows
from gnomon.records.ledger.seal import key_folder, stored
from gnomon.records.models import Checkpoint

BATCH, SLICE = 100_000, 20_000
Part = tuple[str, str, str]  # table, kind, month
# Only names of our own tables and columns are put into the statement; values are parameters.
_PLACED = (
    "SELECT l.position, l.sequence, l.digest, e.digest, e.seal, e.kind, e.number, e.version, e.verb, e.actor, "
    "e.recorded_at, e.happened_at, e.facts, e.because, e.personal FROM records_leaf l "
    "LEFT JOIN records_ledgerentry e ON e.sequence = l.sequence "
    "WHERE l.position >= %s AND l.position < %s ORDER BY l.position"
)


@dataclass(frozen=True, slots=True)
class Exported:
    """What one export did."""

    entries: int
    files: int
    manifest: Manifest

    def as_json(self) -> dict[str, Any]:
        return {
            "entries": self.entries, "files": self.files, "leaves": self.manifest.leaves,
            "last_sequence": self.manifest.last_sequence, "root": self.manifest.root,
            "left_out": self.manifest.left_out, "exported_at": self.manifest.exported_at,
        }  # fmt: skip


def export_ledger(
    folder: Path, *, keys: Keys | None = None, batch: int = BATCH, now: datetime | None = None,
    progress: Callable[[int], None] | None = None,
) -> Exported:  # fmt: skip
    """Add to the lake all that was sealed since the last export, up to the last checkpoint.

    Only entries whose content, digest and seal agree with the signed tree go out; others are named in the manifest.
    LakeBroken when the lake tells of another ledger, or when the tree is not the one that was signed.
    """
    keys = keys or installation_keys(key_folder())
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder), rarely_collected():
        manifest = read_manifest(folder) if (folder / NAME).exists() else Manifest()
        _sweep(folder, manifest)
        size = _signed_size(keys, manifest)
        frontier = Frontier.unpacked(manifest.leaves, bytes.fromhex(manifest.frontier))
        before, files = manifest.entries, len(manifest.files)
        while manifest.leaves < size:
            start, end = manifest.leaves, min(manifest.leaves + batch, size)
            _export(folder, manifest, frontier, keys, end)
            if end == size:
                _check_root(frontier)
            manifest.exported_at = written(now or datetime.now(UTC))
            write_manifest(folder, manifest)
            if progress is not None:
                progress(end - start)
        if not (folder / NAME).exists():
            write_manifest(folder, manifest)
        return Exported(manifest.entries - before, len(manifest.files) - files, manifest)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One export at a time; the kernel lets go when the process ends, however it does."""
    with (folder / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            says = _("Another export is writing to “%(folder)s”. Wait until it ends.") % {"folder": folder}
            raise LakeBroken(says) from None
        yield


def _sweep(folder: Path, manifest: Manifest) -> None:
    """Take away what an export left behind that died before the manifest named it: others may read by folder."""
    named = {folder / file.path for file in manifest.files}
    for table in TABLES:
        for path in (folder / table).glob("kind=*/month=*/*.parquet"):
            if path not in named:
                path.unlink()


def _signed_size(keys: Keys, manifest: Manifest) -> int:
    """How far the ledger is sealed; the part that the lake has must be the same as ever."""
    newest = Checkpoint.objects.order_by("-size").first()
    size = newest.size if newest is not None else 0
    if newest is not None and not stored(newest).is_signed(keys.public):
        raise LakeBroken(_("The last checkpoint bears no signature of this installation. Run “gnomon ledger verify”."))
    known = Checkpoint.objects.filter(size=manifest.leaves).first() if manifest.leaves else None
    if size < manifest.leaves or (known is not None and manifest.root and bytes(known.root).hex() != manifest.root):
        says = _("The lake tells of a ledger that this is not, or no longer. Export into a new folder.")
        raise LakeBroken(says)
    return size


def _check_root(frontier: Frontier) -> None:
    signed = Checkpoint.objects.get(size=frontier.size)
    if bytes(signed.root) != frontier.root():
        raise LakeBroken(_("The tree does not fit its last checkpoint. Run “gnomon ledger verify”."))


def _export(folder: Path, manifest: Manifest, frontier: Frontier, keys: Keys, end: int) -> None:
    first, tables, count, last = manifest.leaves, defaultdict[Part, list[Any]](list), 0, manifest.last_sequence
    # Columns take a tenth of the room of rows: a batch is read in slices, and only its columns are kept.
    for start in range(first, end, SLICE):
        found = rows(_PLACED, [start, min(start + SLICE, end)])
        if len(found) != min(start + SLICE, end) - start:
            raise LakeBroken(_("The tree has lost leaves. Run “gnomon ledger verify”."))
        frontier.extend(bytes(row[2]) for row in found)
        entries = _verified(found, keys, manifest)
        for part, table in _tables(entries, found, start):
            tables[part].append(table)
        count, last = count + len(entries), max(last, *(row[1] for row in found))
    manifest.files += [write_file(folder, *part, first, end - 1, joined(some)) for part, some in sorted(tables.items())]
    manifest.entries += count
    manifest.leaves, manifest.last_sequence = end, last
    manifest.root, manifest.frontier = frontier.root().hex(), frontier.packed().hex()


def _tables(entries: Sequence[Sealed], found: Sequence[Any], start: int) -> Iterator[tuple[Part, Any]]:
    """Entries and facts by the files that they belong to."""
    for (kind, month), some in _parted(entries).items():
        yield ("entries", kind, month), entries_table(some, _digests(found, some, start))
    for kind, facts in facts_of(entries).items():
        by_month: dict[str, list[Any]] = defaultdict(list)
        for fact in facts:
            by_month[_month(fact.recorded_at)].append(fact)
        for month, told in by_month.items():
            yield ("facts", kind, month), facts_table(told)


def _verified(found: Sequence[Any], keys: Keys, manifest: Manifest) -> list[Sealed]:
    seal, entries = sealer(keys.sealing), []
    for position, sequence, leaf, digest, sealed, *content in found:
        true = true_digest(tuple(content)) if digest is not None else None
        if true is not None and true == bytes(digest) == bytes(leaf) and seal(true) == bytes(sealed):
            entries.append(Sealed(position, sequence, tuple(content)))
        else:
            what = "altered" if digest is not None else "missing"
            manifest.left_out.append({"position": position, "sequence": sequence, "what": what})
    return entries


def _digests(found: Sequence[Any], entries: Sequence[Sealed], first: int) -> list[bytes]:
    return [bytes(found[entry.position - first][2]) for entry in entries]


def _parted(entries: Sequence[Sealed]) -> dict[tuple[str, str], list[Sealed]]:
    parts: dict[tuple[str, str], list[Sealed]] = defaultdict(list)
    for entry in entries:
        parts[entry.kind, _month(entry.recorded_at)].append(entry)
    return parts


def _month(at: int) -> str:
    return _month_of_day(at // DAY_MS)


@cache
def _month_of_day(day: int) -> str:
    return f"{moment(day * DAY_MS):%Y-%m}"
