"""XML from strangers: no entities, no document types, no token without end, any encoding that Chinese files come in."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BufferedReader
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from django.utils.translation import gettext as _

from gnomon.records.imports.encodings import PIECE
from gnomon.records.imports.refusals import UnreadableFile

LOOK = 256
LONGEST = 1_000_000
DEEPEST = 100
# So much may pass without a single part of the document: more is one endless name or value.
LONGEST_SILENCE = 8 * 1024 * 1024
AT_ONCE = 64 * 1024
MANY_BYTES = {
    **dict.fromkeys(("gbk", "gb2312", "gb18030", "gb_2312-80", "cp936"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "cp950"), "big5hkscs"),
}
_DECLARED = re.compile(rb"""\s*<\?xml[^>]*?encoding\s*=\s*["'](?P<encoding>[\w.:-]+)["']""")
_DECLARED_TEXT = re.compile(r"""(<\?xml[^>]*?encoding\s*=\s*)["'][^"']*["']""")


class Told:
    """Hears of each element: where it begins, and where it ends with the text that stands in it."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None: ...

    def end(self, tag: str, text: str) -> None: ...


def read_xml(name: str, file: BinaryIO, told: Told) -> Iterator[None]:
    """Tell of each element, and let go after each piece; tags come without their namespace.

    UnreadableFile says in which line it breaks.
    """
    hearing = _Hearing(told)
    with faults_named(name):
        parser = DefusedXMLParser(target=hearing, forbid_dtd=True)
        source, silence = as_utf8(file), 0
        try:
            while piece := source.read(AT_ONCE):
                heard = hearing.heard
                parser.feed(piece)
                silence = 0 if hearing.heard != heard else silence + len(piece)
                if silence > LONGEST_SILENCE:
                    raise TooMuch
                yield
            parser.close()
            yield
        except TooMuch as much:
            says = _("%(file)s goes too far in line %(line)s: elements within elements, or a value, without an end.")
            raise UnreadableFile(says % {"file": name, "line": f"{parser.parser.CurrentLineNumber:,}"}) from much


class TooMuch(Exception):
    """An element, a name or a value that nobody needs."""


class _Hearing:
    """What the parser calls; holds the text of the element that is open, and no more."""

    def __init__(self, told: Told) -> None:
        self.told, self.heard, self.deep = told, 0, 0
        self.text: list[str] = []
        self.length = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.heard += 1
        self.deep += 1
        if self.deep > DEEPEST or any(len(value) > LONGEST for value in attributes.values()):
            raise TooMuch
        self.text, self.length = [], 0
        self.told.start(tag.rpartition("}")[2], attributes)

    def data(self, text: str) -> None:
        self.heard += 1
        self.length += len(text)
        if self.length > LONGEST:
            raise TooMuch
        self.text.append(text)

    def end(self, tag: str) -> None:
        self.heard += 1
        self.deep -= 1
        self.told.end(tag.rpartition("}")[2], "".join(self.text))
        self.text, self.length = [], 0

    def close(self) -> None:
        """Nothing is built."""


@contextmanager
def faults_named(name: str) -> Iterator[None]:
    """What a parser finds wrong, as a sentence that names the file and the place."""
    try:
        yield
    except ParseError as fault:
        line, column = fault.position
        raise UnreadableFile(
            _("%(file)s is no whole XML: it breaks in line %(line)s, column %(column)s.")
            % {"file": name, "line": f"{line:,}", "column": column}
        ) from fault
    except DefusedXmlException as fault:
        raise UnreadableFile(
            _("%(file)s declares entities or a document type, which a log does not need; it was not read.")
            % {"file": name}
        ) from fault
    except (ValueError, LookupError) as fault:  # an encoding that nobody has
        raise UnreadableFile(
            _("%(file)s cannot be read: %(why)s. Save it as UTF-8.") % {"file": name, "why": fault}
        ) from fault


def as_utf8(file: BinaryIO) -> Any:
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
