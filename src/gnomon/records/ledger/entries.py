"""What one ledger entry says, as bytes: its digest, and the seal of the installation that wrote it."""

# The columns of an entry, in the one order in which they are stored and read.
from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from functools import lru_cache
from hmac import compare_digest

import msgspec

from gnomon.records.ledger.personal import BECAUSE, commitments

_encode = msgspec.json.Encoder().encode
_sha256 = hashlib.sha256


class _Preimage(msgspec.Struct, gc=False):
    """The entry's fields in canonical order (alphabetical); the stored facts are canonical already."""

    actor: str
    because: str
    facts: msgspec.Raw
    happened_at: int
    kind: str
    number: str
    recorded_at: int
    verb: str
    version: int


class _Committed(msgspec.Struct, gc=False):
    """The same for an entry with personal facts: of these it tells the commitments, which outlive the facts."""

    actor: str
    because: str
    facts: msgspec.Raw
    happened_at: int
    kind: str
    number: str
    personal: dict[str, str]
    recorded_at: int
    verb: str
    version: int


def entry_bytes(
    kind: str,
    number: str,
    version: int,
    verb: str,
    actor: str,
    recorded_at_ms: int,
    happened_at_ms: int,
    facts_text: str,
    because: str,
    personal: str = "",
) -> bytes:
    """The RFC 8785 bytes of an entry.

    `facts_text` is spliced in as it is stored: no other columns give the same bytes, because quotes
    inside the other texts are escaped and the facts end where `,"happened_at":` stands outside them.
    Of `personal` facts, the reason among them, only commitments are in these bytes (`ledger.personal`).
    """
    if personal:
        committed = commitments(personal, because)
        return _encode(
            _Committed(
                actor,
                "" if BECAUSE in committed else because,
                msgspec.Raw(facts_text.encode()),
                happened_at_ms,
                kind,
                number,
                committed,
                recorded_at_ms,
                verb,
                version,
            )
        )
    return _encode(
        _Preimage(
            actor,
            because,
            msgspec.Raw(facts_text.encode()),
            happened_at_ms,
            kind,
            number,
            recorded_at_ms,
            verb,
            version,
        )
    )


def entry_digest(
    kind: str,
    number: str,
    version: int,
    verb: str,
    actor: str,
    recorded_at_ms: int,
    happened_at_ms: int,
    facts_text: str,
    because: str,
    personal: str = "",
) -> bytes:
    """The entry's leaf hash in the Merkle tree (RFC 6962 §2.1): SHA-256 over 0x00 and its bytes."""
    content = entry_bytes(
        kind, number, version, verb, actor, recorded_at_ms, happened_at_ms, facts_text, because, personal
    )
    return _sha256(b"\0" + content).digest()


EntryColumns = tuple[str, str, int, str, str, int, int, str, str, str]


def true_digest(row: EntryColumns) -> bytes | None:
    """The digest that a stored row ought to have; None when it holds what no entry can hold."""
    try:
        return entry_digest(*row)
    except (AttributeError, TypeError, ValueError, OverflowError):
        return None


def entry_digests(rows: Iterable[EntryColumns]) -> list[bytes]:
    """The digests of many entries, each given as the arguments of `entry_digest` in order."""
    encode, raw, sha256, whole = _encode, msgspec.Raw, _sha256, entry_bytes
    return [
        sha256(
            b"\0"
            + (
                whole(kind, number, version, verb, actor, recorded, happened, facts, because, personal)
                if personal
                else encode(
                    _Preimage(actor, because, raw(facts.encode()), happened, kind, number, recorded, verb, version)
                )
            )
        ).digest()
        for kind, number, version, verb, actor, recorded, happened, facts, because, personal in rows
    ]


@lru_cache(maxsize=8)
def sealer(key: bytes) -> Callable[[bytes], bytes]:
    """A function from digest to seal: HMAC-SHA-256 with the key's two blocks hashed only once."""
    block = (hashlib.sha256(key).digest() if len(key) > 64 else key).ljust(64, b"\0")
    inner, outer = _sha256(block.translate(_INNER)), _sha256(block.translate(_OUTER))

    def seal(digest: bytes) -> bytes:
        first, second = inner.copy(), outer.copy()
        first.update(digest)
        second.update(first.digest())
        return second.digest()

    return seal


_INNER = bytes(byte ^ 0x36 for byte in range(256))
_OUTER = bytes(byte ^ 0x5C for byte in range(256))


def entry_seal(key: bytes, digest: bytes) -> bytes:
    """Shows that this installation wrote the entry: who adds a row by SQL has no key."""
    return sealer(key)(digest)


def is_sealed(key: bytes, digest: bytes, seal: bytes) -> bool:
    """Whether the seal is this installation's seal of the digest."""
    return compare_digest(entry_seal(key, digest), seal)
