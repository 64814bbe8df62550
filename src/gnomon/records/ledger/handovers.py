"""From one signing key to the next: each key says, under its own signature, which one follows it.

keys/public/ID.handover    beside the public half of the new key; made when it was put in use
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from gnomon.records.ledger.canonical import canonical
from gnomon.records.ledger.keys import signed_by

FORMAT = "gnomon-handover/1"
LOST = ""  # in place of the signature, when the old key was lost and could sign nothing any more


@dataclass(frozen=True, slots=True)
class Handover:
    """`old` hands over to `new` at a moment; `signature` is by the old key, empty when that was lost."""

    old: str
    new: str
    public: str
    at: str
    signature: str = LOST

    @property
    def content(self) -> bytes:
        """The bytes that the old key signs."""
        return canonical({"at": self.at, "format": FORMAT, "from": self.old, "public": self.public, "to": self.new})

    def is_signed(self, public: Mapping[str, bytes]) -> bool:
        return (
            self.old in public
            and bool(self.signature)
            and signed_by(public[self.old], self.content, bytes.fromhex(self.signature))
        )

    def as_json(self) -> dict[str, str]:
        """The form in which it is kept and leaves the house."""
        return {
            "at": self.at, "format": FORMAT, "from": self.old, "public": self.public, "to": self.new,
            "signature": self.signature,
        }  # fmt: skip


def handovers(folder: Path) -> list[Handover]:
    """All handovers in the key folder; what is not one is passed over, and missed by whoever needs it."""
    found = []
    for path in sorted((folder / "public").glob("*.handover")):
        one = _read(path)
        if one is not None:
            found.append(one)
    return sorted(found, key=lambda one: one.at)


def _read(path: Path) -> Handover | None:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        signature = str(said["signature"])
        bytes.fromhex(signature)
        return Handover(str(said["from"]), str(said["to"]), str(said["public"]), str(said["at"]), signature)
    except (OSError, ValueError, KeyError, TypeError):
        return None


class Successions:
    """Which key may sign after which: judged checkpoint by checkpoint."""

    def __init__(self, known: Iterable[Handover], public: Mapping[str, bytes]) -> None:
        self.followers: dict[str, Handover] = {one.new: one for one in known}
        self.public = public
        self.present = ""

    def objection(self, key: str) -> str:
        """A sentence when this key may not sign the next checkpoint; with gaps for size and time."""
        before, self.present = self.present, key
        if not before or before == key:
            return ""
        handover = self.followers.get(key)
        if handover is None or handover.old != before:
            says = _(
                "From the checkpoint of %(size)d entries at %(at)s on the key {new} signs, but the key {old} never "
                "handed over to it."
            )
        elif handover.signature != LOST and not handover.is_signed(self.public):
            says = _(
                "The key {old} did not sign that {new} follows it, as is said from the checkpoint of %(size)d entries "
                "at %(at)s on."
            )
        else:
            return ""
        return says.format(old=before, new=key)
