"""Files beside the database, each stored once under its SHA-256."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from gnomon.records.models import Attachment
from gnomon.records.refusals import InvalidFacts
from gnomon.standard.durable import keep_bytes, keep_names, make_folder

# What may be kept; everything is served as a download except the pictures below.
TYPES = frozenset(
    (  # noqa: SIM905 - a list of one word a line reads worse
        "txt log csv tsv md json xml yaml yml pdf png jpg jpeg gif webp bmp svg doc docx xls xlsx ppt pptx odt ods odp "
        "eml msg zip gz tgz zst 7z pcap har ini conf cfg xes ics html htm mp3 mp4 webm wav"
    ).split()
)
SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


class Upload(Protocol):
    """A file as it arrives: a name, a size and its bytes in pieces."""

    @property
    def name(self) -> str | None: ...

    @property
    def size(self) -> int | None: ...

    def chunks(self) -> Iterable[bytes]: ...


@dataclass(frozen=True, slots=True)
class Kept:
    name: str
    size: int
    sha256: str


def path_of(sha256: str) -> Path:
    """Where the bytes with this digest lie."""
    folder: Path = settings.HOME / "attachments" / sha256[:2]
    return folder / sha256


def keep(number: str, upload: Upload) -> Kept:
    """Store an upload safely before the database speaks of it.

    Refuses what is too large, too many or of no known type.
    """
    name = plain_name(upload.name or "")
    ending = PurePosixPath(name).suffix.lower().removeprefix(".")
    if ending not in TYPES:
        raise InvalidFacts(
            _("Files of type “.%(type)s” are not kept. Put it into a .zip file.") % {"type": ending or "?"},
            {"file": _("Choose another type.")},
        )
    if Attachment.objects.filter(number=number).count() >= settings.ATTACHMENTS_PER_RECORD:
        says = _("A record holds at most %(most)d files.") % {"most": settings.ATTACHMENTS_PER_RECORD}
        raise InvalidFacts(says, {"file": says})
    if (upload.size or 0) > settings.ATTACHMENT_MAX_BYTES:
        raise _too_large()
    return _write(name, upload)


def _write(name: str, upload: Upload) -> Kept:
    digest, size = hashlib.sha256(), 0
    folder: Path = settings.HOME / "attachments"
    make_folder(folder)
    made = folder / f".{os.getpid()}-{id(upload)}"
    try:
        with made.open("wb") as file:
            for piece in upload.chunks():
                size += len(piece)
                if size > settings.ATTACHMENT_MAX_BYTES:
                    raise _too_large()
                digest.update(piece)
                file.write(piece)
            keep_bytes(file)
        place = path_of(digest.hexdigest())
        make_folder(place.parent)
        made.replace(place)
        keep_names(place.parent)
    finally:
        made.unlink(missing_ok=True)
    return Kept(name, size, digest.hexdigest())


def _too_large() -> InvalidFacts:
    most = filesizeformat(settings.ATTACHMENT_MAX_BYTES)
    says = _("A file may have at most %(most)s. Compress it, or link to where it lies.") % {"most": most}
    return InvalidFacts(says, {"file": says})


def plain_name(name: str) -> str:
    """The last part of a path, without control characters, of a length that any system keeps."""
    last = name.replace("\\", "/").rpartition("/")[2]
    clean = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c)[0] != "C").strip(" .")
    stem, dot, ending = clean.rpartition(".")
    return f"{stem[:180]}{dot}{ending[:20]}" if dot else clean[:200]
