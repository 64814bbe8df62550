"""Event logs in XES (IEEE 1849): each event is a row, the attributes of its trace are columns `case:…`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from gnomon.records.imports.encodings import PIECE, Text
from gnomon.records.imports.opening import opened
from gnomon.records.imports.refusals import UnreadableFile
from gnomon.records.imports.tables import Report, Row
from gnomon.records.imports.xml_reading import Told, read_xml

VALUES = frozenset({"string", "date", "int", "float", "boolean", "id"})
CASE = "case:"


@dataclass(frozen=True, slots=True)
class XesTable:
    """An event log; its columns are all keys that any trace or event has."""

    path: Path
    text: Text
    columns: tuple[str, ...]

    def rows(self, _report: Report) -> Iterator[Row]:
        """Each event as a row, counted from 1."""
        place = {column: at for at, column in enumerate(self.columns)}
        width = len(self.columns)
        for number, (case, event) in enumerate(_events(self.path), 1):
            cells = [""] * width
            for key, value in (*case.items(), *event.items()):
                cells[place[key]] = value
            yield Row(number, cells)

    def column(self, at: int) -> Iterator[str]:
        """One attribute of each event, for a first look."""
        name = self.columns[at]
        for case, event in _events(self.path):
            yield event.get(name, case.get(name, ""))


def xes_table(path: Path) -> XesTable:
    """Open an event log; it is read once to learn its columns and its size."""
    columns: dict[str, None] = {}
    events = 0
    for case, event in _events(path):
        columns.update(dict.fromkeys(case))
        columns.update(dict.fromkeys(event))
        events += 1
    if not events:
        raise UnreadableFile(_("%(file)s holds no event. Is it an event log in XES?") % {"file": path.name})
    digest, size = hashlib.sha256(), 0
    with opened(path) as file:
        while piece := file.read(PIECE):
            digest.update(piece)
            size += len(piece)
    return XesTable(path, Text(digest.hexdigest(), size, "xml", lines=events), tuple(columns))


def _events(path: Path) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """The attributes of a trace with those of each of its events; nothing that was read is kept."""
    log = _Log()
    with opened(path) as file:
        for _piece in read_xml(path.name, file, log):
            yield from log.heard
            log.heard = []


class _Log(Told):
    """Gathers one trace at a time, and of it one event; what stands within an attribute is passed by."""

    def __init__(self) -> None:
        self.path: list[str] = []
        self.case: dict[str, str] = {}
        self.event: dict[str, str] | None = None
        self.heard: list[tuple[dict[str, str], dict[str, str]]] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        within = self.path[-1:]
        self.path.append(tag)
        if tag == "trace":
            self.case = {}
        elif tag == "event" and within == ["trace"]:
            self.event = {}
        elif tag not in VALUES or not attributes.get("key"):
            return
        elif within == ["event"] and self.event is not None:
            self.event[attributes["key"]] = attributes.get("value", "")
        elif within == ["trace"]:
            self.case[CASE + attributes["key"]] = attributes.get("value", "")

    def end(self, tag: str, _text: str) -> None:
        self.path.pop()
        if tag == "event" and self.event is not None:
            self.heard.append((self.case, self.event))
            self.event = None
