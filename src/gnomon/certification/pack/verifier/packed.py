"""A pack while it is checked: its files, and what is known of them so far."""

# ruff: noqa: UP006, UP035
# The newer ways of writing that these rules ask for are unknown to Python 3.8, which auditors still meet.
from __future__ import annotations

import hashlib
import json
import re
from typing import Any, Dict, Iterable, List, Tuple

from gnomon.certification.pack.verifier.places import Source
from gnomon.certification.pack.verifier.reports import Silent
from gnomon.records.ledger.verify_proof import Unreadable, read


class Pack:
    """What is checked, and what is known of it so far."""

    def __init__(self, source: Source, report: Silent) -> None:
        self.source, self.report = source, report
        self.names = set(source.names())
        self.keys = {}  # type: Dict[str, bytes]
        self.index = {}  # type: Dict[str, Any]
        self.sealed = {}  # type: Dict[str, Any]
        self.checkpoint = {}  # type: Dict[str, Any]
        self.checkpoints = {}  # type: Dict[int, bytes]
        self.counts = {}  # type: Dict[str, int]
        self.near = {}  # type: Dict[str, List[str]]
        self.entries = {}  # type: Dict[str, List[Dict[str, Any]]]

    def json(self, name: str) -> Any:
        if name not in self.names:
            raise Unreadable(f"{name} is missing.")
        try:
            return json.loads(self.source.read(name).decode("utf-8"))
        except (ValueError, RecursionError) as error:
            raise Unreadable(f"{name} is not JSON: {error}") from None

    def text(self, name: str) -> str:
        if name not in self.names:
            raise Unreadable(f"{name} is missing.")
        try:
            return self.source.read(name).decode("utf-8")
        except ValueError:
            raise Unreadable(f"{name} is not text in UTF-8.") from None

    def proof(self, name: str) -> Dict[str, Any]:
        if name not in self.names:
            raise Unreadable(f"{name} is missing.")
        return read(self.source.read(name))

    def list(self, digest: str) -> List[str]:
        """The numbers of a list, from the file that its digest names; those read last are at hand."""
        if digest in self.near:
            return self.near[digest]
        name = f"data/lists/{digest}.txt"
        found = numbers_of(self.text(name))
        if digest not in self.counts and digest_of_set(found) != digest:
            self.report.fails(f"{name} is not the list of that digest.", f"{name} 与其摘要不符。")
        self.counts[digest] = len(found)
        while self.near and len(found) + sum(map(len, self.near.values())) > MOST_NEAR:
            del self.near[next(iter(self.near))]
        self.near[digest] = found
        return found

    def count(self, digest: str) -> int:
        """How many numbers a list holds."""
        return self.counts[digest] if digest in self.counts else len(self.list(digest))


MOST_NEAR = 500_000  # numbers of lists in memory, beside the one that is read
COUNTED = re.compile(r"(.*?)([0-9]{1,15})\.\.(.*?)([0-9]{1,15})")


def numbers_of(text: str) -> List[str]:
    """The numbers of a list; FIRST..LAST stands for all between."""
    numbers = []  # type: List[str]
    for line in text.splitlines():
        found = COUNTED.fullmatch(line)
        if not found:
            numbers.append(line)
            continue
        prefix, first, again, last = found.groups()
        if prefix != again or len(first) != len(last) or int(last) - int(first) > 100_000_000:
            raise Unreadable(f"{line!r} is not a stretch of numbers.")
        numbers.extend(f"{prefix}{count:0{len(first)}d}" for count in range(int(first), int(last) + 1))
    return sorted(numbers)


def digest_of_set(numbers: Iterable[str]) -> str:
    """The digest of a set of numbers: a line for each chunk of 32,768, with the SHA-256 of its bits, then the others.

    Bit N of chunk C of a prefix and a width stands for the number that counts 32,768 C + N; the lowest byte is first.
    """
    bits: Dict[Tuple[str, int, int], bytearray] = {}
    others = set()
    for number in numbers:
        head = number.rstrip("0123456789")
        width = len(number) - len(head)
        if 0 < width <= 15:
            at, bit = divmod(int(number[-width:]), 32_768)
            if (head, width, at) not in bits:
                bits[head, width, at] = bytearray(4096)
            bits[head, width, at][bit >> 3] |= 1 << (bit & 7)
        else:
            others.add(number)
    found = hashlib.sha256()
    for (head, width, at), each in sorted(bits.items()):
        found.update(f"{head}|{width}|{at}|{hashlib.sha256(each.rstrip(bytes(1))).hexdigest()}\n".encode())
    for number in sorted(others):
        found.update(f"{number}\n".encode())
    return found.hexdigest()
