"""The installation's keys: Ed25519 signs checkpoints, a secret of 32 bytes seals entries.

keys/signing.pem      the signing key in use (mode 0600)
keys/entries.key      the sealing secret, in hexadecimal (mode 0600)
keys/public/ID.pem    every public key that ever signed here; rotation adds one and removes none
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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
    sealing = _sealing(_kept(folder / "entries.key", lambda: secrets.token_hex(32).encode() + b"\n"), folder)
    signing = _signing(_kept(folder / "signing.pem", lambda: _private_pem(Ed25519PrivateKey.generate())), folder)
    _kept(public / f"{key_id(public_bytes(signing))}.pem", lambda: _public_pem(signing), mode=0o644)
    return Keys(sealing=sealing, signing=signing, public=_known(public))


@lru_cache(maxsize=8)
def seal_key(folder: Path) -> bytes:
    """The sealing secret, read once a process: it never changes."""
    return installation_keys(folder).sealing


def rotate_signing_key(folder: Path) -> Keys:
    """Sign with a new key from now on; what the old one signed stays verifiable."""
    installation_keys(folder)
    signing = Ed25519PrivateKey.generate()
    # The public half first: were the process killed between the two, nothing would be signed unverifiably.
    _kept(folder / "public" / f"{key_id(public_bytes(signing))}.pem", lambda: _public_pem(signing), mode=0o644)
    _written(folder, _private_pem(signing), 0o600).replace(folder / "signing.pem")
    return installation_keys(folder)


def _kept(path: Path, made: Callable[[], bytes], mode: int = 0o600) -> bytes:
    """The file's content; if it is not there, whichever process links its own first decides it for all."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        draft = _written(path.parent, made(), mode)
        try:
            os.link(draft, path)
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
        file.flush()
        os.fsync(file.fileno())
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
