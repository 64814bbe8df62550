"""Verify the whole ledger: recompute everything from content, and name what does not agree."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

from django.db import connection
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gnomon.records.ledger.alongside import Alongside, derives_it, is_ours
from gnomon.records.ledger.check_derived import check_derived, to_derive
from gnomon.records.ledger.check_files import check_files
from gnomon.records.ledger.check_loose import check_loose
from gnomon.records.ledger.check_records import RecordsCheck
from gnomon.records.ledger.check_storage import check_storage
from gnomon.records.ledger.check_tree import TreeCheck
from gnomon.records.ledger.findings import Fault, Findings, Verification
from gnomon.records.ledger.further import check_further
from gnomon.records.ledger.handovers import LOST, handovers
from gnomon.records.ledger.keys import Keys, installation_keys
from gnomon.records.ledger.reading import one_moment, rarely_collected
from gnomon.records.ledger.seal import key_folder
from gnomon.records.ledger.share import Share
from gnomon.records.ledger.triggers import missing_guards
from gnomon.records.ledger.witness import NAME, is_signed, remembered
from gnomon.records.models import LedgerEntry

WORTH_TWO = 100_000  # entries from which a second process pays for its start


def verify_ledger(
    *,
    keys: Keys | None = None,
    folder: Path | None = None,
    progress: Callable[[int], None] | None = None,
    files: Share = "all",
    processes: int = 1,
) -> Verification:
    """Whether ledger, tree, checkpoints, records, what follows from them, files and what apps seal agree, to the last byte.

    `files` says of how many files and records what is dear to look at is: bytes, and clocks derived anew.

    Reads the database as it stands at one moment (with two processes: each at one of its own) and keeps nobody
    from writing; nothing is taken from a digest that can be computed from content. `progress` is told how many
    rows were looked at: each entry is looked at twice, once in the order of the ledger and once with its record; and
    records, when what follows from them is derived anew.
    """
    began = perf_counter()
    folder = folder or key_folder()
    keys = keys or installation_keys(folder)
    findings, told = Findings(), progress or (lambda _count: None)
    other = Alongside(folder, get_language() or "en", files, told) if processes > 1 and _worth_two() else None
    records = RecordsCheck(findings, told, is_ours) if other else RecordsCheck(findings, told)
    with rarely_collected(), one_moment():
        counted = {} if other else _walk_tree(keys, findings, told, folder)
        _hear_witness(folder, keys, findings)
        _tell_lost(folder, findings)
        findings.among_records = True
        records.walk()
        check_storage(findings)
        check_loose(findings)
        read = check_files(findings, files)
        derived = check_derived(findings, files, told, lambda block: not (other and derives_it(block)))
        further = check_further(findings)
        unguarded = missing_guards(connection)
    if other:
        counted = other.join(findings, records)
        derived += counted.pop("derived")
    findings.settle()
    return Verification(
        **counted,
        records=records.records,
        faults=findings.ordered(),
        counts=dict(sorted(findings.counts.items())),
        unguarded=tuple(unguarded),
        seconds=perf_counter() - began,
        erased=dict(sorted(records.erased.items())),
        files=read,
        derived=derived,
        further=further,
        notes=tuple(findings.notes),
    )


def steps(files: Share = "all") -> int:
    """About how many rows a verification will look at, for a progress bar."""
    return 2 * _newest() + to_derive(files)


def _newest() -> int:
    return LedgerEntry.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0


def _worth_two() -> bool:
    if connection.vendor == "sqlite" and "mode=memory" in str(connection.settings_dict["NAME"]):
        return False
    return not connection.in_atomic_block and _newest() >= WORTH_TWO


def _walk_tree(keys: Keys, findings: Findings, told: Callable[[int], None], folder: Path) -> dict[str, Any]:
    tree = TreeCheck(keys, findings, told, folder=folder)
    tree.walk()
    return tree.counted()


def _hear_witness(folder: Path, keys: Keys, findings: Findings) -> None:
    """The last checkpoint kept outside the database must still be in it."""
    if not (folder / NAME).exists():
        return
    known = remembered(folder)
    if known is None:
        says = _("%(file)s cannot be read: it remembers how far the ledger was sealed. Restore it from a backup.")
        findings.add(Fault("truncated", says % {"file": folder / NAME}))
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT root FROM records_checkpoint WHERE size = %s", [known["size"]])
        row = cursor.fetchone()
    if row is None or bytes(row[0]).hex() != known["root"]:
        says = _(
            "The ledger was sealed at %(size)d entries on %(at)s, and the database has that checkpoint no more: "
            "its end was cut off, or an older backup was restored. If that was you, remove %(file)s."
        )
        says %= {"size": known["size"], "at": known.get("sealed_at"), "file": folder / NAME}
        findings.add(Fault("truncated", says))
    elif not is_signed(known, keys.public):
        says = _("%(file)s is not as it was written: its checkpoint bears no signature of this installation.")
        findings.add(Fault("unsigned", says % {"file": folder / NAME}))


def _tell_lost(folder: Path, findings: Findings) -> None:
    """A key that followed a lost one was vouched for by nobody, and that is said for ever."""
    for one in handovers(folder):
        if one.signature == LOST:
            says = _("The key %(old)s was lost; that %(new)s follows it since %(at)s, no key has signed.")
            findings.notes.append(says % {"old": one.old, "new": one.new, "at": one.at})
