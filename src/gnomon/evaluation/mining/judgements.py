"""What was found of records, in a file beside the database that all processes share.

As the events it is no record of anything: it is believed only while the ledger still holds what it was found from.
"""

from __future__ import annotations

import logging
from importlib.metadata import version
from pathlib import Path
from typing import Protocol, TypeVar

import msgspec
from django.db import connection

from gnomon.evaluation.mining import store
from gnomon.evaluation.mining.replay import Deviation
from gnomon.evaluation.queries.positions import digest_at, entries_between

# Another number whenever records are judged by other rules than before.
RULES = 2
Steps = dict[int, tuple[int, int]]
Deviations = dict[int, tuple[Deviation, ...]]
T_co = TypeVar("T_co", covariant=True)


class _Made(Protocol[T_co]):
    def __call__(self, lineage: str, entries: int, steps: Steps, deviations: Deviations, /) -> T_co: ...


class _File(msgspec.Struct):
    program: str
    sequence: int
    digest: str
    entries: int
    steps: Steps
    deviations: Deviations


def keep_beside(kind: str, known: store.Known, steps: Steps, deviations: Deviations) -> None:
    """Write what was found from these events, in one stroke."""
    if connection.in_atomic_block:
        return  # what was read may be taken back
    told = _File(_program(), known.sequence, known.digest, known.entries, dict(steps), dict(deviations))
    path = _path(kind)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(".judged.new")
        new.write_bytes(msgspec.msgpack.encode(told))
        new.replace(path)
    except OSError as error:
        logging.getLogger(__name__).warning("What was found of %s could not be kept: %s", kind, error)


def kept_beside(kind: str, known: store.Known, made: _Made[T_co]) -> T_co | None:
    """What was found before, if the ledger still holds what it was found from."""
    try:
        told = msgspec.msgpack.decode(_path(kind).read_bytes(), type=_File)
    except (OSError, msgspec.MsgspecError):
        return None
    if told.program != _program() or told.entries > known.entries or told.digest != digest_at(told.sequence):
        return None
    # On PostgreSQL an entry may have come to stand among those that were read.
    if entries_between(kind, 0, told.sequence) != told.entries:
        return None
    return made(known.lineage, told.entries, told.steps, told.deviations)


def _path(kind: str) -> Path:
    return store.folder() / f"{kind}.judged"


def _program() -> str:
    return f"{version('gnomon')}/{RULES}"
