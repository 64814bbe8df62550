"""Files that people send to be read: kept in a folder of the installation under their SHA-256, never served again."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from gnomon.records.attachments import plain_name
from gnomon.records.imports.opening import opened
from gnomon.records.imports.refusals import UnreadableFile
from gnomon.standard.durable import keep_bytes, keep_names, make_folder

PIECE = 1 << 20


def keep(upload: Any, folder: Path, most: int) -> tuple[Path, str]:
    """Store the bytes, once; where they lie, and the name under which they came."""
    make_folder(folder, 0o700)
    digest, size = hashlib.sha256(), 0
    draft = folder / f".{os.getpid()}-{id(upload)}"
    try:
        with draft.open("wb") as file:
            for piece in upload.chunks():
                size += len(piece)
                if size > most:
                    says = _("A file may have at most %(most)s. Compress it, or read it with the gnomon command.")
                    raise UnreadableFile(says % {"most": filesizeformat(most)})
                digest.update(piece)
                file.write(piece)
            keep_bytes(file)
        place = folder / digest.hexdigest()
        draft.replace(place)
        keep_names(folder)
    finally:
        draft.unlink(missing_ok=True)
    return place, plain_name(upload.name or "") or digest.hexdigest()[:12]


def names_any(path: Path, words: tuple[str, ...]) -> bool:
    """Whether a file, unpacked, holds one of these words, in the encodings that files come in.

    What cannot be unpacked to its end is looked through as it lies there, too.
    """
    wanted = [word.encode(encoding) for word in words for encoding in ("utf-8", "gb18030", "utf-16-le")]
    try:
        with opened(path) as file:
            return _holds_any(file, wanted)
    except UnreadableFile:
        pass
    try:
        with path.open("rb") as file:
            return _holds_any(file, wanted)
    except OSError:
        return False


def _holds_any(file: BinaryIO, wanted: Sequence[bytes]) -> bool:
    before = b""
    while piece := file.read(PIECE):
        if any(word in before + piece for word in wanted):
            return True
        before = piece[-400:]
    return False
