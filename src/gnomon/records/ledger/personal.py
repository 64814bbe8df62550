"""Facts that may speak of people stand apart in an entry, under commitments that outlive them.

The column `personal` is canonical JSON, field → [old, new, salt]. The entry's digest covers, for each
field, the SHA-256 of that list and never the list itself. So a value can be erased: the list gives way to
its commitment, the digest stays, and without the salt nobody can find the value by guessing. The reason
stands in its own column; its salt is here, under a name that no field can have.
"""

from __future__ import annotations

import hashlib
import os
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from gnomon.records.ledger.canonical import canonical, canonical_text

BECAUSE = ":because"
_LIST = ord("[")
_SALT = 15  # bytes, 20 characters: as many guesses as there are, nobody makes
_split = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_text = msgspec.json.Encoder().encode
_sha256 = hashlib.sha256


def divided(facts: Mapping[str, Any], because: str, names: frozenset[str]) -> tuple[str, str]:
    """The facts and the personal facts of an entry to be, each as its column holds it."""
    found = names & facts.keys()
    if not found and not because:
        return canonical_text(facts), ""
    salts = b64encode(os.urandom(_SALT * (len(found) + 1))).decode()
    personal: dict[str, list[Any]] = {
        name: [*facts[name], salts[at * 20 : at * 20 + 20]] for at, name in enumerate(found, 1)
    }
    if because:
        personal[BECAUSE] = [salts[:20]]
    rest = {name: pair for name, pair in facts.items() if name not in found} if found else facts
    return canonical_text(rest), canonical_text(personal)


def committed(values: Sequence[Any]) -> tuple[str, str]:
    """A salt for values that stand in a row of their own, such as a message, and the commitment to them."""
    salt = b64encode(os.urandom(_SALT)).decode()
    return salt, commitment(values, salt)


def commitment(values: Sequence[Any], salt: str) -> str:
    """What outlives these values, formed as for an entry: the SHA-256 of the list of them and their salt."""
    return _sha256(canonical([*values, salt])).hexdigest()


def commitments(personal: str, because: str) -> dict[str, str]:
    """What the digest covers of the personal facts; ValueError when the column holds what we never wrote."""
    stored = personal.encode()
    found: dict[str, str] = {}
    length, before = 1, ""
    for name, part in _split(stored).items():
        written = bytes(part)
        length += len(name) + len(written) + 4
        if name <= before or not name.isascii():
            raise ValueError("The personal facts are not in their order.")
        before = name
        if written[0] != _LIST:
            found[name] = _left_behind(written)
            if name == BECAUSE and because:
                raise ValueError("A reason stands where one was erased.")
        elif name == BECAUSE:
            found[name] = _sha256(b"[" + _text(because) + b"," + written[1:]).hexdigest()
        else:
            found[name] = _sha256(written).hexdigest()
    if length != len(stored):
        raise ValueError("The personal facts are not in their canonical form.")
    return found


def live(personal: str) -> dict[str, list[Any]]:
    """The personal facts that are still there, field → [old, new, salt]; the reason's salt alone as [salt]."""
    parts: dict[str, Any] = msgspec.json.decode(personal) if personal else {}
    return {name: part for name, part in parts.items() if type(part) is list}


def erased(personal: str) -> set[str]:
    """The names whose values were erased from an entry."""
    if not personal:
        return set()
    return {name for name, part in msgspec.json.decode(personal).items() if type(part) is str}


def without(personal: str, because: str, names: frozenset[str]) -> str:
    """The column after these values were erased: each gives way to its commitment."""
    committed = commitments(personal, because)
    parts: dict[str, Any] = msgspec.json.decode(personal)
    return canonical_text({name: committed[name] if name in names else part for name, part in parts.items()})


def revealed(personal: str, because: str) -> dict[str, list[Any]]:
    """What an outsider needs in order to compute the commitments: field → [old, new, salt], the reason → [text, salt]."""
    shown = live(personal)
    if BECAUSE in shown:
        shown[BECAUSE] = [because, *shown[BECAUSE]]
    return shown


def _left_behind(written: bytes) -> str:
    digest = written[1:-1].decode()
    if written[:1] != b'"' or len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise ValueError("What an erased fact left behind is no commitment.")
    return digest
