"""The installation's own secret, made at first use and kept beside its data."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def secret_key(home: Path) -> str:
    """The key that signs sessions and forms; created once, readable by its owner only."""
    path = home / "keys" / "session.key"
    try:
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_name(f".session.{os.getpid()}")
    descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    try:
        os.link(made, path)  # the first of two processes wins; the other reads what it wrote
    except FileExistsError:
        pass
    finally:
        made.unlink()
    return path.read_text(encoding="ascii")
