"""A pack is the same each time, tells what was sealed, and convinces a stranger with Python and nothing else."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone, translation
from tests.certification.pack.conftest import House

pytestmark = pytest.mark.django_db


def opened(pack: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(pack))


def index_of(pack: bytes) -> Any:
    with opened(pack) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("/data/index.json"))
        return json.loads(archive.read(name))


def verified(place: Path, *more: str) -> tuple[int, str]:
    """The pack's own verifier as a stranger runs it: no site packages, no environment, nothing of Gnomon."""
    run = subprocess.run(
        [sys.executable, "-I", "-S", str(place / "verify.py"), *more],
        capture_output=True, cwd="/", timeout=120, check=False,
    )  # fmt: skip
    return run.returncode, (run.stdout + run.stderr).decode()


def unpacked(pack: bytes, where: Path) -> Path:
    with opened(pack) as archive:
        archive.extractall(where)
    (top,) = where.iterdir()
    return top


def test_the_same_order_gives_the_same_bytes_whoever_makes_it_and_wherever(house: House) -> None:
    first, made = house.pack()
    with translation.override("zh-hans"), timezone.override("America/New_York"):
        second, again = house.pack()
    assert first == second
    assert made == again
    assert house.pack(seed="autumn")[0] != first


def test_a_stranger_is_convinced(house: House, tmp_path: Path) -> None:
    pack, made = house.pack()
    code, says = verified(unpacked(pack, tmp_path / "there"))
    assert code == 0, says
    assert "This pack holds. 资料包成立。" in says
    assert made.entries > 12
