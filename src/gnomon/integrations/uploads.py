"""Files that people send for import: kept in the installation's folder under their SHA-256, never served again."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from gnomon.records.attachments import plain_name
from gnomon.records.imports.refusals import UnreadableFile
from gnomon.standard.durable import keep_bytes, keep_names

MOST_BYTES = 512 * 1024 * 1024


def folder() -> Path:
    place: Path = settings.HOME / "imports"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def keep(upload: Any) -> tuple[Path, str]:
    """Store the bytes, once; where they lie, and the name under which they came."""
    digest, size = hashlib.sha256(), 0
    draft = folder() / f".{os.getpid()}-{id(upload)}"
    try:
        with draft.open("wb") as file:
            for piece in upload.chunks():
                size += len(piece)
                if size > MOST_BYTES:
                    raise UnreadableFile(
                        _("A file may have at most %(most)s. Compress it, or import it with the gnomon command.")
                        % {"most": filesizeformat(MOST_BYTES)}
                    )
                digest.update(piece)
                file.write(piece)
            keep_bytes(file)
        place = folder() / digest.hexdigest()
        draft.replace(place)
        keep_names(place.parent)
    finally:
        draft.unlink(missing_ok=True)
    return place, plain_name(upload.name or "") or digest.hexdigest()[:12]
