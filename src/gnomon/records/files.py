"""Files of a record as this person may see them: newest first, with what can be shown of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from django.db import models

from gnomon.records.attachments import SHOWN, path_of
from gnomon.records.kinds import Kind
from gnomon.records.models import Attachment, Record
from gnomon.records.permissions import may
from gnomon.standard.plugs import Actor

FIRST = 8
PAGE = 50
LARGEST_THUMBNAIL = 3 * 1024 * 1024
READ = 64 * 1024
TEXTS = frozenset(
    "txt log csv tsv md json xml yaml yml svg html htm eml har ini conf cfg xes ics".split()  # noqa: SIM905 - as there
)


@dataclass(frozen=True, slots=True)
class FileShown:
    """A file in a list; `thumbnail` is an address of a picture that is safe and small enough to draw at once."""

    key: int
    name: str
    url: str
    size: int
    at: datetime
    internal: bool
    thumbnail: str = ""

    @property
    def preview_url(self) -> str:
        return f"{self.url}/preview"


def files_of(record: Record, person: Actor) -> models.QuerySet[Attachment]:
    """The files that this person may have, newest first."""
    files = Attachment.objects.filter(number=record.number).order_by("-id")
    return files if may(person, "read", record.kind) else files.filter(internal=False)


def shown_file(file: Attachment, here: str) -> FileShown:
    """A file as lists show it; `here` is the address of its record."""
    url = f"{here}/files/{file.pk}"
    drawn = file.media_type in SHOWN and file.size <= LARGEST_THUMBNAIL
    return FileShown(file.pk, file.name, url, file.size, file.recorded_at, file.internal, url if drawn else "")


def files_panel(record: Record, person: Actor) -> dict[str, Any]:
    """The newest files and how many there are, for a record's page."""
    files, here = files_of(record, person), record.get_absolute_url()
    newest = [shown_file(file, here) for file in files[: FIRST + 1]]
    count = len(newest) if len(newest) <= FIRST else files.count()
    return {"attachments": newest[:FIRST], "files_count": count, "files_url": f"{here}/files" if count > FIRST else ""}


def sort_of_file(file: Attachment) -> str:
    """What a preview can do with a file: picture, pdf, text, or nothing."""
    if file.media_type in SHOWN:
        return "picture"
    if is_pdf(file):
        return "pdf"
    ending = PurePosixPath(file.name).suffix.lower().removeprefix(".")
    return "text" if ending in TEXTS and text_of(file) is not None else ""


def is_pdf(file: Attachment) -> bool:
    """Whether it says that it is a PDF and begins like one."""
    return file.media_type == "application/pdf" and _begins(file, 5) == b"%PDF-"


def text_of(file: Attachment) -> str | None:
    """The beginning of a text file, in whichever of our people's encodings it was written; None for other bytes."""
    data = _begins(file, READ)
    if b"\x00" in data:
        return None
    for encoding in ("utf-8-sig", "gb18030"):
        for cut in range(4 if file.size > READ else 1):  # the last sign may have been cut in the middle
            try:
                return data[: len(data) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
    return data.decode("latin-1")


def _begins(file: Attachment, most: int) -> bytes:
    try:
        with path_of(file.sha256).open("rb") as opened:
            return opened.read(most)
    except FileNotFoundError:
        return b""


def plain_file(kind: Kind, file: Attachment) -> dict[str, Any]:
    """A file as JSON-ready data."""
    from gnomon.records.facts import moment_text

    return {
        "key": file.pk, "name": file.name, "media_type": file.media_type, "size": file.size, "sha256": file.sha256,
        "internal": file.internal, "by": file.actor, "recorded_at": moment_text(file.recorded_at),
        "url": f"/api/v1/{kind.path}/{file.number}/files/{file.pk}",
    }  # fmt: skip
