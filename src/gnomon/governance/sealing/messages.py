"""Seal what people were told and when they read it: telling leaves no entries, so a record keeps its digest (7.4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import TextField
from django.db.models.functions import Cast

from gnomon.governance.models import MessageSeal, Receipt
from gnomon.governance.sealing.kinds import dated, message_seal
from gnomon.jobs.moments import milliseconds
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.ledger.check_attached import FLAGS
from gnomon.records.ledger.row_digests import Digest, altered, digest_of

LAG = timedelta(minutes=15)  # longer than any transaction: what is older is there for everybody to see
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
PAGE = 5_000
# All of a message but its words, which an erasure may blank: these are committed to (`sealing.words`).
SEALED = ("pk", "cause", "what", "kind", "number", "url", "links", "internal", "urgent", "actor")

YES_OR_NO = frozenset({"suppressed", "internal", "urgent"})


@transaction.atomic
def seal_messages(*, until: datetime | None = None) -> MessageSeal | None:
    """Seal what was told and read since the last seal; None when that is nothing."""
    until = until or datetime.now(UTC) - LAG
    before = MessageSeal.objects.order_by("-id").first()
    after, read_after = (before.receipts_to, before.sealed_until) if before else (0, BEGINNING)
    if until <= read_after:
        return None
    told = told_after(after, until=until)
    read = read_between(read_after, until)
    if not told.count and not read.count:
        return None
    return actions.record(  # type: ignore[return-value]
        message_seal, by=SYSTEM, title=dated(until), receipts_after=after,
        receipts_to=told.last, told=told.count, told_digest=told.digest, read_after=read_after, sealed_until=until,
        read=read.count, read_digest=read.digest,
    )  # fmt: skip


def altered_seals() -> Iterator[MessageSeal]:
    """The seals whose messages or readings are not what they were."""
    return altered(MessageSeal.objects, _holds)


def _holds(seal: MessageSeal) -> bool:
    told = told_after(seal.receipts_after, last=seal.receipts_to)
    read = read_between(seal.read_after, seal.sealed_until)
    as_sealed = (seal.told, seal.told_digest, seal.read, seal.read_digest)
    return (told.count, told.digest, read.count, read.digest) == as_sealed


def told_after(after: int, *, last: int | None = None, until: datetime | None = None) -> Digest:
    """What was told by receipts after this one, up to the receipt `last`, or to the first of a message after `until`."""
    rows = Receipt.objects.filter(pk__gt=after, **({} if last is None else {"pk__lte": last})).order_by("pk")
    of_message = (_as_it_is(f"message__{each}", each) for each in ("told_at", "commitment", *SEALED))
    told = rows.values_list("pk", "person", _as_it_is("suppressed", "suppressed"), *of_message)

    def sealed() -> Iterator[Sequence[Any]]:
        for pk, person, suppressed, told_at, words, *facts in told.iterator(PAGE):
            if until is not None and told_at > until:
                return
            # What was told before words were committed to has the row that it was sealed with.
            told_of = [
                FLAGS.get(fact, fact) if name in YES_OR_NO else fact for name, fact in zip(SEALED, facts, strict=True)
            ]
            hidden = FLAGS.get(suppressed, suppressed)
            yield pk, person, hidden, milliseconds(told_at), *told_of, *([words] if words else ())

    return digest_of(sealed(), after)


def _as_it_is(path: str, name: str) -> Any:
    """A column as it stands: SQLite hands out as no whatever else than 1 stands in one of yes and no."""
    return Cast(path, TextField()) if name in YES_OR_NO else path


def read_between(after: datetime, until: datetime) -> Digest:
    """Who read which receipt within a time, by the order of reading."""
    rows = Receipt.objects.filter(read_at__gt=after, read_at__lte=until).order_by("read_at", "pk")
    read = rows.values_list("pk", "person", "read_at").iterator(PAGE)
    return digest_of(((pk, person, milliseconds(at)) for pk, person, at in read if at is not None), 0)
