"""Verify the whole ledger: recompute everything from content, and name what does not agree."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from django.db import connection
from django.utils.translation import gettext as _

from gnomon.records.ledger.check_records import RecordsCheck
from gnomon.records.ledger.check_tree import TreeCheck
from gnomon.records.ledger.findings import Fault, Findings, Verification
from gnomon.records.ledger.keys import Keys, installation_keys
from gnomon.records.ledger.reading import one_moment
from gnomon.records.ledger.seal import key_folder
from gnomon.records.ledger.triggers import missing_guards
from gnomon.records.ledger.witness import remembered


def verify_ledger(
    *, keys: Keys | None = None, folder: Path | None = None, progress: Callable[[int], None] | None = None
) -> Verification:
    """Whether ledger, tree, checkpoints and records agree, to the last byte.

    Reads the database as it stands at one moment and keeps nobody from writing; nothing is taken from a
    digest that can be computed from content. `progress` is told how many rows were looked at: each entry
    is looked at twice, once in the order of the ledger and once with its record.
    """
    began = perf_counter()
    folder = folder or key_folder()
    keys = keys or installation_keys(folder)
    findings, told = Findings(), progress or (lambda _count: None)
    tree, records = TreeCheck(keys, findings, told), RecordsCheck(findings, told)
    with one_moment():
        tree.walk()
        _hear_witness(folder, findings)
        findings.among_records = True
        records.walk()
        unguarded = missing_guards(connection)
    return Verification(
        entries=tree.entries,
        sealed=tree.sealed,
        unsealed=tree.unsealed,
        checkpoints=tree.checkpoints,
        records=records.records,
        faults=findings.ordered(),
        counts=dict(sorted(findings.counts.items())),
        unguarded=tuple(unguarded),
        seconds=perf_counter() - began,
        erased=dict(sorted(records.erased.items())),
    )


def _hear_witness(folder: Path, findings: Findings) -> None:
    """The last checkpoint kept outside the database must still be in it."""
    known = remembered(folder)
    if known is None:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT root FROM records_checkpoint WHERE size = %s", [known["size"]])
        row = cursor.fetchone()
    if row is None or bytes(row[0]).hex() != known["root"]:
        says = _(
            "The ledger was sealed at %(size)d entries on %(at)s, and the database has that checkpoint no more: "
            "its end was cut off, or an older backup was restored. If that was you, remove %(file)s."
        )
        says %= {"size": known["size"], "at": known.get("sealed_at"), "file": folder / "last-checkpoint.json"}
        findings.add(Fault("truncated", says))
