"""Event logs of any format as one table: each event a row, with the columns that XES names."""

from __future__ import annotations

from pathlib import Path

from gnomon.records.imports.ocel import is_ocel, ocel_table
from gnomon.records.imports.opening import opened
from gnomon.records.imports.tables import Table, csv_table
from gnomon.records.imports.xes import xes_table

LOOK = 4096


def event_table(path: Path, about: str | None = "") -> Table:
    """Open a log, told by its content; `about` is the type of the objects whose courses an OCEL shall tell.

    None takes the type that most events are tied to.
    """
    with opened(path) as file:
        begin = file.read(LOOK)
    if is_ocel(begin):
        return ocel_table(path, about)
    text = begin.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
    return xes_table(path) if text.startswith(b"<") else csv_table(path, "", "")
