"""A witness outside the database: the last checkpoint, kept beside the keys.

Whoever cuts the ledger's end off in the database, checkpoints and all, leaves a tree that is whole in
itself. The witness remembers that there was more.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gnomon.records.ledger.checkpoints import SignedCheckpoint
from gnomon.standard.durable import keep_bytes, keep_names

NAME = "last-checkpoint.json"


def witness(folder: Path, checkpoint: SignedCheckpoint, previous_size: int) -> None:
    """Remember the checkpoint, unless the one remembered is newer than what it follows."""
    known = remembered(folder)
    # A cut or restored ledger must not talk the witness round by growing again: only who removes the
    # file after looking into it makes it forget.
    if known is not None and known["size"] > previous_size:
        return
    draft = folder / f".{secrets.token_hex(8)}"
    with draft.open("w", encoding="utf-8") as file:
        json.dump(checkpoint.as_json(), file, indent=1)
        keep_bytes(file)
    draft.replace(folder / NAME)
    keep_names(folder)


def remembered(folder: Path) -> dict[str, Any] | None:
    """What the witness remembers; nothing when there is no file or nobody can read it."""
    try:
        said = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return said if isinstance(said, dict) and isinstance(said.get("size"), int) and "root" in said else None


def is_signed(said: Mapping[str, Any], public: Mapping[str, bytes]) -> bool:
    """Whether what the witness remembers is a checkpoint that one of these keys signed, to the letter."""
    try:
        root, previous, signature = (bytes.fromhex(said[name]) for name in ("root", "previous", "signature"))
        signed = SignedCheckpoint(said["size"], root, previous, said["sealed_at"], said["key"], signature)
    except (KeyError, TypeError, ValueError):
        return False
    return signed.as_json() == dict(said) and signed.is_signed(public)
