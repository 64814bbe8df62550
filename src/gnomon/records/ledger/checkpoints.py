"""A checkpoint: this tree, at this size, at this moment, after that checkpoint; signed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from gnomon.jobs.moments import written
from gnomon.records.ledger.canonical import canonical
from gnomon.records.ledger.keys import Keys, signed_by

FORMAT = "gnomon-checkpoint/1"


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """What a checkpoint says, and the signature under it."""

    size: int
    root: bytes
    previous: bytes  # digest of the checkpoint before it; empty for the first
    sealed_at: str  # RFC 3339, UTC, milliseconds
    key: str
    signature: bytes = b""

    @property
    def content(self) -> bytes:
        """The bytes that are signed."""
        return canonical(
            {
                "format": FORMAT,
                "key": self.key,
                "previous": self.previous.hex(),
                "root": self.root.hex(),
                "sealed_at": self.sealed_at,
                "size": self.size,
            }
        )

    @property
    def digest(self) -> bytes:
        """What the next checkpoint names as its previous one."""
        return hashlib.sha256(self.content).digest()

    def is_signed(self, public: Mapping[str, bytes]) -> bool:
        """Whether the key that it names is among these and signed it."""
        return self.key in public and signed_by(public[self.key], self.content, self.signature)

    def as_json(self) -> dict[str, str | int]:
        """The form in which it leaves the house."""
        return {
            "format": FORMAT,
            "key": self.key,
            "previous": self.previous.hex(),
            "root": self.root.hex(),
            "sealed_at": self.sealed_at,
            "signature": self.signature.hex(),
            "size": self.size,
        }


def signed_checkpoint(
    keys: Keys, *, size: int, root: bytes, at: datetime, previous: SignedCheckpoint | None = None
) -> SignedCheckpoint:
    """Sign the tree as it stands at this moment."""
    before = previous.digest if previous else b""
    draft = SignedCheckpoint(size=size, root=root, previous=before, sealed_at=written(at), key=keys.id)
    return SignedCheckpoint(
        size=size,
        root=root,
        previous=before,
        sealed_at=draft.sealed_at,
        key=draft.key,
        signature=keys.sign(draft.content),
    )
