"""Check a proof that Gnomon exported, with Python's standard library alone.

    python verify_proof.py PROOF.json [--key KEY]... [--root SIZE:ROOT] [--list]

用 Python 标准库即可核验圭臬导出的证明；无需安装任何软件，也无需联网。

--key KEY        the public key, or its id, that the organisation gave you; without it the file vouches
                 for its own key, and you should compare the key printed below with what they told you.
                 组织告知的公钥或其标识；不提供时请自行核对下面打印的公钥。
--root SIZE:ROOT a root that you wrote down earlier: this tree must contain that one, unchanged.
                 以前记下的根：本证明必须原样包含它。
--list           print every entry. 逐条列出。

Exit: 0 everything holds, 1 something does not, 2 the file cannot be read.
退出码：0 全部成立；1 有不成立之处；2 文件无法读取。

Nothing in the file is believed: each entry's hash is computed from what the entry says (canonical JSON,
RFC 8785), each path is followed to the root (RFC 6962, RFC 9162), each signature is verified (Ed25519, RFC 8032).
"""

# ruff: noqa: UP006, UP017, UP035, UP045, B905
# The newer ways of writing that these rules ask for are unknown to Python 3.8, which auditors still meet.
from __future__ import annotations

import hashlib
import json
import math
import sys
from datetime import datetime, timedelta, timezone
from json.encoder import encode_basestring
from typing import Any, Dict, List, Optional, Sequence, Tuple

Point = Tuple[int, int, int, int]


class Unreadable(Exception):
    """The file is not a proof."""


class Report:
    """What holds and what does not, in both languages."""

    def __init__(self) -> None:
        self.broken = 0

    def holds(self, english: str, chinese: str) -> None:
        print(f"  ok  {english} {chinese}")

    def fails(self, english: str, chinese: str) -> None:
        self.broken += 1
        print(f"  NO  {english} {chinese}")

    def say(self, whether: bool, yes: Tuple[str, str], no: Tuple[str, str]) -> bool:
        (self.holds if whether else self.fails)(*(yes if whether else no))
        return whether


# --- canonical JSON (RFC 8785) ----------------------------------------------------------------


def canonical(value: Any) -> bytes:
    """The one sequence of bytes that stands for a value."""
    return _text(value).encode("utf-8")


def _text(value: Any) -> str:
    if value is None or value is True or value is False:
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _double(value)
    if isinstance(value, list):
        return "[" + ",".join([_text(item) for item in value]) + "]"
    names = sorted(value, key=lambda name: name.encode("utf-16-be"))
    return "{" + ",".join([encode_basestring(name) + ":" + _text(value[name]) for name in names]) + "}"


def _double(value: float) -> str:
    """A number as ECMAScript writes it."""
    if not math.isfinite(value):
        raise Unreadable(f"{value} is not a number of JSON.")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, power = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(power or 0) - (len(whole + fraction) - len(digits))  # 0.DIGITS × 10^point
    digits = digits.rstrip("0")
    if len(digits) <= point <= 21:
        return sign + digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return sign + digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return sign + "0." + "0" * -point + digits
    rest = "." + digits[1:] if len(digits) > 1 else ""
    return sign + digits[0] + rest + "e" + ("+" if point > 0 else "-") + str(abs(point - 1))


# --- Ed25519 (RFC 8032 §5.1) ------------------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def _add(one: Point, two: Point) -> Point:
    a = (one[1] - one[0]) * (two[1] - two[0]) % P
    b = (one[1] + one[0]) * (two[1] + two[0]) % P
    c = 2 * one[3] * two[3] * D % P
    d = 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(factor: int, point: Point) -> Point:
    product = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            product = _add(product, point)
        point = _add(point, point)
        factor >>= 1
    return product


def _point(encoded: bytes) -> Optional[Point]:
    """The point that 32 bytes encode, or None when they encode none."""
    y = int.from_bytes(encoded, "little")
    odd, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and odd):
        return None
    if x & 1 != odd:
        x = P - x
    return x, y, 1, x * y % P


BASE = _point(b"\x58" + b"\x66" * 31)


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the holder of the key signed the message: [S]B = R + [k]A."""
    if len(public) != 32 or len(signature) != 64:
        return False
    a, r = _point(public), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or BASE is None or s >= ORDER:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    left, right = _times(s, BASE), _add(r, _times(k, a))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# --- Merkle tree (RFC 9162 §2.1.3.2 and §2.1.4.2) ---------------------------------------------


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def is_included(leaf: bytes, position: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the path leads from the leaf, at its position, to the root."""
    if not 0 <= position < size:
        return False
    here, last = position, size - 1
    for step in path:
        if last == 0:
            return False
        if here & 1 or here == last:
            leaf = node(step, leaf)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            leaf = node(leaf, step)
        here, last = here >> 1, last >> 1
    return last == 0 and leaf == root


def is_kept(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the tree of size `new` begins with the tree of size `old`, unchanged."""
    if old == new:
        return not path and old_root == new_root
    if not 0 < old < new:
        return False
    steps = ([old_root] if old & (old - 1) == 0 else []) + list(path)
    if not steps:
        return False
    here, last = old - 1, new - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            first, second = node(step, first), node(step, second)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            second = node(second, step)
        here, last = here >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


# --- reading the file -------------------------------------------------------------------------


def read(content: bytes) -> Dict[str, Any]:
    """The proof in the file; Unreadable when it is none."""
    try:
        proof = json.loads(content.decode("utf-8"))
        written = canonical(proof)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"This is not JSON: {error}") from None
    if not isinstance(proof, dict) or proof.get("format") not in ("gnomon-proof/1", "gnomon-proof/2"):
        raise Unreadable("This is not a proof of the format gnomon-proof/1 or gnomon-proof/2.")
    proof["canonical"] = content == written + b"\n"
    return proof


def part(of: Any, name: str, kind: type) -> Any:
    """A named part of the file, of the type that it must have."""
    if not isinstance(of, dict) or type(of.get(name)) is not kind:
        raise Unreadable(f"“{name}” is missing from the file or is not what it should be.")
    return of[name]


def octets(text: Any) -> bytes:
    """Bytes written as lower-case hexadecimal digits."""
    try:
        found = bytes.fromhex(text)
    except (TypeError, ValueError):
        raise Unreadable(f"{text!r} should be hexadecimal digits.") from None
    if found.hex() != text:
        raise Unreadable(f"{text!r} should be lower-case hexadecimal digits.")
    return found


# --- the checks -------------------------------------------------------------------------------


def check(proof: Dict[str, Any], pinned: Sequence[str], noted: Optional[Tuple[int, bytes]], each: bool) -> bool:
    """Say what holds; whether all does."""
    report = Report()
    report.say(
        proof.pop("canonical"),
        ("The file is written as it was exported.", "文件保持导出时的写法。"),
        ("The file was rewritten after it was exported.", "文件在导出后被改写过。"),
    )
    keys = check_keys(report, proof, pinned)
    check_whole(report, proof, keys)
    checkpoints = check_checkpoints(report, proof, keys)
    check_kept(report, proof, checkpoints)
    check_noted(report, checkpoints, noted)
    check_entries(report, proof, checkpoints[-1], each)
    if report.broken:
        print(f"This proof does NOT hold: {report.broken} of its claims fail. 证明不成立：有 {report.broken} 处不符。")
    else:
        print("This proof holds. 证明成立。")
    return not report.broken


def check_keys(report: Report, proof: Dict[str, Any], pinned: Sequence[str]) -> Dict[str, bytes]:
    keys = {}
    for item in part(proof, "keys", list):
        public = octets(part(item, "public", str))
        id = hashlib.sha256(public).hexdigest()[:16]
        keys[id] = public
        report.say(
            id == part(item, "id", str),
            (f"Key {id}: {public.hex()}.", f"公钥 {id}。"),
            (f"Key {item['id']} is not the key of that name.", f"公钥 {item['id']} 名实不符。"),
        )
    if pinned:
        known = keys
        keys = {id: public for id, public in keys.items() if id in pinned or public.hex() in pinned}
        check_handovers(report, proof, keys, known)
        report.say(
            bool(keys),
            ("Only keys that you gave are trusted below.", "以下只信任您提供的公钥。"),
            ("None of the keys that you gave is in the file.", "您提供的公钥都不在文件中。"),
        )
    return keys


def check_handovers(report: Report, proof: Dict[str, Any], trusted: Dict[str, bytes], known: Dict[str, bytes]) -> None:
    """Trust a key too when a trusted one signed that it follows; a key that was lost signed nothing."""
    for step in part(proof, "handovers", list) if "handovers" in proof else []:
        old, new, signature = (part(step, name, str) for name in ("from", "to", "signature"))
        said = canonical({name: value for name, value in step.items() if name != "signature"})
        if old not in trusted or new in trusted:
            continue
        fits = part(step, "format", str) == "gnomon-handover/1" and known.get(new) == octets(part(step, "public", str))
        if fits and is_signed(trusted[old], said, octets(signature)):
            trusted[new] = known[new]
            report.holds(f"Key {old} signed that key {new} follows it.", f"密钥 {old} 签署了由 {new} 接替。")


def check_whole(report: Report, proof: Dict[str, Any], keys: Dict[str, bytes]) -> None:
    seal = part(proof, "signature", dict)
    id, signature = part(seal, "key", str), octets(part(seal, "signature", str))
    rest = {name: value for name, value in proof.items() if name != "signature"}
    report.say(
        set(seal) == {"key", "signature"} and id in keys and is_signed(keys[id], canonical(rest), signature),
        ("The file as a whole is signed: nothing was added or left out.", "文件整体签名有效：没有增减。"),
        (f"The file as a whole is not what key {id} signed.", f"文件整体与密钥 {id} 的签名不符。"),
    )


def check_checkpoints(report: Report, proof: Dict[str, Any], keys: Dict[str, bytes]) -> List[Dict[str, Any]]:
    checkpoints: List[Dict[str, Any]] = part(proof, "checkpoints", list)
    if not checkpoints:
        raise Unreadable("The file holds no checkpoint.")
    size = 0
    for checkpoint in checkpoints:
        if part(checkpoint, "size", int) <= size:
            raise Unreadable("The checkpoints are not in order of their size.")
        size = checkpoint["size"]
        body = {name: part(checkpoint, name, str) for name in ("format", "key", "previous", "root", "sealed_at")}
        id, when = body["key"], body["sealed_at"]
        signed = canonical({**body, "size": size})
        report.say(
            id in keys and is_signed(keys[id], signed, octets(part(checkpoint, "signature", str))),
            (f"Checkpoint of {size} entries at {when}: signed by {id}.", f"{size} 条的检查点签名有效。"),
            (f"Checkpoint of {size} entries at {when}: key {id} did not sign it.", f"{size} 条的检查点签名无效。"),
        )
        checkpoint["root"] = octets(body["root"])
    return checkpoints


def check_kept(report: Report, proof: Dict[str, Any], checkpoints: List[Dict[str, Any]]) -> None:
    steps = part(proof, "consistency", list)
    if len(steps) != len(checkpoints) - 1:
        raise Unreadable("There must be one consistency proof between each two checkpoints.")
    for old, new, step in zip(checkpoints, checkpoints[1:], steps):
        path = [octets(item) for item in part(step, "path", list)]
        ends = (part(step, "from", int), part(step, "to", int))
        report.say(
            ends == (old["size"], new["size"]) and is_kept(*ends, old["root"], new["root"], path),
            (f"The first {ends[0]} of {ends[1]} entries were kept as they were.", f"前 {ends[0]} 条原样保留。"),
            (f"The first {ends[0]} of {ends[1]} entries were rewritten.", f"前 {ends[0]} 条被改写过。"),
        )


def check_noted(report: Report, checkpoints: List[Dict[str, Any]], noted: Optional[Tuple[int, bytes]]) -> None:
    if noted is None:
        return
    size, root = noted
    report.say(
        any(checkpoint["size"] == size and checkpoint["root"] == root for checkpoint in checkpoints),
        (f"The root that you noted for {size} entries is the root here.", f"您记下的 {size} 条的根与此一致。"),
        (f"No checkpoint here has the root that you noted for {size} entries.", f"此处没有您记下的 {size} 条的根。"),
    )


def check_entries(report: Report, proof: Dict[str, Any], checkpoint: Dict[str, Any], each: bool) -> None:
    entries, right, erased = part(proof, "entries", list), 0, 0
    for item in entries:
        position, content = part(item, "position", int), part(item, "content", dict)
        path = [octets(step) for step in part(item, "path", list)]
        leaf = hashlib.sha256(b"\0" + canonical(content)).digest()
        name = f"{part(content, 'number', str)} #{part(content, 'version', int)}"
        if is_included(leaf, position, checkpoint["size"], path, checkpoint["root"]):
            false, gone = check_revealed(item, content)
            for field in false:
                report.fails(
                    f"{name}: “{field}” is not what was sealed: it was altered after it left the ledger.",
                    f"{name}：“{field}”与封存的内容不符，导出后被修改过。",
                )
            right += not false
            erased += gone
            if each:
                happened = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(
                    milliseconds=part(content, "happened_at", int)
                )
                verb, actor = part(content, "verb", str), part(content, "actor", str)
                print(f"      {position:>8}  {happened:%Y-%m-%d %H:%M:%S}Z  {name}  {verb}  {actor}")
        else:
            report.fails(
                f"{name} is not what was sealed at position {position}: it was altered, or it was never there.",
                f"{name} 与第 {position} 位封存的内容不符：被修改过，或从未存在。",
            )
    if right == len(entries):
        report.holds(f"All {right} entries are in the sealed ledger.", f"全部 {right} 条均在封存的台账中。")
    if erased:
        print(f"      {erased} personal values were erased before the export. 导出前已删除 {erased} 处个人信息。")


def check_revealed(item: Dict[str, Any], content: Dict[str, Any]) -> Tuple[List[str], int]:
    """The personal facts that are not what their commitments stand for, and how many were erased.

    Of a personal fact the sealed entry holds the SHA-256 of [old, new, salt] (of a reason: [text, salt]).
    Who erases it drops the list; the entry and all its proofs stay as they are.
    """
    committed = part(content, "personal", dict) if "personal" in content else {}
    revealed = part(item, "revealed", dict) if "revealed" in item else {}
    false = [
        name for name, shown in revealed.items() if hashlib.sha256(canonical(shown)).hexdigest() != committed.get(name)
    ]
    return sorted(false), len(set(committed) - set(revealed))


def main(arguments: Sequence[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    given: Dict[str, List[str]] = {"--key": [], "--root": [], "--list": []}
    files, rest = [], list(arguments)
    while rest:
        word = rest.pop(0)
        if word in ("--key", "--root") and rest:
            given[word].append(rest.pop(0))
        elif word == "--list":
            given[word].append(word)
        else:
            files.append(word)
    if len(files) != 1 or files[0].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        noted = None
        if given["--root"]:
            size, _, root = given["--root"][-1].partition(":")
            if not size.isdigit():
                raise Unreadable("--root needs SIZE:ROOT, for example 1024:9f86d0…")
            noted = (int(size), octets(root))
        with open(files[0], "rb") as file:
            proof = read(file.read())
        return 0 if check(proof, given["--key"], noted, bool(given["--list"])) else 1
    except (OSError, Unreadable, OverflowError, RecursionError) as error:
        print(f"This file cannot be checked. 无法核验此文件。 {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
