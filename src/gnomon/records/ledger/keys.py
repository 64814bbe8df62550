"""The installation's keys: Ed25519 signs checkpoints, a secret of 32 bytes seals entries.

keys/signing.pem      the signing key in use (mode 0600)
keys/entries.key      the sealing secret, in hexadecimal (mode 0600)
keys/public/ID.pem    every public key that ever signed here; rotation adds one and removes none
keys/public/ID.handover    the key before it says that ID follows
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from gnomon.standard.durable import keep_bytes, keep_names


class KeysUnreadable(Exception):
    """The key folder is not as this program left it."""


@dataclass(frozen=True)
class Keys:
    """The keys of one installation, as read from its folder."""

    sealing: bytes = field(repr=False)
    signing: Ed25519PrivateKey = field(repr=False)
    public: Mapping[str, bytes]  # key id → 32 bytes

    @property
    def id(self) -> str:
        """Which key signs now."""
        return key_id(public_bytes(self.signing))

    def sign(self, message: bytes) -> bytes:
        return self.signing.sign(message)

    def verify(self, id: str, message: bytes, signature: bytes) -> bool:
        """Whether one of this installation's keys, past or present, signed the message."""
        return id in self.public and signed_by(self.public[id], message, signature)


def key_id(public: bytes) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of a public key."""
    return hashlib.sha256(public).hexdigest()[:16]


def public_bytes(signing: Ed25519PrivateKey) -> bytes:
    return signing.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def signed_by(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the holder of this public key signed the message."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def installation_keys(folder: Path) -> Keys:
    """The keys in this folder; made on first use, so that processes starting together agree."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    public = folder / "public"
    public.mkdir(mode=0o755, exist_ok=True)
    _miss(folder, public)
    sealing = _sealing(_kept(folder / "entries.key", lambda: secrets.token_hex(32).encode() + b"\n"), folder)
    signing = _signing(_kept(folder / "signing.pem", lambda: _private_pem(Ed25519PrivateKey.generate())), folder)
    _kept(public / f"{key_id(public_bytes(signing))}.pem", lambda: _public_pem(signing), mode=0o644)
    return Keys(sealing=sealing, signing=signing, public=_known(public))


@lru_cache(maxsize=8)
def seal_key(folder: Path) -> bytes:
    """The sealing secret, read once a process: it never changes."""
    return installation_keys(folder).sealing


def _miss(folder: Path, public: Path) -> None:
    """Say plainly that a key was lost, rather than go on with a new one as if nothing had happened."""
    if not any(public.glob("*.pem")):
        return  # nothing was ever signed here
    if not (folder / "signing.pem").exists():
        raise KeysUnreadable(
            f"{folder / 'signing.pem'} is missing, though this installation has signed with it. Restore it from a "
            "backup; if it is lost for good, run “gnomon ledger rotate-key --lost”."
        )
    if not (folder / "entries.key").exists():
        raise KeysUnreadable(
            f"{folder / 'entries.key'} is missing, though entries are sealed with it. Restore it from a backup: "
            "without it nothing that was written can be told from what somebody added."
        )


def rotate_signing_key(folder: Path, *, lost: bool = False) -> Keys:
    """Sign with a new key from now on; what the old one signed stays verifiable, and it signs that the new one follows.

    `lost` when the old key is gone and can sign nothing: verification will say so for ever.
    """
    from gnomon.records.ledger.handovers import Handover

    old = None if lost else installation_keys(folder)
    signing = Ed25519PrivateKey.generate()
    new = key_id(public_bytes(signing))
    at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    before = old.id if old else _last_key(folder)
    draft = Handover(before, new, public_bytes(signing).hex(), at)
    signed = replace(draft, signature=old.sign(draft.content).hex()) if old else draft
    # The public half first: were the process killed between the two, nothing would be signed unverifiably.
    public = folder / "public"
    _kept(public / f"{new}.pem", lambda: _public_pem(signing), mode=0o644)
    _kept(public / f"{new}.handover", lambda: json.dumps(signed.as_json()).encode() + b"\n", mode=0o644)
    _written(folder, _private_pem(signing), 0o600).replace(folder / "signing.pem")
    keep_names(folder)
    return installation_keys(folder)


def _last_key(folder: Path) -> str:
    """The key that signed last, as far as public halves and handovers tell."""
    from gnomon.records.ledger.handovers import handovers

    told = handovers(folder)
    if told:
        return told[-1].new
    ids = list(_known(folder / "public"))
    if len(ids) != 1:
        raise KeysUnreadable(f"{folder / 'public'} does not tell which key signed last; restore it from a backup.")
    return ids[0]


def _kept(path: Path, made: Callable[[], bytes], mode: int = 0o600) -> bytes:
    """The file's content; if it is not there, whichever process links its own first decides it for all."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        draft = _written(path.parent, made(), mode)
        try:
            os.link(draft, path)
            keep_names(path.parent)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        return path.read_bytes()


def _written(folder: Path, content: bytes, mode: int) -> Path:
    """A complete file under a name of its own: no other process ever reads half a key."""
    draft = folder / f".{secrets.token_hex(8)}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        keep_bytes(file)
    return draft


def _sealing(content: bytes, folder: Path) -> bytes:
    try:
        key = bytes.fromhex(content.decode("ascii").strip())
    except ValueError:
        key = b""
    if len(key) != 32:
        raise KeysUnreadable(f"{folder / 'entries.key'} does not hold a sealing key; restore it from a backup.")
    return key


def _signing(content: bytes, folder: Path) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(content, password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeysUnreadable(f"{folder / 'signing.pem'} does not hold an Ed25519 key; restore it from a backup.")
    return key


def _private_pem(signing: Ed25519PrivateKey) -> bytes:
    return signing.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _public_pem(signing: Ed25519PrivateKey) -> bytes:
    return signing.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _known(folder: Path) -> dict[str, bytes]:
    """Public keys by id; the id is computed, so that a renamed file fools nobody."""
    known = {}
    for path in sorted(folder.glob("*.pem")):
        try:
            key = load_pem_public_key(path.read_bytes())
        except ValueError:
            key = None
        if not isinstance(key, Ed25519PublicKey):
            raise KeysUnreadable(f"{path} does not hold an Ed25519 public key; restore it from a backup.")
        raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
        known[key_id(raw)] = raw
    return known
