"""Seal what measures said of each day (9.1): checks rest on it, and snapshots leave no entries of their own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from gnomon.evaluation.kinds import snapshot_seal
from gnomon.evaluation.models import MeasureSnapshot, SnapshotSeal
from gnomon.governance.sealing.kinds import dated
from gnomon.jobs.moments import milliseconds
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.ledger.row_digests import Digest, altered, digest_of

LAG = timedelta(minutes=15)  # longer than a measure takes for a day: what is older is there for everybody to see
PAGE = 5_000


@transaction.atomic
def seal_snapshots(*, until: datetime | None = None) -> SnapshotSeal | None:
    """Seal the snapshots that were taken since the last seal; None when there are none."""
    until = until or datetime.now(UTC) - LAG
    before = SnapshotSeal.objects.order_by("-id").first()
    after = before.snapshots_to if before else 0
    taken = _taken_after(after, until=until)
    if not taken.count:
        return None
    return actions.record(  # type: ignore[return-value]
        snapshot_seal, by=SYSTEM, title=dated(until), sealed_until=until,
        snapshots_after=after, snapshots_to=taken.last, taken=taken.count, taken_digest=taken.digest,
    )  # fmt: skip


def altered_seals() -> Iterator[SnapshotSeal]:
    """The seals whose snapshots are not what they were."""
    return altered(SnapshotSeal.objects, _holds)


def _holds(seal: SnapshotSeal) -> bool:
    taken = _taken_after(seal.snapshots_after, last=seal.snapshots_to)
    return (taken.count, taken.digest) == (seal.taken, seal.taken_digest)


def _taken_after(after: int, *, last: int | None = None, until: datetime | None = None) -> Digest:
    """Snapshots after this one, up to `last`, or to the first that was taken after `until`."""
    kept = MeasureSnapshot.objects.filter(pk__gt=after, **({} if last is None else {"pk__lte": last}))
    columns = ("pk", "measure", "by", "key", "definition", "version", "count", "part", "value", "median", "p90")
    rows = kept.order_by("pk").values_list("taken_at", "day", *columns)

    def sealed() -> Iterator[list[Any]]:
        for taken_at, day, *facts, value, median, p90 in rows.iterator(PAGE):
            if until is not None and taken_at > until:
                return
            # As the shortest text that gives the same number back: both databases keep these as doubles.
            yield [*facts, *map(repr, (value, median, p90)), day.isoformat(), milliseconds(taken_at)]

    return digest_of(sealed(), after)
