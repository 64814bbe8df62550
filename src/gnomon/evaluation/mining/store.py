"""The events of a kind as this process knows them, and a file of them beside the database.

The ledger only grows, so what was read once is read never again: what is known carries the last sequence that
it holds, and a look reads on from there. The file is no record of anything. It may be thrown away at any time.
"""

from __future__ import annotations

import fcntl
import json
import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connection

from gnomon.evaluation.mining import patience
from gnomon.evaluation.mining.reading import EVENT, Events, Texts, after
from gnomon.evaluation.queries.positions import digest_at, entries_between, tip
from gnomon.records.ledger import settled
from gnomon.records.memory import Memory
from gnomon.records.models import LedgerEntry

FORMAT = 1
# Fewer new events than these are read anew by the next process.
WORTH_A_FILE = 20_000
AT_ONCE = 500_000


@dataclass
class Known:
    """All events of a kind up to a sequence, in the order in which they were told, and the texts that they name."""

    events: Events
    texts: Texts = field(default_factory=Texts)
    sequence: int = 0
    digest: str = ""
    filed: int = 0  # how many of them are in the file
    mark: str = ""  # of the file that holds them
    settled: tuple[int, int] = (0, 0)  # up to this sequence nothing more can come to stand, and so many are there
    lineage: str = field(default_factory=lambda: secrets.token_hex(8))  # the same as long as it is only added to

    @property
    def entries(self) -> int:
        return len(self.events)


_known: Memory[str, Known] = Memory(12)


def known(kind: str) -> Known:
    """The events of a kind as the ledger has them now."""
    sequence, digest = tip(kind)
    have = _known.get(kind)
    if have is None or sequence - have.sequence > patience.MANY:
        have = _further(have, _from_file(kind))
    patience.not_for_long(kind, sequence - (have.sequence if have is not None else _before_all(kind)))
    if have is not None and (have.sequence > sequence or _differs(kind, have)):
        have = None
    if have is None or have.sequence != sequence:
        have = _read_on(kind, have or Known(np.zeros(0, EVENT)), sequence, digest)
    settled.look()  # for the next time
    _known.put(kind, have)  # what came from the file, too: it has a lineage that others go by
    return have


def unread(kind: str) -> int:
    """About how many sequences a look would have to read."""
    have, sequence = _known.get(kind), tip(kind)[0]
    if have is not None and sequence - have.sequence <= patience.MANY:
        return sequence - have.sequence
    return sequence - max(have.sequence if have is not None else _before_all(kind), _filed_upto(kind))


def _before_all(kind: str) -> int:
    """The sequence just before the first entry of a kind: those before it were never to be read."""
    first = LedgerEntry.objects.filter(kind=kind).order_by("sequence").values_list("sequence", flat=True).first()
    return 0 if first is None else first - 1


def _further(one: Known | None, other: Known | None) -> Known | None:
    """What another process kept, where it read more than this one."""
    return one if other is None or (one is not None and one.sequence >= other.sequence) else other


def position(kind: str) -> tuple[int, str]:
    """The last entry of a kind: whoever finds it the same finds all the same."""
    return tip(kind)


def _read_on(kind: str, have: Known, sequence: int, digest: str) -> Known:
    texts = Texts({name: dict(places) for name, places in have.texts.known.items()})
    pieces = list(after(kind, have.sequence, sequence, texts))
    events = np.concatenate([have.events, *pieces]) if pieces else have.events
    found = Known(events, texts, sequence, digest, have.filed, have.mark, have.settled, have.lineage)
    if found.entries - found.filed >= WORTH_A_FILE and not connection.in_atomic_block:
        _to_file(kind, found)
    return found


def _differs(kind: str, have: Known) -> bool:
    """Whether the ledger holds something else up to there.

    PostgreSQL's writers take their sequences before they commit: one may come to stand before others that were
    read already. SQLite has one writer at a time.
    """
    if have.digest != digest_at(have.sequence):
        return True
    if connection.vendor == "sqlite":
        return False
    place, entries = have.settled
    known = settled.settled()
    if entries_between(kind, place, have.sequence) != have.entries - entries:
        return True
    if known >= have.sequence:
        have.settled = have.sequence, have.entries
    return False


# --- the file ---


def folder() -> Path:
    return Path(settings.HOME) / "mining"


def _filed_upto(kind: str) -> int:
    about = _about(kind)
    return int(about["sequence"]) if about else 0


def _about(kind: str) -> dict[str, Any] | None:
    """What is in the file, if it is of this database and this program."""
    try:
        about: dict[str, Any] = json.loads((folder() / f"{kind}.json").read_text(encoding="utf-8"))
        if about["format"] == FORMAT and about["digest"] == digest_at(about["sequence"]):
            return about
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return None


def _from_file(kind: str) -> Known | None:
    about = _about(kind)
    if about is None:
        return None
    try:
        events = np.fromfile(folder() / f"{kind}.events", EVENT, about["entries"])
        texts = Texts({name: {text: at for at, text in enumerate(told)} for name, told in about["texts"].items()})
    except (OSError, KeyError, AttributeError, TypeError):
        return None
    if len(events) != about["entries"]:
        return None
    place, entries = about.get("settled", (0, 0))
    return Known(
        events, texts, about["sequence"], about["digest"], about["entries"], about["mark"], (place, entries)
    )  # fmt: skip


def _to_file(kind: str, found: Known) -> None:
    """Add what is new to the file; whoever finds another process doing so leaves it alone."""
    try:
        with _alone(kind) as alone:
            if alone:
                _write(kind, found)
    except OSError as error:
        logging.getLogger(__name__).warning("The events of %s could not be kept beside the database: %s", kind, error)


def _write(kind: str, found: Known) -> None:
    about = _about(kind)
    path = folder() / f"{kind}.events"
    # Another process may have written since this one read: only its own file is added to.
    kept = found.filed if about is not None and about["mark"] == found.mark else 0
    mark = secrets.token_hex(8)
    with path.open("r+b" if path.exists() and kept else "wb") as file:
        file.seek(kept * EVENT.itemsize)
        file.truncate()
        for begin in range(kept, len(found.events), AT_ONCE):
            file.write(found.events[begin : begin + AT_ONCE].tobytes())
    told = {
        "format": FORMAT, "mark": mark, "entries": found.entries, "sequence": found.sequence, "digest": found.digest,
        "settled": found.settled, "texts": {name: list(of) for name, of in found.texts.known.items()},
    }  # fmt: skip
    new = path.with_suffix(".json.new")
    new.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    new.replace(path.with_suffix(".json"))
    found.filed, found.mark = found.entries, mark


@contextmanager
def _alone(kind: str) -> Iterator[bool]:
    folder().mkdir(parents=True, exist_ok=True)
    with (folder() / f"{kind}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
