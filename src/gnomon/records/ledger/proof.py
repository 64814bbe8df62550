"""Proofs that leave the house: entries with all they say, and why they cannot have been changed since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from gnomon.jobs.moments import written
from gnomon.records.ledger.canonical import canonical
from gnomon.records.ledger.checkpoints import SignedCheckpoint
from gnomon.records.ledger.handovers import Handover
from gnomon.records.ledger.keys import Keys
from gnomon.records.ledger.merkle import Tree

FORMAT = "gnomon-proof/1"
WITH_PERSONAL = "gnomon-proof/2"  # some entries have commitments, and reveal what stands behind them


@dataclass(frozen=True, slots=True)
class PlacedEntry:
    """An entry's whole content, as its digest covers it, and its position in the tree.

    `revealed` are the personal facts behind its commitments, those that were not erased.
    """

    position: int
    content: Mapping[str, Any]
    revealed: Mapping[str, Sequence[Any]] | None = None


def export_proof(
    entries: Sequence[PlacedEntry],
    *,
    tree: Tree,
    checkpoints: Sequence[SignedCheckpoint],
    keys: Keys,
    at: datetime,
    handovers: Sequence[Handover] = (),
) -> dict[str, Any]:
    """What `verify_proof.py` checks: each entry under the newest checkpoint given, older ones kept within it.

    The same entries, checkpoints, keys and moment give the same bytes.
    """
    if not checkpoints:
        raise ValueError("Nothing is sealed yet, so there is nothing to prove with; wait for the next seal.")
    ordered = sorted(checkpoints, key=lambda checkpoint: checkpoint.size)
    newest = ordered[-1]
    used = {keys.id, *(checkpoint.key for checkpoint in ordered)}
    led = _leading(handovers, used, keys)
    used |= {key for one in led for key in (one.old, one.new)}
    proof: dict[str, Any] = {
        "format": FORMAT if all(entry.revealed is None for entry in entries) else WITH_PERSONAL,
        "exported_at": written(at),
        "keys": [{"id": id, "public": keys.public[id].hex()} for id in sorted(used)],
        "checkpoints": [checkpoint.as_json() for checkpoint in ordered],
        "consistency": [
            {"from": old.size, "to": new.size, "path": _hex(tree.consistency(old.size, new.size))}
            for old, new in pairwise(ordered)
        ],
        "entries": [
            {
                "position": entry.position,
                "content": dict(entry.content),
                "path": _hex(tree.inclusion(entry.position, newest.size)),
                **({} if entry.revealed is None else {"revealed": dict(entry.revealed)}),
            }
            for entry in sorted(entries, key=lambda entry: entry.position)
        ],
    }
    if led:
        proof["handovers"] = [one.as_json() for one in led]
    # Signed as a whole too: an entry left out or a date changed would break none of the proofs above.
    proof["signature"] = {"key": keys.id, "signature": keys.sign(canonical(proof)).hex()}
    return proof


def _leading(handovers: Sequence[Handover], used: set[str], keys: Keys) -> list[Handover]:
    """Those that lead from one of the keys to another, so that who knows an old key comes to trust the new one."""
    before = {one.new: one for one in handovers if one.old in keys.public and one.new in keys.public}
    found: dict[str, Handover] = {}
    wanted = set(used)
    while wanted:
        one = before.get(wanted.pop())
        if one is not None and one.new not in found:
            found[one.new] = one
            wanted.add(one.old)
    return sorted(found.values(), key=lambda one: one.at)


def proof_bytes(proof: Mapping[str, Any]) -> bytes:
    """The file: canonical, so that not even a space can be changed unseen."""
    return canonical(dict(proof)) + b"\n"


def _hex(path: Sequence[bytes]) -> list[str]:
    return [step.hex() for step in path]
