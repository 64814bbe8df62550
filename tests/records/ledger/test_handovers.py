"""A key rotated between two seals: old checkpoints hold under the old key, new ones under the new, and no key slips in."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gnomon.portfolio.kinds import service as SERVICE
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.ledger.canonical import canonical
from gnomon.records.ledger.export import proof_of
from gnomon.records.ledger.handovers import handovers
from gnomon.records.ledger.keys import KeysUnreadable, installation_keys, rotate_signing_key
from gnomon.records.ledger.seal import key_folder, seal_ledger
from gnomon.records.ledger.verification import verify_ledger
from gnomon.records.ledger.verify_proof import main as verifier
from gnomon.records.models import Checkpoint, LedgerEntry


@pytest.fixture
def folder(db: None, settings: Any, tmp_path: Path) -> Path:
    """The keys of a ledger that was sealed, then its key rotated, then sealed again."""
    settings.HOME = tmp_path
    actions.record(SERVICE, by=SYSTEM, title="Mail")
    seal_ledger()
    rotate_signing_key(key_folder())
    actions.record(SERVICE, by=SYSTEM, title="Printing")
    seal_ledger()
    return key_folder()


def test_a_key_rotated_between_two_seals_leaves_the_ledger_whole(folder: Path) -> None:
    old, new = Checkpoint.objects.values_list("key_id", flat=True)
    assert old != new
    verification = verify_ledger()
    assert verification.faults == ()
    assert verification.notes == ()
    (handover,) = handovers(folder)
    assert (handover.old, handover.new) == (old, new)
    assert handover.is_signed(installation_keys(folder).public)


def test_a_handover_that_is_missing_or_altered_is_named(folder: Path) -> None:
    old, new = Checkpoint.objects.values_list("key_id", flat=True)
    path = folder / "public" / f"{new}.handover"
    said = path.read_text()
    for altered in (None, said.replace("T", " "), "no json", said.replace(old, "0" * 16)):
        path.unlink() if altered is None else path.write_text(altered)
        fault = verify_ledger().first
        assert fault is not None
        assert fault.what == "unsigned"
        assert old in fault.says
        assert new in fault.says
    path.write_text(said)
    assert verify_ledger().whole


def test_an_old_key_that_signs_again_is_named(folder: Path) -> None:
    # Whoever stole the old key after it was rotated goes on with it.
    old = Checkpoint.objects.values_list("key_id", flat=True)[0]
    newest = Checkpoint.objects.order_by("-size")[0]
    assert newest.key_id != old
    path = folder / "public" / f"{newest.key_id}.handover"
    turned = json.loads(path.read_text()) | {"from": newest.key_id, "to": old}
    (folder / "public" / f"{old}.handover").write_text(json.dumps(turned))
    path.unlink()
    assert not verify_ledger().whole


def test_a_lost_key_is_replaced_and_that_is_said_for_ever(folder: Path) -> None:
    (folder / "signing.pem").unlink()
    with pytest.raises(KeysUnreadable, match="is missing, though this installation has signed with it"):
        installation_keys(folder)
    rotate_signing_key(folder, lost=True)
    actions.record(SERVICE, by=SYSTEM, title="Telephony")
    seal_ledger()
    verification = verify_ledger()
    assert verification.whole
    (note,) = verification.notes
    assert "was lost" in note


def test_a_lost_sealing_secret_is_said_plainly(folder: Path) -> None:
    (folder / "entries.key").unlink()
    with pytest.raises(KeysUnreadable, match="Restore it from a backup"):
        installation_keys(folder)


def test_a_public_half_that_is_gone_is_said_plainly(folder: Path) -> None:
    old = Checkpoint.objects.values_list("key_id", flat=True)[0]
    (folder / "public" / f"{old}.pem").unlink()
    fault = verify_ledger().first
    assert fault is not None
    assert f"it names the key {old}, whose public half is not in keys/public" in fault.says


def test_who_knows_the_old_key_comes_to_trust_the_new_one(folder: Path, tmp_path: Path, capsys: Any) -> None:
    old, new = Checkpoint.objects.values_list("key_id", flat=True)
    file = proof_of(LedgerEntry.objects.all(), at=datetime(2026, 1, 5, tzinfo=UTC), since=[1])
    (tmp_path / "proof.json").write_bytes(file)
    assert verifier([str(tmp_path / "proof.json"), "--key", old]) == 0
    assert f"Key {old} signed that key {new} follows it." in capsys.readouterr().out
    # without the handover the new key is a stranger
    proof = json.loads(file)
    del proof["handovers"]
    (tmp_path / "proof.json").write_bytes(canonical(proof) + b"\n")
    assert verifier([str(tmp_path / "proof.json"), "--key", old]) == 1
