"""What a lake holds: each file with its size and checksum, and how far of the sealed ledger it reaches.

A reader reads what the manifest names and nothing else, and the manifest is replaced in one stroke. So an export
that died leaves the lake as it was, and files that nobody names.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from gnomon.standard.durable import keep_bytes, keep_names

FORMAT = "gnomon-lake/1"
NAME = "manifest.json"
LOCK = ".lock"  # held by the one export that writes
TABLES = ("entries", "facts")


class LakeBroken(ValueError):
    """A folder that is no lake, or no longer the one that was written, with a sentence that names the file."""


@dataclass(frozen=True, slots=True)
class LakeFile:
    """A Parquet file: its path below the lake, its table and partition, and its content in numbers."""

    path: str
    table: str
    kind: str
    month: str
    rows: int
    first: int
    last: int
    size: int
    sha256: str


@dataclass(slots=True)
class Manifest:
    """`leaves` of the sealed tree are in the lake, all but those `left_out`; `root` is what they hash to."""

    leaves: int = 0
    last_sequence: int = 0
    entries: int = 0
    root: str = ""
    frontier: str = ""
    exported_at: str = ""
    left_out: list[dict[str, Any]] = field(default_factory=list)
    files: list[LakeFile] = field(default_factory=list)

    def of(self, table: str, kinds: Iterable[str] = ()) -> list[LakeFile]:
        """The files of a table, of some kinds or of all."""
        wanted = set(kinds)
        return [file for file in self.files if file.table == table and (not wanted or file.kind in wanted)]


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a lake; LakeBroken when there is none that can be read."""
    path = folder / NAME
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told.pop("format") != FORMAT:
            raise KeyError
        files = [LakeFile(**each) for each in told.pop("files")]
        return Manifest(files=files, **told)
    except FileNotFoundError:
        says = _("“%(folder)s” is no lake: it has no %(name)s. Write one with “gnomon lake export”.")
        raise LakeBroken(says % {"folder": folder, "name": NAME}) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        says = _("“%(path)s” cannot be read as the manifest of a lake. Restore it, or export into a new folder.")
        raise LakeBroken(says % {"path": path}) from None


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Replace the manifest in one stroke, so that no reader meets half of it."""
    draft = folder / f".{NAME}"
    with draft.open("w", encoding="utf-8") as file:
        json.dump({"format": FORMAT, **asdict(manifest)}, file, ensure_ascii=False, indent=1)
        keep_bytes(file)
    draft.replace(folder / NAME)
    keep_names(folder)


def check_files(folder: Path, files: Iterable[LakeFile]) -> None:
    """LakeBroken, naming the first file that is missing, cut or altered."""
    for file in files:
        path = folder / file.path
        try:
            size = path.stat().st_size
        except OSError:
            says = _("The lake is not whole: “%(path)s” is missing. Restore it, or export into a new folder.")
            raise LakeBroken(says % {"path": path}) from None
        if size != file.size or checksum(path) != file.sha256:
            says = _("The lake is not whole: “%(path)s” was altered. Restore it, or export into a new folder.")
            raise LakeBroken(says % {"path": path})


def strays(folder: Path, manifest: Manifest) -> list[Path]:
    """Files that the manifest does not name, and that whoever reads by folder would count.

    Engines take any file below a table for one of its parts, unless its name begins with a dot or a stroke.
    """
    named = {folder / file.path for file in manifest.files}
    return [
        path for path in sorted(folder.rglob("*")) if path not in named and path.is_file() and _is_read(folder, path)
    ]


def _is_read(folder: Path, path: Path) -> bool:
    of_a_table = path.relative_to(folder).parts[0] in TABLES and path.name[0] not in "._"
    return of_a_table or path.suffix.lower() == ".parquet"


@contextmanager
def at_rest(folder: Path) -> Iterator[bool]:
    """Whether no export writes to the lake now, nor will until we are done."""
    path = folder / LOCK
    if not path.exists():  # a copy of a lake
        yield True
        return
    with path.open("rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True


def checksum(path: Path) -> str:
    """SHA-256 of a file, as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
