"""Lists of record numbers as a run keeps them: exact, small, and with a digest."""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Iterable
from itertools import groupby

_NUMBERED = re.compile(r"(.*?)(\d{1,15})")


def digest(numbers: Iterable[str]) -> str:
    """SHA-256 of the sorted numbers, one a line: equal for equal populations."""
    return hashlib.sha256("\n".join(sorted(set(numbers))).encode()).hexdigest()


def pack(numbers: Iterable[str]) -> bytes:
    """The numbers as stretches (INC-000001 to INC-024918 takes as much room as one number)."""
    counters: dict[str, list[int]] = {}
    others: list[str] = []
    for number in set(numbers):
        found = _NUMBERED.fullmatch(number)
        # Only ASCII digits of a fixed width come back as they were.
        if found is None or not found[2].isascii():
            others.append(number)
            continue
        counters.setdefault(f"{len(found[2])}|{found[1]}", []).append(int(found[2]))
    table = {"stretches": {key: _stretches(counters[key]) for key in sorted(counters)}, "others": sorted(others)}
    return zlib.compress(json.dumps(table, separators=(",", ":"), ensure_ascii=False).encode())


def unpack(packed: bytes) -> list[str]:
    """The sorted numbers that were packed."""
    if not packed:
        return []
    table = json.loads(zlib.decompress(packed))
    numbers: list[str] = list(table["others"])
    for key, stretches in table["stretches"].items():
        width, _bar, prefix = key.partition("|")
        for first, last in stretches:
            numbers.extend(f"{prefix}{counter:0{int(width)}d}" for counter in range(first, last + 1))
    return sorted(numbers)


def _stretches(counters: list[int]) -> list[tuple[int, int]]:
    ordered = sorted(counters)
    runs = (list(run) for _gap, run in groupby(enumerate(ordered), key=lambda pair: pair[1] - pair[0]))
    return [(run[0][1], run[-1][1]) for run in runs]
