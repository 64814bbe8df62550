"""Find out how the bytes of a text file stand for characters, by reading all of them once."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from gnomon.records.imports.opening import opened
from gnomon.records.imports.refusals import UnreadableFile

PIECE = 1024 * 1024
LONGEST_LINE = 16 * 1024 * 1024
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HALVES = re.compile("[\udc80-\udcff]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f\udc80-\udcff]")
# A high byte with what follows it; in Chinese text nearly all pairs are signs that GB 2312 has.
_PAIR = re.compile(rb"[\x81-\xfe][\x00-\xff]")
_COMMON = re.compile(rb"[\xa1-\xf7][\xa1-\xfe]")


@dataclass(slots=True)
class Text:
    """What reading a file once taught us: which bytes it is made of, and how they become text.

    `bom` is the length of its byte order mark; `has_faults` says that some bytes fit no character,
    `guessed` that nothing but habit speaks for the encoding.
    """

    sha256: str
    size: int
    encoding: str
    bom: int = 0
    lines: int = 0
    has_nul: bool = False
    has_faults: bool = False
    guessed: bool = False


@dataclass(slots=True)
class _Attempt:
    """One encoding tried over the whole file; bytes that fit no character are counted."""

    encoding: str
    decoder: codecs.IncrementalDecoder = field(init=False)
    faults: int = 0
    beyond: int = 0

    def __post_init__(self) -> None:
        errors = "strict" if _is_wide(self.encoding) else "surrogateescape"
        self.decoder = codecs.getincrementaldecoder(self.encoding)(errors)

    def feed(self, piece: bytes, last: bool) -> None:
        try:
            text = self.decoder.decode(piece, last)
        except UnicodeDecodeError:
            self.faults += 1
            return
        if not text.isascii():
            self.faults += len(_HALVES.findall(text))
            self.beyond += len(_BEYOND_ASCII.findall(text))


def examine(path: Path, encoding: str = "", *, in_lines: bool = True) -> Text:
    """Read the file once: its SHA-256, its encoding (unless given), and what to be careful about.

    A file that is read `in_lines` may have none without end; JSON is often a single one.
    """
    bom, marked, likely = _head(path)
    settled = marked or _known(encoding) or likely
    text = _read_through(path, settled or "utf-8", bom, in_lines)
    if text.has_faults and _is_wide(text.encoding):
        raise _undecodable(path, text)
    if text.has_faults and not settled:
        _choose(path, text)
    return text


def _known(encoding: str) -> str:
    if not encoding:
        return ""
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        raise UnreadableFile(
            _("There is no encoding called “%(encoding)s”. Use utf-8, utf-16, gb18030 or another that Python knows.")
            % {"encoding": encoding}
        ) from None


def _is_wide(encoding: str) -> bool:
    """Whether a lost byte shifts all that follow, so that no later row can be trusted."""
    return encoding.startswith(("utf-16", "utf-32"))


def _head(path: Path) -> tuple[int, str, str]:
    with opened(path) as file:
        head = file.read(PIECE)
    for mark, encoding in BOMS:
        if head.startswith(mark):
            return len(mark), encoding, ""
    # UTF-16 without a mark: separators and digits leave a zero in every second byte, always the same one.
    even, odd, few = head[0::2].count(0), head[1::2].count(0), max(len(head) // 50, 3)
    if odd > few and even <= odd // 50:
        return 0, "", "utf-16-le"
    if even > few and odd <= even // 50:
        return 0, "", "utf-16-be"
    return 0, "", ""


def _read_through(path: Path, encoding: str, bom: int, in_lines: bool) -> Text:
    digest, attempt = hashlib.sha256(), _Attempt(encoding)
    size = lines = since = 0
    has_nul = False
    for piece in _pieces(path):
        digest.update(piece)
        attempt.feed(piece[bom:] if size == 0 else piece, last=not piece)
        size += len(piece)
        ends = piece.count(b"\n") or piece.count(b"\r")
        lines += ends
        since = 0 if ends else since + len(piece)
        has_nul = has_nul or b"\0" in piece
        if in_lines and since > LONGEST_LINE:
            raise UnreadableFile(
                _("%(file)s has a line of more than %(most)d million bytes; it is no table of rows.")
                % {"file": path.name, "most": LONGEST_LINE // 1_000_000}
            )
    if size <= bom:
        raise UnreadableFile(_("%(file)s is empty.") % {"file": path.name})
    nul = has_nul and not _is_wide(encoding)
    return Text(digest.hexdigest(), size, encoding, bom, lines, has_nul=nul, has_faults=attempt.faults > 0)


def _choose(path: Path, text: Text) -> None:
    """Not UTF-8 throughout: is it GB18030, UTF-8 with broken places, or a Western code page?"""
    utf8, chinese = _Attempt("utf-8"), _Attempt("gb18030")
    pairs = common = 0
    unused = False
    for piece in _pieces(path):
        utf8.feed(piece, last=not piece)
        chinese.feed(piece, last=not piece)
        pairs += len(_PAIR.findall(piece))
        common += len(_COMMON.findall(piece))
        unused = unused or any(byte in piece for byte in b"\x81\x8d\x8f\x90\x9d")
    if utf8.beyond > 2 * utf8.faults:
        text.encoding, text.has_faults = "utf-8", True
    elif common >= pairs * 0.9 and chinese.faults * 5 <= chinese.beyond:
        text.encoding, text.has_faults = "gb18030", chinese.faults > 0
    elif unused:
        raise _undecodable(path, text)
    else:
        # All but five bytes mean something in it, so it is a guess and is said to be one.
        text.encoding, text.has_faults, text.guessed = "cp1252", False, True


def _pieces(path: Path) -> Iterator[bytes]:
    """The file in pieces, and an empty one at its end."""
    with opened(path) as file:
        while piece := file.read(PIECE):
            yield piece
    yield b""


def _undecodable(path: Path, text: Text) -> UnreadableFile:
    offset, line = _first_fault(path, text)
    return UnreadableFile(
        _("%(file)s is not %(encoding)s: byte %(offset)s, in line %(line)s, fits no character. "
          "Save it as UTF-8, or name its encoding in the mapping.")
        % {"file": path.name, "encoding": text.encoding.upper(), "offset": f"{offset:,}", "line": f"{line:,}"}
    )  # fmt: skip


def _first_fault(path: Path, text: Text) -> tuple[int, int]:
    decoder = codecs.getincrementaldecoder(text.encoding)("strict")
    start, line = 0, 1
    for piece in _pieces(path):
        fresh = piece[text.bom :] if start == 0 else piece
        begin = max(start, text.bom) - len(decoder.getstate()[0])
        try:
            decoded = decoder.decode(fresh, not piece)
        except UnicodeDecodeError as fault:
            return begin + fault.start, line + fault.object[: fault.start].decode(text.encoding, "replace").count("\n")
        line += decoded.count("\n")
        start += len(piece)
    return start, line
