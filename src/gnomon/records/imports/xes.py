"""Event logs in XES (IEEE 1849): each event is a row, the attributes of its trace are columns `case:…`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from django.utils.translation import gettext as _

from gnomon.records.imports.encodings import PIECE, Text
from gnomon.records.imports.opening import opened
from gnomon.records.imports.refusals import UnreadableFile
from gnomon.records.imports.tables import Report, Row

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
    with opened(path) as file:
        try:
            yield from _parsed(iterparse(file, events=("start", "end"), forbid_dtd=True))
        except ParseError as fault:
            line, column = fault.position
            raise UnreadableFile(
                _("%(file)s is no whole XML: it breaks in line %(line)s, column %(column)s.")
                % {"file": path.name, "line": f"{line:,}", "column": column}
            ) from fault
        except DefusedXmlException as fault:
            raise UnreadableFile(
                _("%(file)s declares entities or a document type, which a log does not need; it was not read.")
                % {"file": path.name}
            ) from fault
        except ValueError as fault:  # an encoding that the XML reader does not have
            raise UnreadableFile(
                _("%(file)s cannot be read: %(why)s. Save it as UTF-8.") % {"file": path.name, "why": fault}
            ) from fault


def _parsed(parts: Any) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    log: Element | None = None
    trace: Element | None = None
    within_event = False
    case: dict[str, str] = {}
    for what, element in parts:
        tag = element.tag.rpartition("}")[2]
        if what == "start":
            log = element if log is None else log
            if tag == "trace":
                trace, case = element, {}
            elif tag == "event":
                within_event = True
            continue
        if tag == "event" and trace is not None:
            within_event = False
            yield case, _attributes(element)
            trace.clear()
        elif tag == "trace" and log is not None:
            trace = None
            log.clear()  # else the log would keep an empty element for every trace
        elif trace is not None and not within_event and tag in VALUES and element in list(trace):
            case[CASE + element.get("key", "")] = element.get("value", "")


def _attributes(element: Element) -> dict[str, str]:
    return {
        child.get("key", ""): child.get("value", "")
        for child in element
        if child.tag.rpartition("}")[2] in VALUES and child.get("key")
    }
