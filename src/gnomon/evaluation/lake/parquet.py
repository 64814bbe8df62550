"""The two tables of a lake and how their files are written (docs/operate/lake.md)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from gnomon.evaluation.lake.facts import Fact, Sealed
from gnomon.evaluation.lake.manifest import LakeFile, checksum
from gnomon.records.ledger.canonical import canonical_text
from gnomon.records.ledger.personal import BECAUSE, commitments
from gnomon.standard.durable import keep_bytes, keep_names, make_folder

MOMENT = pa.timestamp("ms", tz="UTC")
ENTRIES = pa.schema([
    ("position", pa.int64()), ("sequence", pa.int64()), ("number", pa.string()), ("version", pa.int32()),
    ("verb", pa.string()), ("actor", pa.string()), ("recorded_at", MOMENT), ("happened_at", MOMENT),
    ("facts", pa.string()), ("because", pa.string()), ("committed", pa.string()), ("digest", pa.binary(32)),
])  # fmt: skip
FACTS = pa.schema([
    ("position", pa.int64()), ("number", pa.string()), ("version", pa.int32()), ("recorded_at", MOMENT),
    ("happened_at", MOMENT), ("field", pa.string()), ("whole", pa.int64()), ("fraction", pa.float64()),
    ("text", pa.string()),
])  # fmt: skip


def entries_table(entries: Sequence[Sealed], digests: Sequence[bytes]) -> pa.Table:
    """Entries as a table. Of what may speak of people only the commitments leave the house: a lake is no place from
    which somebody could be forgotten."""
    rows = [
        _entry(entry, digest) for entry, digest in zip(entries, digests, strict=True)
    ]  # fmt: skip
    return _table(ENTRIES, rows)


def facts_table(facts: Iterable[Fact]) -> pa.Table:
    return _table(FACTS, list(facts))


def joined(tables: Sequence[pa.Table]) -> pa.Table:
    """Some tables of one schema as one."""
    return pa.concat_tables(tables)


def write_file(folder: Path, table: str, kind: str, month: str, first: int, last: int, rows: pa.Table) -> LakeFile:
    """Write one file in one stroke; its name tells the places in the ledger that it covers."""
    within = Path(table) / f"kind={kind}" / f"month={month}"
    make_folder(folder / within)
    path = within / f"{first:012d}-{last:012d}.parquet"
    draft = folder / within / f".{path.name}"
    pq.write_table(rows, draft, compression="zstd", use_dictionary=True)
    with draft.open("rb") as file:
        keep_bytes(file)
    found = LakeFile(
        path.as_posix(), table, kind, month, rows.num_rows, first, last, draft.stat().st_size, checksum(draft)
    )
    draft.replace(folder / path)
    keep_names(folder / within)
    return found


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of one file, for checking."""
    rows: list[dict[str, Any]] = pq.ParquetFile(path).read().to_pylist()
    return rows


def _entry(entry: Sealed, digest: bytes) -> tuple[Any, ...]:
    _kind, number, version, verb, actor, recorded_at, happened_at, facts, because, personal = entry.content
    committed = commitments(personal, because) if personal else {}
    return (
        entry.position, entry.sequence, number, version, verb, actor, recorded_at, happened_at, facts,
        "" if BECAUSE in committed else because, canonical_text(committed) if committed else "", digest,
    )  # fmt: skip


def _table(schema: pa.Schema, rows: Sequence[Sequence[Any]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    arrays = [
        # Whole milliseconds are what a moment is, so nothing need be converted one by one.
        pa.array(column, pa.int64()).cast(field.type) if field.type == MOMENT else pa.array(column, field.type)
        for column, field in zip(columns, schema, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=schema)
