"""The lines of an iCalendar feed (RFC 5545): decoded, unfolded and numbered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gnomon.calendars.refusals import FeedRefused

_PARAMETER = re.compile(r';([A-Za-z0-9-]+)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)')
_NAME = re.compile(r"[A-Za-z0-9-]+")
_ESCAPE = re.compile(r"\\([\\;,nN])")
_FOLD_AT = 75  # octets, without the line break


@dataclass(frozen=True, slots=True)
class Line:
    """A content line; `number` is where it starts in the file, counted from one."""

    number: int
    name: str
    value: str
    parameters: Mapping[str, str]

    @property
    def text(self) -> str:
        """The value with its escapes resolved."""
        return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], self.value)


def lines_of(raw: bytes) -> Iterator[Line]:
    """The content lines of a feed in UTF-8, UTF-16 or GB18030 (GBK), whatever its line breaks."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            raw = raw.decode("utf-16").encode()
        except UnicodeDecodeError:
            raise FeedRefused("The feed says that it is UTF-16 and is not; save it as UTF-8.", line=1) from None
    logical = _unfolded(raw.removeprefix(b"\xef\xbb\xbf"))
    encoding = _encoding(logical)
    for number, octets in logical:
        yield _line(number, octets.decode(encoding))


def folded(name: str, value: str) -> bytes:
    """A content line for writing, broken after 75 octets but never within a character."""
    line, room = bytearray(), _FOLD_AT
    for character in f"{name}:{value}":
        octets = character.encode()
        if len(octets) > room:
            line += b"\r\n "
            room = _FOLD_AT - 1
        line += octets
        room -= len(octets)
    return bytes(line) + b"\r\n"


def escaped(text: str) -> str:
    """A text as the value of a content line."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\\", "\\\\")
    return plain.replace(";", r"\;").replace(",", r"\,").replace("\n", r"\n")


def _unfolded(raw: bytes) -> list[tuple[int, bytes]]:
    # Before decoding: some writers fold within a character.
    logical: list[tuple[int, bytes]] = []
    for number, line in enumerate(re.split(rb"\r\n|\n|\r", raw), 1):
        if line[:1] in (b" ", b"\t") and logical:
            start, before = logical[-1]
            logical[-1] = (start, before + line[1:])
        elif line.strip():
            logical.append((number, line))
    return logical


def _encoding(logical: list[tuple[int, bytes]]) -> str:
    strayed = 1
    for encoding in ("utf-8", "gb18030"):
        try:
            for number, octets in logical:
                strayed = number
                octets.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    raise FeedRefused("Line %(line)d is neither UTF-8 nor GBK text; save the feed as UTF-8.", line=strayed)


def _line(number: int, text: str) -> Line:
    name = _NAME.match(text)
    at = name.end() if name else 0
    parameters: dict[str, str] = {}
    while found := _PARAMETER.match(text, at):
        parameters[found[1].upper()] = found[2].strip('"')
        at = found.end()
    if name is None or text[at : at + 1] != ":":
        raise FeedRefused(
            "Line %(line)d is no iCalendar line (NAME:value): %(text)s.", line=number, text=repr(text[:60])
        )
    return Line(number, name[0].upper(), text[at + 1 :], parameters)
