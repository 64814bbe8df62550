"""What authorities outside said of the checkpoints that a pack rests on (RFC 3161), as the ledger keeps it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from gnomon.records.ledger.canonical import canonical
from gnomon.records.ledger.export import Sealed
from gnomon.records.ledger.seal import stored
from gnomon.records.models import Checkpoint, LedgerEntry

KIND, KEPT = "time_stamp", "time_stamp:keep"
PLACE = "ledger/stamps"


@dataclass(frozen=True, slots=True)
class Stamp:
    """The answer of an authority, and the bytes of the checkpoint that it speaks of."""

    number: str
    size: int
    stamped_at: str
    authority: str
    token: bytes
    content: bytes

    @property
    def files(self) -> tuple[tuple[str, bytes], ...]:
        """What lies in the pack, as “openssl ts -verify” wants it."""
        return (f"{PLACE}/{self.number}.tsr", self.token), (f"{PLACE}/{self.number}.json", self.content)

    def as_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "size": self.size,
            "stamped_at": self.stamped_at,
            "authority": self.authority,
            "token": f"{PLACE}/{self.number}.tsr",
            "checkpoint": f"{PLACE}/{self.number}.json",
        }


def stamps_under(sealed: Sealed, known: Collection[int]) -> list[Stamp]:
    """The stamp nearest to the pack's checkpoint, and those of checkpoints that the auditor knows.

    A stamp is told of in the ledger after the checkpoint that it stamps, so each speaks of an earlier one; that the
    pack's own begins with it, unchanged, is proved beside.
    """
    kept = sealed.within(LedgerEntry.objects.filter(kind=KIND, verb=KEPT))
    found = sorted((stamp for entry in kept for stamp in _stamp(entry)), key=lambda one: (one.size, one.number))
    return [stamp for stamp in found if stamp is found[-1] or stamp.size in known]


def _stamp(entry: LedgerEntry) -> Iterator[Stamp]:
    """The stamp of an entry; none when its answer was erased or its checkpoint is gone."""
    facts = {name: pair[1] for name, pair in entry.changes.items()}
    checkpoint = Checkpoint.objects.filter(size=facts.get("size") or 0).first()
    try:
        token = base64.b64decode(str(facts.get("token")), validate=True)
    except (binascii.Error, ValueError):
        return
    if checkpoint is not None:
        content = canonical(stored(checkpoint).as_json())
        yield Stamp(
            entry.number, checkpoint.size, str(facts["stamped_at"]), str(facts["authority"]), token, content
        )  # fmt: skip
