"""Order an audit pack, have it made, hand it out, take it back."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from gnomon.certification.actions.run import run_checks
from gnomon.certification.kinds import AUDIT_PACK
from gnomon.certification.models import AuditPack, PackProgress
from gnomon.certification.pack.make import Progress, make
from gnomon.certification.pack.order import Basis, Made, Order
from gnomon.certification.pack.refusals import PackRefused
from gnomon.certification.packing import folder, order_of, path_of
from gnomon.certification.queries.conformity import SPEAKS_FOR
from gnomon.certification.queries.stored import newest_run
from gnomon.records import permissions
from gnomon.records.actions import move, note, record
from gnomon.records.actors import SYSTEM
from gnomon.records.ledger.export import NotSealed
from gnomon.records.ledger.merkle import LedgerBroken
from gnomon.records.ledger.seal import seal_ledger
from gnomon.records.models import Checkpoint
from gnomon.records.refusals import MoveRefused, StaleRecord
from gnomon.standard.durable import keep_bytes, keep_names, make_folder
from gnomon.standard.plugs import Actor

TOLD_EVERY = 0.5  # seconds between two words about how far the making is


def order_pack(*, by: Actor, **facts: Any) -> AuditPack:
    """Order a pack; the worker makes it (9.2.2)."""
    ordered = record(AUDIT_PACK, by=by, **facts)
    assert isinstance(ordered, AuditPack)
    return ordered


def make_pack(pack: AuditPack, progress: Progress | None = None) -> AuditPack:
    """Make what was ordered, or say on the record why it cannot be; a pack that is not ordered any more is left alone.

    May be killed at any moment and begun again: the file gets its name only when it is whole.
    """
    if pack.status != "ordered":
        return pack
    try:
        _told(pack, "sealing", 0, 1)
        basis = basis_for(order_of(pack))
        with _draft() as (file, keep):
            made = make(order_of(pack), basis, file, _teller(pack, progress))
            return _ended(pack, "make", lambda: keep(made.digest), **_facts(basis, made))
    except (PackRefused, NotSealed, LedgerBroken) as refused:
        return _ended(pack, "refuse", because=str(refused))


def basis_for(order: Order) -> Basis:
    """Seal what waits, and take the run that speaks for the end of the period; one is made where there is none."""
    as_of = min(order.period.end, datetime.now(UTC))
    clause = order.clauses[0] if len(order.clauses) == 1 else ""
    run = newest_run(as_of, clause, within=SPEAKS_FOR) or run_checks(as_of, clause, by=SYSTEM)
    seal_ledger()
    newest = Checkpoint.objects.order_by("-size").first()
    if newest is None:
        raise NotSealed(_("Nothing is sealed yet, so nothing can be proved. Wait a minute, then try again."))
    return Basis(run.number, newest.size, max(newest.sealed_at, run.finished_at))


def hand_out(pack: AuditPack, *, by: Actor) -> Path:
    """The file of a pack for somebody who may have it, and a trace of who took it; FileNotFoundError when it is gone."""
    permissions.require(by, "downloaded", AUDIT_PACK)
    place = path_of(pack.digest)
    if pack.status != "made" or not place.is_file():
        raise FileNotFoundError(pack.number)
    note(pack, "downloaded", by=by)
    return place


def _facts(basis: Basis, made: Made) -> dict[str, Any]:
    return {
        "run": basis.run,
        "checkpoint": basis.checkpoint,
        "root": made.root,
        "made_at": basis.made_at,
        "digest": made.digest,
        "size": made.size,
        "file_name": f"{made.name}.zip",
    }


def _ended(pack: AuditPack, step: str, then: Callable[[], None] = lambda: None, **facts: Any) -> AuditPack:
    """Say on the record how it ended, and `then` keep what was made, unless another worker was quicker."""
    pack.refresh_from_db()
    try:
        with transaction.atomic():
            move(pack, step, by=SYSTEM, **facts)
            then()
    except (MoveRefused, StaleRecord):
        pack.refresh_from_db()
    PackProgress.objects.filter(pack=pack).delete()
    return pack


@contextmanager
def _draft() -> Iterator[tuple[BinaryIO, Callable[[str], None]]]:
    """A file without a name, which `keep(digest)` gives it once everything is on disk."""
    place = folder()
    make_folder(place)
    draft = place / f".{os.getpid()}-{secrets.token_hex(4)}"
    try:
        with draft.open("w+b") as file:

            def keep(digest: str) -> None:
                keep_bytes(file)
                draft.replace(path_of(digest))
                keep_names(place)

            yield file, keep
    finally:
        draft.unlink(missing_ok=True)


def _teller(pack: AuditPack, further: Progress | None) -> Progress:
    """Tell the record, and whoever else listens, how far the making is; not more often than people look."""
    last = [monotonic()]

    def tell(stage: str, done: int, total: int) -> None:
        if further is not None:
            further(stage, done, total)
        if monotonic() - last[0] >= TOLD_EVERY:
            last[0] = monotonic()
            _told(pack, stage, done, total)

    return tell


def _told(pack: AuditPack, stage: str, done: int, total: int) -> None:
    told = {"stage": stage, "done": done, "total": total}
    PackProgress.objects.update_or_create(pack=pack, defaults=told)
