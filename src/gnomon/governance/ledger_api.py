"""The ledger as such, for programs: entries of all kinds, checkpoints, and proofs that need no trust (7.5.3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field

from gnomon.governance.sealing.kinds import ledger_verification
from gnomon.records.api.paging import MOST, PARAMETERS, USUAL
from gnomon.records.cursors import read_cursor, signed_cursor
from gnomon.records.endpoints import Call, Endpoint
from gnomon.records.facts import moment_text
from gnomon.records.kinds import Kind, kinds
from gnomon.records.ledger.export import NotSealed, Sealed
from gnomon.records.ledger.merkle import LedgerBroken
from gnomon.records.ledger.proof import proof_bytes
from gnomon.records.ledger.seal import stored
from gnomon.records.models import Checkpoint, Leaf, LedgerEntry
from gnomon.records.permissions import may
from gnomon.records.refusals import InvalidFacts, MoveRefused

LARGEST = 2**62
SCOPE = "ledger_verification:read"


class EntryOfLedger(Schema):
    """One entry, with its place in the sealed tree once it has one."""

    sequence: int
    kind: str
    number: str
    version: int
    verb: str
    by: str
    happened_at: str
    recorded_at: str
    because: str
    facts: dict[str, list[Any]] = Field(description="Field to its value before and after.")
    digest: str = Field(description="SHA-256 of the entry (its leaf in the tree, RFC 6962), in hexadecimal.")
    position: int | None = Field(description="Its place in the tree, from 0; nothing while it waits for its seal.")


class EntriesOfLedger(Schema):
    entries: list[EntryOfLedger]
    next: str | None


class CheckpointTold(Schema):
    """A signed statement of the tree's size and root; `signature` is Ed25519 over the rest as canonical JSON."""

    format: str
    size: int
    root: str
    previous: str = Field(description="SHA-256 of the checkpoint before; empty for the first.")
    sealed_at: str
    key: str
    signature: str


class CheckpointPage(Schema):
    checkpoints: list[CheckpointTold]
    next: int | None = Field(description="Give it as “before” for older ones.")


class ConsistencyTold(Schema):
    """That the older tree was kept as it was in the newer one (RFC 9162, 2.1.4)."""

    older: CheckpointTold
    newer: CheckpointTold
    path: list[str] = Field(description="Hashes in hexadecimal, from the smallest subtree up.")


def entries(call: Call) -> dict[str, Any]:
    """A page of the ledger in its own order, of the kinds that whoever asks may read in full."""
    _for_readers(call)
    wanted = {name: call.query.get(name, "").strip() for name in ("kind", "number", "order")}
    if wanted["order"] not in {"", "oldest", "newest"}:
        says = _("“order” is oldest or newest.")
        raise InvalidFacts(says, {"order": says})
    newest = wanted["order"] == "newest"
    place = "ledger " + " ".join(f"{name}={value}" for name, value in wanted.items())
    behind, limit = read_cursor(place, call.query.get("cursor", "")), call.number("limit", USUAL, MOST)
    found = LedgerEntry.objects.order_by("-sequence" if newest else "sequence")
    found = found.filter(_of(_readable(call, wanted["kind"]), wanted["kind"]))
    if wanted["number"]:
        found = found.filter(number=wanted["number"].upper()[:40])
    if behind:
        found = found.filter(**{"sequence__lt" if newest else "sequence__gt": int(behind)})
    page = list(found[: limit + 1])
    after = signed_cursor(place, str(page[limit - 1].sequence)) if len(page) > limit else None
    page = page[:limit]
    sequences = [entry.sequence for entry in page]
    places = dict(Leaf.objects.filter(sequence__in=sequences).values_list("sequence", "position"))
    return {"entries": [_told(entry, places.get(entry.sequence)) for entry in page], "next": after}


def _told(entry: LedgerEntry, position: int | None) -> dict[str, Any]:
    return {
        "sequence": entry.sequence, "kind": entry.kind, "number": entry.number, "version": entry.version,
        "verb": entry.verb, "by": entry.actor, "happened_at": moment_text(entry.happened_at),
        "recorded_at": moment_text(entry.recorded_at), "because": entry.because, "facts": entry.changes,
        "digest": bytes(entry.digest).hex(), "position": position,
    }  # fmt: skip


def checkpoints(call: Call) -> dict[str, Any]:
    """The signed checkpoints, newest first."""
    _for_readers(call)
    limit, before = call.number("limit", USUAL, MOST), _size(call, "before", LARGEST)
    page = list(Checkpoint.objects.filter(size__lt=before).order_by("-size")[: limit + 1])
    return {
        "checkpoints": [stored(each).as_json() for each in page[:limit]],
        "next": page[limit - 1].size if len(page) > limit else None,
    }


def proof(call: Call) -> HttpResponse:
    """The proof of one entry under the newest checkpoint: the very file that verify_proof.py checks."""
    _for_readers(call)
    sequence = call.place["sequence"]
    entry = LedgerEntry.objects.filter(sequence=int(sequence)).first() if _counts(sequence) else None
    if entry is None or entry.kind not in _readable(call, ""):
        raise Http404
    since = _sizes(call.query.get("since", ""))
    return HttpResponse(
        _sealed(lambda: proof_bytes(Sealed().proof([entry], at=timezone.now(), since=since))),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{entry.number}-{entry.version}.proof.json"'},
    )


def consistency(call: Call) -> dict[str, Any]:
    """That the tree of one checkpoint begins with the tree of an older one, unchanged."""
    _for_readers(call)
    older = _checkpoint(call, "from")
    newer = _checkpoint(call, "to") if call.query.get("to") else Checkpoint.objects.latest("size")
    if older.size > newer.size:
        says = _("“from” is the smaller of the two sizes.")
        raise InvalidFacts(says, {"from": says})
    path = _sealed(lambda: Sealed(newer.size).tree.consistency(older.size))
    return {
        "older": stored(older).as_json(), "newer": stored(newer).as_json(), "path": [step.hex() for step in path],
    }  # fmt: skip


def _for_readers(call: Call) -> None:
    """The ledger as such is for those who may read its verifications; for all others there is nothing here."""
    if not may(call.person, "read", ledger_verification):
        raise Http404


def _readable(call: Call, wanted: str) -> list[str]:
    """Kinds whose entries this person reads in full."""
    readable: list[Kind] = [kind for kind in kinds() if may(call.person, "read", kind)]
    names = [kind.name for kind in readable if not wanted or kind.name == wanted]
    if wanted and not names:
        says = _("There is no kind “%(kind)s” whose entries you may read. Kinds: %(kinds)s.")
        says %= {"kind": wanted[:40], "kinds": ", ".join(kind.name for kind in readable)}
        raise InvalidFacts(says, {"kind": says})
    return names


def _of(readable: list[str], wanted: str) -> Q:
    """The entries of these kinds: by those left out, so that a page is read along the ledger and not sorted anew."""
    if wanted:
        return Q(kind=wanted)
    return ~Q(kind__in=[kind.name for kind in kinds() if kind.name not in readable])


def _size(call: Call, name: str, usual: int) -> int:
    text = call.query.get(name, "")
    if text and not _counts(text):
        raise _no_size(name)
    return int(text) if text else usual


def _counts(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _checkpoint(call: Call, name: str) -> Checkpoint:
    found = Checkpoint.objects.filter(size=_size(call, name, 0)).first()
    if found is None:
        raise _no_size(name)
    return found


def _no_size(name: str) -> InvalidFacts:
    says = _("“%(name)s” is the size of a checkpoint. /ledger/checkpoints lists them.") % {"name": name}
    return InvalidFacts(says, {name: says})


def _sizes(text: str) -> list[int]:
    sizes = [one.strip() for one in text.split(",") if one.strip()]
    if len(sizes) > MOST or not all(map(_counts, sizes)):
        says = _("“since” names sizes of checkpoints that you know, as 1024,2048.")
        raise InvalidFacts(says, {"since": says})
    return [int(one) for one in sizes]


def _sealed(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except (NotSealed, LedgerBroken) as error:
        raise MoveRefused(str(error)) from None


ENTRIES = Endpoint(
    "ledger_entries", "get", "ledger/entries", entries, "Read the ledger", tells=EntriesOfLedger, scope=SCOPE,
    description="All entries in the order of the ledger, of the kinds that you may read in full.",
    parameters={**PARAMETERS, "kind": "only of this kind", "number": "only of this record", "order": "oldest or newest first"},
)  # fmt: skip
CHECKPOINTS = Endpoint(
    "ledger_checkpoints", "get", "ledger/checkpoints", checkpoints, "List the signed checkpoints", tells=CheckpointPage,
    scope=SCOPE, parameters={"limit": PARAMETERS["limit"], "before": "only those of fewer entries than this"},
)  # fmt: skip
PROOF = Endpoint(
    "ledger_proof", "get", "ledger/entries/{sequence}/proof", proof, "Prove that an entry is in the sealed ledger",
    scope=SCOPE, parameters={"since": "sizes of older checkpoints that you know, which the file proves were kept"},
    description="The inclusion proof, as a signed file that “python verify_proof.py” checks with nothing else.",
)  # fmt: skip
CONSISTENCY = Endpoint(
    "ledger_consistency", "get", "ledger/consistency", consistency, "Prove that an older ledger was kept as it was",
    tells=ConsistencyTold, scope=SCOPE,
    parameters={"from": "size of the older checkpoint", "to": "size of the newer one; the newest when left out"},
)  # fmt: skip
