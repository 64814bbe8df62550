"""Files that people send for import: kept in the installation's folder under their SHA-256, never served again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings

from gnomon.records.imports import uploads

MOST_BYTES = 512 * 1024 * 1024


def folder() -> Path:
    """Where they lie, once there are any."""
    return Path(settings.HOME) / "imports"


def keep(upload: Any) -> tuple[Path, str]:
    """Store the bytes, once; where they lie, and the name under which they came."""
    return uploads.keep(upload, folder(), MOST_BYTES)
