"""Time stamps (RFC 3161): each speaks of a checkpoint that the ledger here begins with; read without any library."""

# ruff: noqa: UP006, UP035
# The newer ways of writing that these rules ask for are unknown to Python 3.8, which auditors still meet.
from __future__ import annotations

import base64
import hashlib
import re
from typing import Any, Dict, List, Tuple

from gnomon.certification.pack.verifier.ledgered import facts_after
from gnomon.certification.pack.verifier.packed import Pack
from gnomon.records.ledger.verify_proof import Unreadable, part

STAMPS = "data/ledger/stamps/"
INTEGER, OCTETS, NAME, TIME, SEQUENCE, INSIDE = 0x02, 0x04, 0x06, 0x18, 0x30, 0xA0
SIGNED_DATA = bytes.fromhex("2a864886f70d010702")  # 1.2.840.113549.1.7.2
TIME_STAMP = bytes.fromhex("2a864886f70d0109100104")  # 1.2.840.113549.1.9.16.1.4
SHA_256 = bytes.fromhex("608648016503040201")  # 2.16.840.1.101.3.4.2.1


def check_stamps(pack: Pack) -> None:
    """Each stamp is the one that the ledger keeps, of a checkpoint that is proved here, at the time that is told."""
    told, before = pack.index.get("stamps", []), pack.report.broken
    if not isinstance(told, list):
        raise Unreadable("stamps is not a list.")
    named = set()
    for stamp in told:
        files = [f"data/{part(stamp, name, str)}" for name in ("token", "checkpoint")]
        named |= set(files)
        try:
            check_stamp(pack, stamp, *files)
        except Unreadable as error:
            pack.report.fails(f"{files[0]} cannot be read: {error}", f"{files[0]} 无法读取。")
    for name in sorted(one for one in pack.names if one.startswith(STAMPS) and one not in named):
        pack.report.fails(f"{name} is a stamp that the index does not name.", f"索引未提及时间戳 {name}。")
    if told and pack.report.broken == before:
        pack.report.holds(
            f"All {len(told)} time stamps are of checkpoints that this ledger begins with.",
            f"全部 {len(told)} 个时间戳均对应本台账所包含的检查点。",
        )
    for stamp in told:
        pack.report.note(
            f"{stamp.get('number')}: stamped at {stamp.get('stamped_at')}. Who signed the stamp is not checked here; "
            f"to check it: openssl ts -verify -data data/{stamp.get('checkpoint')} -in data/{stamp.get('token')} "
            "-CAfile AUTHORITY.pem",
            "此处不核验时间戳的签名者，请用上述命令与该机构的证书核验。",
        )


def check_stamp(pack: Pack, stamp: Dict[str, Any], token_file: str, content_file: str) -> None:
    number = part(stamp, "number", str)
    for file in (token_file, content_file):
        if file not in pack.names:
            raise Unreadable(f"{file} is missing.")
    token, content = pack.source.read(token_file), pack.source.read(content_file)
    digest, at = stamped(token)
    contents = pack.entries.get(number, [])
    facts = facts_after(contents, len(contents))
    if facts.get("token") != base64.b64encode(token).decode():
        pack.report.fails(
            f"{token_file} is not the stamp that the ledger keeps as {number}.",
            f"{token_file} 与台账的 {number} 不符。",
        )
    if pack.checkpoints.get(part(stamp, "size", int)) != content:
        pack.report.fails(
            f"{content_file} is not a checkpoint that is proved here.", f"{content_file} 不是此处已证明的检查点。"
        )
    if digest != hashlib.sha256(content).digest():
        pack.report.fails(f"{token_file} is a stamp of something else.", f"{token_file} 是其他内容的时间戳。")
    if stamp.get("stamped_at") != at or facts.get("stamped_at") != at:
        pack.report.fails(
            f"{token_file} was stamped at {at}, not as is told.", f"{token_file} 的时间为 {at}，与所述不符。"
        )


def stamped(answer: bytes) -> Tuple[bytes, str]:
    """The SHA-256 that an answer of an authority stamps, and when (RFC 3161 §2.4.2); Unreadable when it is none."""
    parts = pieces(whole(answer, SEQUENCE))
    if len(parts) != 2:
        raise Unreadable("The authority gave no stamp.")
    kind, signed = two(inside(parts[1], SEQUENCE))
    if inside(kind, NAME) != SIGNED_DATA:
        raise Unreadable("The answer holds no signed data.")
    fields = pieces(whole(inside(signed, INSIDE), SEQUENCE))
    if len(fields) < 3:
        raise Unreadable("The signed data is cut off.")
    kind, content = two(inside(fields[2], SEQUENCE))
    if inside(kind, NAME) != TIME_STAMP:
        raise Unreadable("What was signed is no time stamp.")
    return stamp_of(whole(inside(content, INSIDE), OCTETS))


def stamp_of(content: bytes) -> Tuple[bytes, str]:
    """Imprint and time of what was signed: version, policy, imprint, serial number, time, and more."""
    fields = pieces(whole(content, SEQUENCE))
    if len(fields) < 5 or inside(fields[0], INTEGER) != b"\1":
        raise Unreadable("The time stamp is not of version 1.")
    algorithm, digest = two(inside(fields[2], SEQUENCE))
    named = pieces(inside(algorithm, SEQUENCE))
    if not named or inside(named[0], NAME) != SHA_256:
        raise Unreadable("The time stamp is not over a SHA-256.")
    return inside(digest, OCTETS), moment(inside(fields[4], TIME))


def moment(text: bytes) -> str:
    """A GeneralizedTime as DER writes it, YYYYMMDDhhmmss[.f]Z, as the ledger writes moments."""
    found = re.fullmatch(rb"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d*[1-9]))?Z", text)
    if not found:
        raise Unreadable(f"{text!r} is not a time as DER writes it.")
    year, month, day, hour, minute, second = (each.decode() for each in found.groups()[:6])
    return f"{year}-{month}-{day}T{hour}:{minute}:{second}.{(found.group(7) or b'').decode():0<3.3}Z"


# --- DER (X.690): tag, length, content; nothing more is needed to read a stamp -----------------


def piece(octets: bytes, at: int) -> Tuple[int, bytes, int]:
    """The tag and content of the piece that begins there, and where the next one does."""
    if at + 2 > len(octets):
        raise Unreadable("A piece of the stamp is cut off.")
    tag, length = octets[at], octets[at + 1]
    at += 2
    if tag & 0x1F == 0x1F:
        raise Unreadable("A piece of the stamp has a tag of several bytes.")
    if length & 0x80:
        count = length & 0x7F
        written = octets[at : at + count]
        if not 1 <= count <= 4 or len(written) != count or written[0] == 0:
            raise Unreadable("The length of a piece of the stamp is not as DER writes it.")
        length, at = int.from_bytes(written, "big"), at + count
        if length < 0x80:
            raise Unreadable("The length of a piece of the stamp is not as DER writes it.")
    if at + length > len(octets):
        raise Unreadable("A piece of the stamp is cut off.")
    return tag, octets[at : at + length], at + length


Piece = Tuple[int, bytes]


def pieces(octets: bytes) -> List[Piece]:
    """All pieces, one behind the other."""
    found, at = [], 0
    while at < len(octets):
        tag, content, at = piece(octets, at)
        found.append((tag, content))
        if len(found) > 1000:
            raise Unreadable("The stamp has too many pieces.")
    return found


def two(octets: bytes) -> Tuple[Piece, Piece]:
    found = pieces(octets)
    if len(found) != 2:
        raise Unreadable("A piece of the stamp should hold two.")
    return found[0], found[1]


def inside(one: Piece, tag: int) -> bytes:
    if one[0] != tag:
        raise Unreadable(f"The stamp has a piece of sort {one[0]:#x} where {tag:#x} should be.")
    return one[1]


def whole(octets: bytes, tag: int) -> bytes:
    """The content of the one piece that these bytes are."""
    found, content, end = piece(octets, 0)
    if end != len(octets):
        raise Unreadable("Something follows behind the stamp.")
    return inside((found, content), tag)
