"""Every kind of file on disk altered, cut, removed, replaced by another or joined by one: it is named.

The files are found in the folder of the installation itself, and in a lake; so a new sort of file is attacked as soon
as it lies there. What goes unnoticed on purpose is told below, with the reason.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from tests.certification.conftest import Evidence, evidence
from tests.records.ledger.attacks import a_story

from gnomon.certification.actions.packs import make_pack, order_pack
from gnomon.governance.sealing.registering import register_keys
from gnomon.records.actors import SYSTEM
from gnomon.records.ledger.keys import KeysUnreadable, installation_keys, seal_key
from gnomon.records.ledger.seal import key_folder, seal_ledger, stored
from gnomon.records.ledger.triggers import guard
from gnomon.records.ledger.verification import verify_ledger
from gnomon.records.ledger.witness import witness
from gnomon.records.models import Checkpoint

__all__ = ["evidence"]
Home = Path
Attack = Callable[[Path, Path | None], None]


@pytest.fixture
def home(db: None, settings: Any, tmp_path: Path, evidence: Evidence) -> Home:
    """An installation with files on a record, a rotated key that is registered, and an audit pack."""
    a_story(settings, tmp_path / "home", evidence)
    guard(connection)
    register_keys()
    pack = order_pack(by=SYSTEM, first_day=date(2026, 1, 1), last_day=date(2026, 1, 31), clauses=["8.6.1"])
    make_pack(pack)
    seal_ledger()
    # What happens once a seal is committed, which a test never is.
    witness(key_folder(), stored(Checkpoint.objects.latest("size")), 0)
    return tmp_path / "home"


def altered(file: Path, _twin: Path | None) -> None:
    content = bytearray(file.read_bytes())
    # A letter or digit in the middle, so that the file keeps its form where it is a text.
    at = next(at for at in range(len(content) // 2, len(content)) if chr(content[at]).isalnum())
    content[at] ^= 1
    file.write_bytes(bytes(content))


def cut(file: Path, _twin: Path | None) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def emptied(file: Path, _twin: Path | None) -> None:
    file.write_bytes(b"")


def removed(file: Path, _twin: Path | None) -> None:
    file.unlink()


def replaced(file: Path, twin: Path | None) -> None:
    file.write_bytes(twin.read_bytes() if twin else b"of another house")


def joined(file: Path, _twin: Path | None) -> None:
    shutil.copy(file, file.with_name(f"9{file.name}"))


ATTACKS: tuple[Attack, ...] = (altered, cut, emptied, removed, replaced, joined)
# What lies beside unseen, and why that proves nothing wrongly.
BESIDE = {
    "attachments/*": "bytes are kept before the record speaks of them, so some lie there that no record names",
    "packs/*.zip": "a pack is found by the digest that its record tells",
    "keys/signing.pem": "a copy under another name is read by nobody",
    "keys/entries.key": "a copy under another name is read by nobody",
    "keys/last-checkpoint.json": "a copy under another name is read by nobody",
    "keys/public/former.pem": "the key's id is computed, and no key signs after another without a handover",
    "keys/public/present.pem": "the key's id is computed, and no key signs after another without a handover",
    "keys/public/*.handover": "it says the same twice",
}
UNNAMED = {
    **{("joined", sort): why for sort, why in BESIDE.items()},
    ("removed", "keys/last-checkpoint.json"): "who restores an older backup knowingly removes it, and is told so",
    ("removed", "keys/public/present.pem"): "it is made again from the signing key, whose id the checkpoints name",
}


def sort_of(file: Path, home: Home, present: str) -> str:
    name = file.relative_to(home).as_posix()
    if name.startswith("keys/public/") and file.suffix == ".pem":
        return "keys/public/present.pem" if file.stem == present else "keys/public/former.pem"
    return re.sub(r"attachments/.*", "attachments/*", re.sub(r"[0-9a-f]{16,64}", "*", name))


def files_of(home: Home) -> dict[str, list[Path]]:
    """The files of an installation by their sort."""
    found: dict[str, list[Path]] = {}
    present = installation_keys(home / "keys").id
    for file in sorted(home.rglob("*")):
        if file.is_file():
            found.setdefault(sort_of(file, home, present), []).append(file)
    return found


def is_named() -> bool:
    seal_key.cache_clear()
    try:
        return not verify_ledger().whole
    except KeysUnreadable:
        return True


def test_every_sort_of_file_of_an_installation(home: Home, tmp_path: Path) -> None:
    assert verify_ledger().faults == ()
    sorts = files_of(home)
    assert sorts.keys() >= {
        "attachments/*", "packs/*.zip", "keys/signing.pem", "keys/entries.key", "keys/last-checkpoint.json",
        "keys/public/present.pem", "keys/public/former.pem", "keys/public/*.handover",
    }  # fmt: skip
    shutil.copytree(home, tmp_path / "kept")
    unnoticed = set()
    for sort, files in sorts.items():
        for attack in ATTACKS:
            attack(files[0], files[1] if len(files) > 1 else None)
            if not is_named():
                unnoticed.add((attack.__name__, sort))
            shutil.rmtree(home)
            shutil.copytree(tmp_path / "kept", home)
    seal_key.cache_clear()
    assert unnoticed == UNNAMED.keys()


# --- the lake -----------------------------------------------------------------------------------


def test_every_sort_of_file_of_a_lake(db: None, settings: Any, tmp_path: Path, evidence: Evidence) -> None:
    pytest.importorskip("pyarrow")
    from gnomon.evaluation.lake.checking import verify_lake
    from gnomon.evaluation.lake.exporting import export_ledger
    from gnomon.evaluation.lake.manifest import LakeBroken

    a_story(settings, tmp_path / "home", evidence)
    lake = tmp_path / "lake"
    export_ledger(lake)
    verify_lake(lake)
    sorts: dict[str, list[Path]] = {}
    for file in sorted(lake.rglob("*")):
        if file.is_file() and file.name != ".lock":
            sorts.setdefault(file.relative_to(lake).parts[0], []).append(file)
    assert sorts.keys() == {"entries", "facts", "manifest.json"}
    shutil.copytree(lake, tmp_path / "kept")
    unnoticed = set()
    for sort, files in sorts.items():
        for attack in ATTACKS:
            attack(files[0], files[1] if len(files) > 1 else None)
            try:
                verify_lake(lake)
            except LakeBroken as broken:
                assert str(broken).endswith(".")
            else:
                unnoticed.add((attack.__name__, sort))
            shutil.rmtree(lake)
            shutil.copytree(tmp_path / "kept", lake)
    # A copy of the manifest under another name holds no rows, and nobody reads it.
    assert unnoticed == {("joined", "manifest.json")}
