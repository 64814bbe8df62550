"""The keys of an installation: made once, kept close, rotated without loss."""

from __future__ import annotations

import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gnomon.records.ledger.checkpoints import SignedCheckpoint, signed_checkpoint
from gnomon.records.ledger.keys import KeysUnreadable, installation_keys, key_id, rotate_signing_key

NOON = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)


def test_keys_are_made_on_first_use_and_stay(tmp_path: Path) -> None:
    first, again = installation_keys(tmp_path / "keys"), installation_keys(tmp_path / "keys")
    assert (first.id, first.sealing) == (again.id, again.sealing)
    assert len(first.sealing) == 32
    assert first.id == key_id(first.public[first.id])


def test_nobody_else_on_the_machine_reads_the_secrets(tmp_path: Path) -> None:
    installation_keys(tmp_path / "keys")
    for name in ("signing.pem", "entries.key"):
        assert stat.S_IMODE((tmp_path / "keys" / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert not list((tmp_path / "keys").glob(".*"))


def test_threads_that_start_together_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: installation_keys(tmp_path / "keys"), range(16)))
    assert len({(keys.id, keys.sealing) for keys in made}) == 1


def test_processes_that_start_together_agree(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from gnomon.records.ledger.keys import installation_keys;"
        "keys = installation_keys(Path(sys.argv[1])); print(keys.id, keys.sealing.hex())"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", script, str(tmp_path / "keys")], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    assert len({process.communicate(timeout=60)[0] for process in started}) == 1


def test_what_the_old_key_signed_stays_true_after_rotation(tmp_path: Path) -> None:
    before = installation_keys(tmp_path)
    first = signed_checkpoint(before, size=3, root=b"r" * 32, at=NOON)
    after = rotate_signing_key(tmp_path)
    second = signed_checkpoint(after, size=5, root=b"s" * 32, at=NOON, previous=first)
    assert after.id != before.id
    assert after.sealing == before.sealing
    assert first.is_signed(after.public)
    assert second.is_signed(after.public)
    assert second.previous == first.digest
    assert not second.is_signed(before.public)


@pytest.mark.parametrize(
    "altered",
    [{"size": 4}, {"root": b"x" * 32}, {"previous": b"p" * 32}, {"sealed_at": "2026-01-05T04:00:00.001Z"}],
)
def test_a_checkpoint_says_nothing_else_than_what_was_signed(tmp_path: Path, altered: dict[str, object]) -> None:
    keys = installation_keys(tmp_path)
    signed = signed_checkpoint(keys, size=3, root=b"r" * 32, at=NOON)
    said = {name: getattr(signed, name) for name in SignedCheckpoint.__slots__}
    assert SignedCheckpoint(**said).is_signed(keys.public)
    assert not SignedCheckpoint(**{**said, **altered}).is_signed(keys.public)


def test_a_spoilt_key_is_named(tmp_path: Path) -> None:
    installation_keys(tmp_path)
    (tmp_path / "entries.key").write_text("short")
    with pytest.raises(KeysUnreadable, match=r"entries\.key does not hold a sealing key; restore"):
        installation_keys(tmp_path)


def test_a_spoilt_signing_key_is_named(tmp_path: Path) -> None:
    installation_keys(tmp_path)
    (tmp_path / "signing.pem").write_text("nothing")
    with pytest.raises(KeysUnreadable, match=r"signing\.pem does not hold an Ed25519 key; restore"):
        installation_keys(tmp_path)


def test_a_public_key_under_a_false_name_fools_nobody(tmp_path: Path) -> None:
    keys = installation_keys(tmp_path)
    stranger = rotate_signing_key(tmp_path / "elsewhere")
    own = tmp_path / "public" / f"{keys.id}.pem"
    own.write_bytes((tmp_path / "elsewhere" / "public" / f"{stranger.id}.pem").read_bytes())
    assert keys.id not in installation_keys(tmp_path).public
