"""Where a pack lies: a folder, or a ZIP file that is read without unpacking it."""

# ruff: noqa: UP006, UP035
# The newer ways of writing that these rules ask for are unknown to Python 3.8, which auditors still meet.
from __future__ import annotations

import hashlib
import os
import re
import stat
import zipfile
from typing import Any, List, Sequence

from gnomon.records.ledger.verify_proof import Unreadable

LARGEST_JSON = 1 << 29  # bytes that are read at once
MOST_FILES = 1_000_000
MOST_GROWTH = 200  # how many times larger than the archive its content may be
PIECE = 1 << 20


class Source:
    """The files of a pack by their paths, `/` between the parts."""

    def names(self) -> List[str]:
        raise NotImplementedError

    def open(self, name: str) -> Any:
        raise NotImplementedError

    def size(self, name: str) -> int:
        raise NotImplementedError

    def read(self, name: str) -> bytes:
        if self.size(name) > LARGEST_JSON:
            raise Unreadable(f"{name} is larger than any file of a pack that has to be read at once.")
        with self.open(name) as file:
            return file.read()  # type: ignore[no-any-return]

    def digest(self, name: str) -> str:
        found = hashlib.sha256()
        with self.open(name) as file:
            while True:
                piece = file.read(PIECE)
                if not piece:
                    return found.hexdigest()
                found.update(piece)


class Folder(Source):
    def __init__(self, path: str) -> None:
        self.path = path

    def names(self) -> List[str]:
        found = []
        for place, folders, files in os.walk(self.path):
            for name in folders + files:
                if os.path.islink(os.path.join(place, name)):
                    raise Unreadable(f"{name} is a link to somewhere else; a pack holds plain files only.")
            for name in files:
                found.append(os.path.relpath(os.path.join(place, name), self.path).replace(os.sep, "/"))
            if len(found) > MOST_FILES:
                raise Unreadable("This folder holds more files than any pack.")
        return sorted(found)

    def _place(self, name: str) -> str:
        return os.path.join(self.path, *name.split("/"))

    def open(self, name: str) -> Any:
        return open(self._place(name), "rb")

    def size(self, name: str) -> int:
        return os.path.getsize(self._place(name))


class Archive(Source):
    """A pack as it was handed over, read without unpacking anything onto the disk."""

    def __init__(self, path: str) -> None:
        try:
            self.zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
            raise Unreadable(f"This is not a ZIP file that can be read: {error}") from None
        members = [each for each in self.zip.infolist() if not each.is_dir()]
        self._refuse_traps(members, os.path.getsize(path))
        tops = {each.filename.split("/")[0] for each in members}
        top = tops.pop() + "/" if len(tops) == 1 and all("/" in each.filename for each in members) else ""
        self.members = {each.filename[len(top) :]: each for each in members}
        if len(self.members) != len(members):
            raise Unreadable("Two files in this archive have the same name.")

    @staticmethod
    def _refuse_traps(members: Sequence[zipfile.ZipInfo], size: int) -> None:
        """Refuse what would harm whoever unpacks it: paths that lead out, links, bombs."""
        if len(members) > MOST_FILES:
            raise Unreadable("This archive holds more files than any pack.")
        for each in members:
            if not is_plain(each.filename):
                raise Unreadable(f"{each.filename!r} is not a path that a pack may hold.")
            if stat.S_ISLNK(each.external_attr >> 16):
                raise Unreadable(f"{each.filename} is a link to somewhere else; a pack holds plain files only.")
            if each.flag_bits & 1:
                raise Unreadable(f"{each.filename} is encrypted; a pack is not.")
        if sum(each.compress_size for each in members) > size:
            raise Unreadable("Files in this archive overlap; unpacked they would never end.")
        if sum(each.file_size for each in members) > MOST_GROWTH * size + PIECE:
            raise Unreadable("Unpacked, this archive would be far larger than any pack.")

    def names(self) -> List[str]:
        return sorted(self.members)

    def open(self, name: str) -> Any:
        return self.zip.open(self.members[name])

    def size(self, name: str) -> int:
        return self.members[name].file_size


def is_plain(path: str) -> bool:
    """Whether a path stays where it is unpacked, on every system."""
    parts = path.split("/")
    strange = re.compile(r'[\\:*?"<>|\x00-\x1f]')
    return all(part not in ("", ".", "..") and not strange.search(part) for part in parts)
