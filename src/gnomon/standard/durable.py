"""What is on disk when we say so: the bytes of a file, and the name under which it will be found."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO, Any


def keep_bytes(file: IO[Any]) -> None:
    """Have all that was written into an open file on disk, so that a power cut leaves no half of it."""
    file.flush()
    os.fsync(file.fileno())


def keep_names(folder: Path) -> None:
    """Have the names of a folder's files on disk as well as their bytes, so that a power cut takes neither."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """Have a folder there whose own name is on disk, with those of the folders above that were made for it."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=mode, exist_ok=True)
    keep_names(folder.parent)
