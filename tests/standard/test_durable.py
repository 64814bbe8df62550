"""What must outlive a power cut: the bytes of a file and the name of it in its folder, in that order."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gnomon.integrations.uploads import keep
from gnomon.records import attachments
from gnomon.records.ledger.checkpoints import SignedCheckpoint
from gnomon.records.ledger.keys import installation_keys, rotate_signing_key
from gnomon.records.ledger.witness import witness


@pytest.fixture
def on_disk(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What was flushed to disk, files and folders, in that order."""
    flushed: list[Path] = []

    def fsync(handle: int) -> None:
        flushed.append(Path(os.readlink(f"/proc/self/fd/{handle}")))

    monkeypatch.setattr(os, "fsync", fsync)
    return flushed


@pytest.mark.skipif("not __import__('pathlib').Path('/proc/self/fd').exists()", reason="it looks into /proc")
def test_keys_witness_and_uploads_are_found_after_a_power_cut(
    tmp_path: Path, on_disk: list[Path], settings: Any
) -> None:
    installation_keys(tmp_path)
    assert on_disk[-1] in {tmp_path, tmp_path / "public"}
    assert {tmp_path, tmp_path / "public"} <= set(on_disk)

    on_disk.clear()
    rotate_signing_key(tmp_path)
    assert on_disk[-1] == tmp_path  # the new key has its name last, after its public half

    on_disk.clear()
    witness(tmp_path, SignedCheckpoint(1, b"r" * 32, b"", "2026-01-05T01:00:00.000Z", "0" * 16, b"s" * 64), 0)
    assert on_disk[-1] == tmp_path
    assert on_disk[0].parent == tmp_path

    settings.HOME = tmp_path
    on_disk.clear()
    place, _name = keep(SimpleUploadedFile("incidents.csv", b"title\nNothing arrives\n"))
    assert on_disk[-1] == place.parent


@pytest.mark.skipif("not __import__('pathlib').Path('/proc/self/fd').exists()", reason="it looks into /proc")
@pytest.mark.django_db
def test_folders_made_for_a_file_are_found_after_a_power_cut(
    tmp_path: Path, on_disk: list[Path], settings: Any
) -> None:
    settings.HOME = tmp_path
    kept = attachments.keep("INC-000001", SimpleUploadedFile("a.txt", b"a"))
    place = attachments.path_of(kept.sha256)
    above = tmp_path / "attachments"
    assert on_disk[0] == tmp_path  # tells of the folder of all files
    assert on_disk[-2:] == [above, place.parent]  # tells of the folder of this one, which tells of its name

    on_disk.clear()
    attachments.keep("INC-000001", SimpleUploadedFile("a.txt", b"a"))
    assert on_disk[-1] == place.parent
    assert above not in on_disk  # it was told before
