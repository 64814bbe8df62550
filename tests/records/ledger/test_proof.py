"""An exported proof convinces a stranger who has Python and nothing else, and a forged one does not."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gnomon.records.ledger import verify_proof
from gnomon.records.ledger.canonical import canonical
from gnomon.records.ledger.checkpoints import SignedCheckpoint, signed_checkpoint
from gnomon.records.ledger.keys import Keys, installation_keys, rotate_signing_key
from gnomon.records.ledger.merkle import Tree, leaf_hash
from gnomon.records.ledger.proof import PlacedEntry, export_proof, proof_bytes

NOON = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
VERIFIER = Path(verify_proof.__file__)


def content(n: int) -> dict[str, Any]:
    return {
        "actor": "PER-000003", "because": "磁盘 full 😀",
        "facts": {"load": [None, n / 8], "status": ["new", "assigned"]},
        "happened_at": 1_767_585_600_000 + n, "kind": "incident", "number": f"INC-{n:06d}",
        "recorded_at": 1_767_585_600_000 + n, "verb": "incident:assign", "version": 2,
    }  # fmt: skip


@dataclass(frozen=True)
class House:
    """A small ledger: 21 entries, sealed at 5, 13 and 21."""

    keys: Keys
    tree: Tree
    checkpoints: list[SignedCheckpoint]

    def proof(self, positions: tuple[int, ...] = (3, 11, 20), checkpoints: int = 3) -> dict[str, Any]:
        placed = [PlacedEntry(n, content(n)) for n in positions]
        return export_proof(
            placed, tree=self.tree, checkpoints=self.checkpoints[-checkpoints:], keys=self.keys, at=NOON
        )


def built(keys: Keys) -> House:
    leaves = [leaf_hash(canonical(content(n))) for n in range(21)]
    tree, checkpoints = Tree(lambda start, end: leaves[start:end], 21), []
    previous = None
    for size in (5, 13, 21):
        previous = signed_checkpoint(keys, size=size, root=tree.root(size), at=NOON, previous=previous)
        checkpoints.append(previous)
    return House(keys, tree, checkpoints)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return built(installation_keys(tmp_path_factory.mktemp("keys")))


def verified(path: Path, *more: str) -> tuple[int, str]:
    """The verifier as a stranger runs it: no site packages, no environment, nothing of Gnomon."""
    run = subprocess.run(
        [sys.executable, "-I", "-S", str(VERIFIER), str(path), *more],
        capture_output=True, cwd=path.parent, timeout=60, check=False,
    )  # fmt: skip
    return run.returncode, (run.stdout + run.stderr).decode()


@pytest.fixture
def told(tmp_path: Path) -> Callable[..., tuple[int, str]]:
    def told(file: bytes, *more: str) -> tuple[int, str]:
        (tmp_path / "proof.json").write_bytes(file)
        return verified(tmp_path / "proof.json", *more)

    return told


def resigned(proof: dict[str, Any], keys: Keys) -> bytes:
    """A forger who even holds the signing key signs the altered file anew."""
    proof.pop("signature")
    proof["signature"] = {"key": keys.id, "signature": keys.sign(canonical(proof)).hex()}
    return proof_bytes(proof)


def test_a_true_proof_convinces(house: House, told: Any) -> None:
    code, says = told(proof_bytes(house.proof()), "--list")
    assert code == 0, says
    assert "All 3 entries are in the sealed ledger." in says
    assert "The first 5 of 13 entries were kept as they were." in says
    assert "证明成立" in says
    assert "INC-000011 #2  incident:assign  PER-000003" in says
    assert house.keys.public[house.keys.id].hex() in says


def test_the_same_export_is_the_same_file(house: House) -> None:
    assert proof_bytes(house.proof()) == proof_bytes(house.proof())


def test_one_checkpoint_is_enough(house: House, told: Any) -> None:
    assert told(proof_bytes(house.proof(checkpoints=1)))[0] == 0


def test_an_altered_entry_is_named_even_when_the_file_is_signed_anew(house: House, told: Any) -> None:
    proof = house.proof()
    proof["entries"][1]["content"]["because"] = "It was the customer’s fault"
    code, says = told(resigned(proof, house.keys))
    assert code == 1
    assert "INC-000011 #2 is not what was sealed at position 11" in says
    assert "All 3" not in says


def test_a_rewritten_past_is_seen_even_when_signed_anew(house: House, told: Any) -> None:
    proof = house.proof()
    false = signed_checkpoint(house.keys, size=5, root=b"x" * 32, at=NOON)
    proof["checkpoints"][0] = false.as_json()
    code, says = told(resigned(proof, house.keys))
    assert code == 1
    assert "The first 5 of 13 entries were rewritten." in says


def test_an_entry_left_out_is_seen(house: House, told: Any) -> None:
    proof = house.proof()
    del proof["entries"][2]
    code, says = told(proof_bytes(proof))
    assert code == 1
    assert "The file as a whole is not what key" in says


def test_a_strangers_key_does_not_pass_for_the_one_that_was_given(house: House, told: Any, tmp_path: Path) -> None:
    forger = built(rotate_signing_key(tmp_path / "forger"))
    forged = proof_bytes(forger.proof())
    assert told(forged)[0] == 0  # in itself it holds; only the key tells
    code, says = told(forged, "--key", house.keys.id)
    assert code == 1
    assert "None of the keys that you gave is in the file." in says
    assert told(proof_bytes(house.proof()), "--key", house.keys.public[house.keys.id].hex())[0] == 0


def test_a_noted_root_must_be_there(house: House, told: Any) -> None:
    file = proof_bytes(house.proof())
    assert told(file, "--root", f"13:{house.tree.root(13).hex()}")[0] == 0
    code, says = told(file, "--root", f"13:{house.tree.root(12).hex()}")
    assert code == 1
    assert "No checkpoint here has the root that you noted for 13 entries." in says


@pytest.mark.parametrize(
    "file",
    [b"", b"{}", b"[]", b"\xff\xfe", b'{"format":"gnomon-proof/2"}', b"[" * 100_000, b'{"format":"gnomon-proof/1"}\n'],
)
def test_what_is_no_proof_is_called_unreadable(file: bytes, told: Any) -> None:
    code, says = told(file)
    assert code == 2
    assert "This file cannot be checked. 无法核验此文件。" in says
    assert "Traceback" not in says


def test_nothing_sealed_proves_nothing(house: House) -> None:
    with pytest.raises(ValueError, match="Nothing is sealed yet"):
        export_proof([], tree=house.tree, checkpoints=[], keys=house.keys, at=NOON)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_byte_can_be_changed(house: House, tmp_path: Path, data: st.DataObject) -> None:
    file = bytearray(proof_bytes(house.proof()))
    place = data.draw(st.integers(0, len(file) - 1))
    file[place] = data.draw(st.integers(0, 255).filter(lambda byte: byte != file[place]))
    (tmp_path / "proof.json").write_bytes(file)
    assert verify_proof.main([str(tmp_path / "proof.json")]) in {1, 2}


@pytest.mark.parametrize("place", [0.1, 0.35, 0.6, 0.85])
def test_no_byte_can_be_changed_for_a_stranger(house: House, told: Any, place: float) -> None:
    file = bytearray(proof_bytes(house.proof()))
    file[int(place * len(file))] ^= 1
    code, says = told(bytes(file))
    assert code in {1, 2}
    assert "Traceback" not in says


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=80), st.integers(0, 511), st.binary(min_size=32, max_size=32))
def test_its_own_ed25519_agrees_with_the_librarys(house: House, message: bytes, bit: int, other: bytes) -> None:
    public, signature = house.keys.public[house.keys.id], house.keys.sign(message)
    assert verify_proof.is_signed(public, message, signature)
    flipped = bytearray(signature)
    flipped[bit // 8] ^= 1 << bit % 8
    assert not verify_proof.is_signed(public, message, bytes(flipped))
    assert not verify_proof.is_signed(public, message + b".", signature)
    assert not verify_proof.is_signed(other, message, signature)


def test_its_ed25519_gives_the_verdicts_of_the_rfc() -> None:
    # RFC 8032 §7.1, TEST 2
    public = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    signature = bytes.fromhex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    assert verify_proof.is_signed(public, b"\x72", signature)
    # The same signature with S + L is malleable and must be refused.
    s = int.from_bytes(signature[32:], "little") + verify_proof.ORDER
    assert not verify_proof.is_signed(public, b"\x72", signature[:32] + s.to_bytes(32, "little"))


texts = st.text(st.characters(exclude_categories=["Cs"]))
numbers = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
)


@settings(max_examples=100, deadline=None)
@given(values)
def test_its_canonical_json_is_the_ledgers(value: Any) -> None:
    assert verify_proof.canonical(json.loads(canonical(value))) == canonical(value)
