"""Open a file for reading, unpacked: plain, .gz, .zst or a .zip with one file in it, told by its content."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import zstandard
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from gnomon.records.imports.refusals import UnreadableFile

# A few kilobytes can unpack into terabytes; nobody's incident log is this large.
MOST_BYTES = 8 * 1024**3
DAMAGED = (EOFError, OSError, zlib.error, zstandard.ZstdError, zipfile.BadZipFile, NotImplementedError)


class _Counted(io.RawIOBase):
    """The unpacked bytes; says where the file breaks off, and when it never ends."""

    def __init__(self, name: str, inner: BinaryIO) -> None:
        self._name, self._inner, self._read = name, inner, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            piece = self._inner.read(len(buffer))
        except DAMAGED as fault:
            raise UnreadableFile(
                _("%(file)s is damaged after %(read)s unpacked bytes. Fetch it again.")
                % {"file": self._name, "read": f"{self._read:,}"}
            ) from fault
        self._read += len(piece)
        if self._read > MOST_BYTES:
            raise UnreadableFile(
                _("%(file)s holds more than %(most)s. Split it and import the parts one by one.")
                % {"file": self._name, "most": filesizeformat(MOST_BYTES)}
            )
        buffer[: len(piece)] = piece
        return len(piece)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The unpacked bytes of the file; UnreadableFile when it is missing, damaged or no single file."""
    try:
        file = path.open("rb")
    except OSError as fault:
        raise UnreadableFile(
            _("%(file)s cannot be read: %(why)s.") % {"file": path.name, "why": fault.strerror or fault}
        ) from fault
    with file:
        magic = file.read(4)
        file.seek(0)
        yield io.BufferedReader(_Counted(path.name, _unpacked(path, file, magic)), 256 * 1024)


def _unpacked(path: Path, file: BinaryIO, magic: bytes) -> BinaryIO:
    if magic[:2] == b"\x1f\x8b":
        return cast(BinaryIO, gzip.GzipFile(fileobj=file))
    if magic == b"\x28\xb5\x2f\xfd":
        return cast(BinaryIO, zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True))
    if magic == b"PK\x03\x04":
        return _single_member(path, file)
    return file


def _single_member(path: Path, file: BinaryIO) -> BinaryIO:
    try:
        archive = zipfile.ZipFile(file)
    except zipfile.BadZipFile as fault:
        raise UnreadableFile(_("%(file)s is a damaged .zip file. Fetch it again.") % {"file": path.name}) from fault
    members = [member for member in archive.infolist() if not member.is_dir()]
    if any(member.filename == "[Content_Types].xml" for member in members):
        raise UnreadableFile(
            _("%(file)s is an Excel workbook. Save the sheet as “CSV UTF-8” and import that.") % {"file": path.name}
        )
    if len(members) != 1:
        raise UnreadableFile(
            _("%(file)s holds %(count)d files. Put one file into each .zip.")
            % {"file": path.name, "count": len(members)}
        )
    if members[0].flag_bits & 1:
        raise UnreadableFile(_("%(file)s is locked with a password. Unlock it first.") % {"file": path.name})
    try:
        return cast(BinaryIO, archive.open(members[0]))
    except (*DAMAGED, RuntimeError) as fault:  # packed in a way that nobody here knows, or told of otherwise within
        raise UnreadableFile(_("%(file)s is a damaged .zip file. Fetch it again.") % {"file": path.name}) from fault
