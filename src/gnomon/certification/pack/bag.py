"""A BagIt bag (RFC 8493) written straight into a ZIP file, the same bytes each time."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import BinaryIO, Self

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
ALGORITHM = "sha256"
_ON_UNIX = 3
_PLAIN_FILE = 0o100644 << 16


class Bag:
    """Files go in one after another and are forgotten; only their digests are kept.

    Nothing is compressed: what a compressor makes of the same bytes differs from one version to the next.
    """

    def __init__(self, file: BinaryIO, name: str, at: datetime) -> None:
        self.name = name
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_STORED)
        self._date = at.astimezone(UTC).timetuple()[:6]
        self._payload: dict[str, str] = {}
        self._tags: dict[str, str] = {}
        self._octets = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        """Let go of the file, whole or not, while it is still open."""
        self._zip.close()

    @property
    def files(self) -> int:
        return len(self._payload)

    def add(self, path: str, content: bytes | Iterable[bytes]) -> str:
        """Put a file below data/; answers its SHA-256."""
        if path in self._payload:
            raise ValueError(f"{path} is in the bag already.")
        digest, size = self._write(f"data/{path}", content)
        self._payload[path] = digest
        self._octets += size
        return digest

    def tag(self, path: str, content: bytes) -> str:
        """Put a file beside data/; answers its SHA-256."""
        digest, _size = self._write(path, content)
        self._tags[path] = digest
        return digest

    def close(self, info: Iterable[tuple[str, str]]) -> bytes:
        """Write the declarations and manifests; answers the tag manifest, from which all else follows."""
        oxum = ("Payload-Oxum", f"{self._octets}.{len(self._payload)}")
        self.tag("bagit.txt", DECLARATION)
        self.tag("bag-info.txt", "".join(_line(*pair) for pair in [*info, oxum]).encode())
        self.tag(f"manifest-{ALGORITHM}.txt", _manifest({f"data/{path}": d for path, d in self._payload.items()}))
        tags = _manifest(self._tags)
        self._write(f"tagmanifest-{ALGORITHM}.txt", tags)
        return tags

    def seal(self, path: str, content: bytes) -> None:
        """Put a file in that no manifest names, because it speaks of the manifests; the last one."""
        self._write(path, content)
        self._zip.close()

    def _write(self, path: str, content: bytes | Iterable[bytes]) -> tuple[str, int]:
        entry = zipfile.ZipInfo(f"{self.name}/{path}", self._date)
        entry.create_system, entry.external_attr = _ON_UNIX, _PLAIN_FILE
        digest, size = sha256(), 0
        with self._zip.open(entry, "w") as member:
            for piece in (content,) if isinstance(content, bytes) else content:
                digest.update(piece)
                size += len(piece)
                member.write(piece)
        return digest.hexdigest(), size


def _manifest(digests: Mapping[str, str]) -> bytes:
    return "".join(f"{digests[path]}  {_encoded(path)}\n" for path in sorted(digests)).encode()


def _encoded(path: str) -> str:
    """RFC 8493 §2.1.3: line ends and the percent sign stand as %0A, %0D, %25."""
    return path.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


def _line(name: str, value: str) -> str:
    """A line of bag-info.txt; a value of several lines goes on after a space."""
    return f"{name}: " + "\n ".join(value.splitlines() or [""]) + "\n"
