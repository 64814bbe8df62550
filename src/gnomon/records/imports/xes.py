"""Event logs in XES (IEEE 1849): each event is a row, the attributes of its trace are columns `case:…`."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO
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
LOOK = 256
MANY_BYTES = {
    **dict.fromkeys(("gbk", "gb2312", "gb18030", "gb_2312-80", "cp936"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "cp950"), "big5hkscs"),
}
_DECLARED = re.compile(rb"""\s*<\?xml[^>]*?encoding\s*=\s*["'](?P<encoding>[\w.:-]+)["']""")
_DECLARED_TEXT = re.compile(r"""(<\?xml[^>]*?encoding\s*=\s*)["'][^"']*["']""")


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
            yield from _parsed(iterparse(_as_utf8(file), events=("start", "end"), forbid_dtd=True))
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
        except (ValueError, LookupError) as fault:  # an encoding that nobody has
            raise UnreadableFile(
                _("%(file)s cannot be read: %(why)s. Save it as UTF-8.") % {"file": path.name, "why": fault}
            ) from fault


def _as_utf8(file: BinaryIO) -> Any:
    """The file as the XML reader can take it: of Chinese encodings it has none."""
    begin = file.peek(LOOK)[:LOOK] if isinstance(file, BufferedReader) else b""
    declared = _DECLARED.match(begin.lstrip(b"\xef\xbb\xbf"))
    encoding = declared["encoding"].decode("ascii", "replace").lower() if declared else ""
    return _Recoded(file, MANY_BYTES[encoding]) if encoding in MANY_BYTES else file


class _Recoded:
    """Bytes of an encoding as UTF-8, with the declaration that says so."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self.file, self.decoder = file, codecs.getincrementaldecoder(encoding)("strict")
        self.begun = False

    def read(self, size: int = PIECE) -> bytes:
        piece = self.file.read(size)
        text = self.decoder.decode(piece, final=not piece)
        if not self.begun and text:
            self.begun = True
            text = _DECLARED_TEXT.sub(r'\1"utf-8"', text, count=1)
        # A piece that ends within a sign may decode to nothing, which a reader would take for the end.
        return text.encode() if text or not piece else self.read(size)


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
