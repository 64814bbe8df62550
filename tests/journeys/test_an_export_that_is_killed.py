"""`gnomon lake export` is killed in mid-write: the next one goes on, and no row is missing or double."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from tests.journeys.installation import ROOT, Installation

from gnomon.evaluation.lake.manifest import LakeBroken


@pytest.mark.clause("9.1")
def test_an_export_that_is_killed_loses_nothing_and_repeats_nothing(tmp_path: Path, migrated_home: Path) -> None:
    pytest.importorskip("pyarrow")
    from gnomon.evaluation.lake.checking import verify_lake

    house, lake = Installation(tmp_path / "house"), tmp_path / "lake"
    shutil.copytree(migrated_home, house.home, dirs_exist_ok=True)
    house.run("preparing.py")

    killed(house, lake, 5)  # the first of all, after some files
    assert not (lake / "manifest.json").exists()
    house.gnomon("lake", "export", str(lake))
    whole(house, lake)

    house.gnomon("record", "team", "title=Print")
    told = (lake / "manifest.json").read_bytes()
    killed(house, lake, 1)  # one that adds to a lake, in its first file
    assert (lake / "manifest.json").read_bytes() == told
    with pytest.raises(LakeBroken, match=f"No manifest names “{lake}"):
        verify_lake(lake)
    house.gnomon("lake", "export", str(lake))
    whole(house, lake)


def killed(house: Installation, lake: Path, count: int) -> None:
    """An export onto a slow disk, killed as soon as so many files lie there that were not there before."""
    before = parquet_files(lake)
    export = subprocess.Popen(
        [sys.executable, "-m", "gnomon.project.command", "lake", "export", str(lake)], cwd=ROOT,
        env={**house.environment, "DJANGO_SETTINGS_MODULE": "tests.journeys.slow_disk"},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    while export.poll() is None and len(parquet_files(lake) - before) < count:
        time.sleep(0.005)
    export.kill()
    assert export.wait() == -signal.SIGKILL
    assert parquet_files(lake)


def parquet_files(lake: Path) -> set[tuple[Path, int]]:
    """Each file as it stands there, drafts included; one that was written anew is another."""
    found = set()
    for path in lake.rglob("*.parquet"):
        try:
            found.add((path, path.stat().st_mtime_ns))
        except FileNotFoundError:
            continue  # a draft that has got its name
    return found


def whole(house: Installation, lake: Path) -> None:
    """The lake is verified, and whoever reads it by folder meets each entry of the ledger once."""
    import pyarrow.parquet as pq

    from gnomon.evaluation.lake.checking import verify_lake

    verify_lake(lake)
    with sqlite3.connect(f"file:{house.home / 'gnomon.sqlite3'}?mode=ro", uri=True) as connection:
        entries = connection.execute("SELECT number, version FROM records_ledgerentry").fetchall()
    rows = [
        (row["number"], row["version"])
        for path in lake.glob("entries/**/*.parquet")
        for row in pq.ParquetFile(path).read(["number", "version"]).to_pylist()
    ]
    assert Counter(rows) == Counter(entries)
    facts = [
        (row["number"], row["version"], row["field"])
        for path in lake.glob("facts/**/*.parquet")
        for row in pq.ParquetFile(path).read(["number", "version", "field"]).to_pylist()
    ]
    assert [fact for fact, count in Counter(facts).items() if count > 1] == []
    assert {fact[:2] for fact in facts} <= set(entries)
