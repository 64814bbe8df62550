"""Packs opened, bent and closed again, with and without the organization's key."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from gnomon.certification.pack.parts import as_file
from gnomon.certification.pack.verifier import command
from gnomon.certification.pack.verifier.bagged import check_bag, check_signature
from gnomon.certification.pack.verifier.ledgered import check_ledger
from gnomon.certification.pack.verifier.packed import Pack
from gnomon.certification.pack.verifier.places import Source
from gnomon.certification.pack.verifier.reports import Aloud
from gnomon.records.ledger.canonical import canonical
from gnomon.records.ledger.keys import installation_keys
from gnomon.records.ledger.seal import key_folder

Files = dict[str, bytes]


def opened(pack: bytes) -> tuple[str, Files]:
    """The name of the bag, and its files by their paths within it."""
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        names = archive.namelist()
        top = names[0].partition("/")[0]
        return top, {name.removeprefix(f"{top}/"): archive.read(name) for name in names}


def closed(top: str, files: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"{top}/{name}", content)
    return made.getvalue()


def listed_anew(files: Files) -> Files:
    """Whoever bends a file lists it anew; the signature they cannot make."""
    payload = {name: content for name, content in files.items() if name.startswith("data/")}
    tags = {
        name: content
        for name, content in files.items()
        if name not in payload and name not in {"tagmanifest-sha256.txt", "signature.json", "manifest-sha256.txt"}
    }
    size = sum(map(len, payload.values()))
    info = tags["bag-info.txt"].decode().partition("Payload-Oxum")[0] + f"Payload-Oxum: {size}.{len(payload)}\n"
    tags["bag-info.txt"] = info.encode()
    tags["manifest-sha256.txt"] = _manifest(payload)
    return {**payload, **tags, "tagmanifest-sha256.txt": _manifest(tags), "signature.json": files["signature.json"]}


def signed_anew(files: Files) -> Files:
    """What a forger inside the house does, who holds the key: list all anew and sign it."""
    listed, keys = listed_anew(files), installation_keys(key_folder())
    seal: dict[str, Any] = json.loads(listed["signature.json"])
    seal.pop("signature")
    seal["tagmanifest"] = hashlib.sha256(listed["tagmanifest-sha256.txt"]).hexdigest()
    seal["signature"] = keys.sign(canonical(seal)).hex()
    return {**listed, "signature.json": as_file(seal)}


def resigned_proof(proof: dict[str, Any]) -> bytes:
    """A proof file signed anew by somebody with the key."""
    proof.pop("signature", None)
    keys = installation_keys(key_folder())
    proof["signature"] = {"key": keys.id, "signature": keys.sign(canonical(proof)).hex()}
    return canonical(proof) + b"\n"


def verdict(pack: bytes, where: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str]:
    """Exit code and words of the verifier on a ZIP file."""
    (where / "pack.zip").write_bytes(pack)
    capsys.readouterr()
    code = command.main([str(where / "pack.zip"), *more])
    told = capsys.readouterr()
    return code, told.out + told.err


class Held(Source):
    """A pack in memory."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files

    def names(self) -> list[str]:
        return sorted(self.files)

    def open(self, name: str) -> Any:
        return io.BytesIO(self.files[name])

    def size(self, name: str) -> int:
        return len(self.files[name])


def bag_verdict(files: Mapping[str, bytes], capsys: pytest.CaptureFixture[str]) -> tuple[bool, str]:
    """Whether the bag holds, with its lists and signatures, and what the verifier says; contents are not looked into."""
    capsys.readouterr()
    pack = Pack(Held(files), Aloud())
    steps = (
        ("manifest-sha256.txt", lambda: check_bag(pack)),
        ("data/ledger/checkpoint.json", lambda: check_ledger(pack, (), None)),
        ("signature.json", lambda: check_signature(pack)),
    )
    return command.holds(pack, steps), capsys.readouterr().out


def _manifest(files: Mapping[str, bytes]) -> bytes:
    return "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)).encode()
