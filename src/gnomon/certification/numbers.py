"""Sets of record numbers as a run keeps them: exact, small, quick to amend, and with a digest.

Numbers with one prefix and width lie in chunks of 32,768, each a bitmap. A population of a million takes
125 kB; two populations that differ at their edges share all chunks between, and a chunk is kept once.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import struct
import zlib
from bisect import bisect
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from heapq import merge
from itertools import islice
from operator import and_, or_
from typing import Any, overload

BITS = 1 << 15
DIGITS = "0123456789"
# What is smaller than a reference to it stands in the list itself.
INLINE = 64
# So many that are unlike the rest are put in their places one by one.
FEW = 5_000
_ONES = re.compile("1+")
_Chunks = dict[tuple[str, int], dict[int, int]]


class Numbers(Sequence[str]):
    """Record numbers, each once, sorted."""

    def __init__(self, chunks: _Chunks, others: frozenset[str] = frozenset()) -> None:
        self._chunks = {key: kept for key, each in chunks.items() if (kept := {at: b for at, b in each.items() if b})}
        self._others = others

    @classmethod
    def of(cls, numbers: Iterable[str]) -> Numbers:
        """The set of these numbers."""
        if isinstance(numbers, Numbers):
            return numbers
        # Straight into bits: a set of a million counters takes five hundred times as much memory.
        bitmaps: dict[tuple[str, int], dict[int, bytearray]] = defaultdict(dict)
        others: set[str] = set()
        for number in numbers:
            head = number.rstrip(DIGITS)
            width = len(number) - len(head)
            if 0 < width <= 15:
                at, bit = divmod(int(number[-width:]), BITS)
                mine = bitmaps[head, width]
                if at not in mine:
                    mine[at] = bytearray(BITS // 8)
                mine[at][bit >> 3] |= 1 << (bit & 7)
            else:
                others.add(number)
        return cls({key: _integers(each) for key, each in bitmaps.items()}, frozenset(others))

    def __len__(self) -> int:
        return self._count

    def __bool__(self) -> bool:
        return bool(self._chunks or self._others)

    def __iter__(self) -> Iterator[str]:
        return iter(self._sorted)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, str):  # templates ask by name first, and would have a million sorted to hear no
            raise TypeError("Numbers are found by their place.")
        if isinstance(at, slice) and at.step in (None, 1) and "_sorted" not in self.__dict__:
            return self._between(*at.indices(len(self))[:2])
        return self._sorted[at]

    def _between(self, start: int, stop: int) -> list[str]:
        """A stretch of the sorted numbers: a page of a million costs little more than a page does."""
        usual, rest = self._usual_and_rest()
        if len(rest) > FEW:
            return self._sorted[start:stop]
        found: list[str] = []
        passed = 0
        for count, numbers in self._by_chunks(usual, sorted(rest.each())):
            if passed < stop and passed + count > start:
                found += islice(numbers, max(start - passed, 0), stop - passed)
            passed += count
        return found

    def _usual_and_rest(self) -> tuple[tuple[str, int], Numbers]:
        """The prefix and width of most numbers, and the numbers that are unlike them."""
        usual = max(self._chunks, key=lambda key: len(self._chunks[key]), default=("", 0))
        rest = Numbers({key: each for key, each in self._chunks.items() if key != usual}, self._others)
        return usual, rest

    def _by_chunks(self, usual: tuple[str, int], rest: list[str]) -> Iterator[tuple[int, Iterable[str]]]:
        """All numbers in order, chunk by chunk of those of one prefix and width, with the rest where they belong."""
        head, width = usual
        done = 0
        for at, bits in sorted(self._chunks.get(usual, {}).items()):
            first, last = (bits & -bits).bit_length() - 1, bits.bit_length() - 1
            before, within = (
                bisect(rest, f"{head}{at * BITS + bit:0{width}d}", lo=done) for bit in (first, last)
            )  # fmt: skip
            yield before - done, rest[done:before]
            mine = (f"{head}{at * BITS + bit:0{width}d}" for bit in _bits(bits))
            yield bits.bit_count() + within - before, merge(mine, rest[before:within])
            done = within
        yield len(rest) - done, rest[done:]

    def __contains__(self, number: object) -> bool:
        if not isinstance(number, str):
            return False
        head = number.rstrip(DIGITS)
        width = len(number) - len(head)
        if not 0 < width <= 15:
            return number in self._others
        chunk, bit = divmod(int(number[-width:]), BITS)
        return bool(self._chunks.get((head, width), {}).get(chunk, 0) >> bit & 1)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Numbers):
            return self._chunks == other._chunks and self._others == other._others
        return self._sorted == list(other) if isinstance(other, Sequence) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Numbers({self._sorted[:5]}{' …' if len(self) > 5 else ''})"

    def __or__(self, other: Numbers) -> Numbers:
        return self._with(other, or_, self._others | other._others)

    def __and__(self, other: Numbers) -> Numbers:
        return self._with(other, and_, self._others & other._others)

    def __sub__(self, other: Numbers) -> Numbers:
        return self._with(other, lambda mine, theirs: mine & ~theirs, self._others - other._others)

    @property
    def others(self) -> frozenset[str]:
        """Those that do not end in a counter, such as parts of a record: SLA-000001/respond."""
        return self._others

    def each(self) -> Iterator[str]:
        """Every number once, in no order to rely on; a million are never in memory at once."""
        for (head, width), at, bits in self._in_order():
            for bit in _bits(bits):
                yield f"{head}{at * BITS + bit:0{width}d}"
        yield from self._others

    def stretches(self) -> Iterator[tuple[str, str, int]]:
        """All numbers in order, neighbours of one prefix and width together: the first, the last, how many."""
        usual, rest = self._usual_and_rest()
        if len(rest) > FEW:
            yield from neighbours(self._sorted)
            return
        head, width = usual
        apart, done = list(rest), 0

        def text(counter: int) -> str:
            return f"{head}{counter:0{width}d}"

        for first, high in _runs(self._chunks.get(usual, {})):
            low = first
            while low <= high:
                before = bisect(apart, text(low), lo=done)
                yield from neighbours(apart[done:before])
                done, count = before, high - low + 1
                if done < len(apart) and apart[done] < text(high):  # INC-1000000 stands behind INC-100000
                    count = bisect(range(low, high + 1), apart[done], key=text)
                yield text(low), text(low + count - 1), count
                low += count
        yield from neighbours(apart[done:])

    def divided(self, rows: Iterable[tuple[str, Any]]) -> dict[Any, Numbers]:
        """Those of these numbers that are in the set, by what stands beside each; a million cost a second."""
        heads = sorted({head for head, _width in self._chunks})
        found: dict[Any, Numbers] = defaultdict(lambda: NONE)
        for (key, head, width), bits in self._marked(rows, heads[0] if len(heads) == 1 else None).items():
            chunks = {at // (BITS // 8): int.from_bytes(bits[at : at + BITS // 8], "little")
                      for at in range(0, len(bits), BITS // 8)}  # fmt: skip
            found[key] |= Numbers({(head, width): chunks}) & self
        return {key: part for key, part in found.items() if part}

    def _marked(self, rows: Iterable[tuple[str, Any]], usual: str | None) -> dict[tuple[Any, str, int], bytearray]:
        """A bit for each number, by what stands beside it, by head and width; none beyond the largest of the set."""
        size = (max((at for each in self._chunks.values() for at in each), default=-1) + 1) * (BITS // 8)
        marked: dict[tuple[Any, str, int], bytearray] = defaultdict(lambda: bytearray(size))
        places: dict[tuple[Any, int], bytearray] = {}
        skip = len(usual or "")
        for number, key in rows:
            digits = number[skip:]
            if usual is None or not digits.isdigit() or not number.startswith(usual):
                head = number.rstrip(DIGITS)
                digits = number[len(head) :]
                if not digits:
                    continue
                bits = marked[key, head, len(digits)]
            else:
                try:
                    bits = places[key, len(digits)]
                except KeyError:
                    bits = places[key, len(digits)] = marked[key, usual, len(digits)]
            at = int(digits)
            if at >> 3 < size:
                bits[at >> 3] |= 1 << (at & 7)
        return marked

    def by_prefix(self) -> dict[str, Numbers]:
        """The numbers by what stands before their first hyphen, which tells their kind."""
        found: dict[str, Numbers] = defaultdict(lambda: NONE)
        for (head, width), each in self._chunks.items():
            found[head.partition("-")[0]] |= Numbers({(head, width): each})
        for number in self._others:
            found[number.partition("-")[0]] |= Numbers({}, frozenset((number,)))
        return dict(found)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over prefix, width, place and bits of every chunk, then over the other numbers one a line."""
        sum_ = hashlib.sha256()
        for (head, width), at, bits in self._in_order():
            sum_.update(f"{head}|{width}|{at}|{hashlib.sha256(_raw(bits)).hexdigest()}\n".encode())
        for number in sorted(self._others):
            sum_.update(f"{number}\n".encode())
        return sum_.hexdigest()

    def pack(self, chunks: dict[str, bytes]) -> bytes:
        """The set as a short list of its chunks; what the list refers to is added to `chunks` by digest."""
        table: dict[str, list[list[Any]]] = {}
        for (head, width), at, bits in self._in_order():
            raw = _raw(bits)
            small = zlib.compress(raw)
            if len(small) <= INLINE:
                where = "=" + base64.b64encode(small).decode()
            else:
                where = hashlib.sha256(raw).hexdigest()
                chunks[where] = small
            table.setdefault(f"{width}|{head}", []).append([at, where])
        packed = {"chunks": table, "others": sorted(self._others)}
        return zlib.compress(json.dumps(packed, separators=(",", ":"), ensure_ascii=False).encode())

    @cached_property
    def _count(self) -> int:
        return len(self._others) + sum(bits.bit_count() for each in self._chunks.values() for bits in each.values())

    @cached_property
    def _sorted(self) -> list[str]:
        found = list(self._others)
        for (head, width), at, bits in self._in_order():
            first = at * BITS
            found.extend(f"{head}{first + bit:0{width}d}" for bit in _bits(bits))
        return sorted(found)

    def _in_order(self) -> Iterator[tuple[tuple[str, int], int, int]]:
        for key in sorted(self._chunks):
            for at in sorted(self._chunks[key]):
                yield key, at, self._chunks[key][at]

    def _with(self, other: Numbers, join: Callable[[int, int], int], others: frozenset[str]) -> Numbers:
        joined: _Chunks = {}
        for key in self._chunks.keys() | other._chunks.keys():
            mine, theirs = self._chunks.get(key, {}), other._chunks.get(key, {})
            joined[key] = {at: join(mine.get(at, 0), theirs.get(at, 0)) for at in mine.keys() | theirs.keys()}
        return Numbers(joined, others)


NONE = Numbers({})


def neighbours(ordered: Iterable[str]) -> Iterator[tuple[str, str, int]]:
    """Sorted numbers as stretches of those that follow one another: the first, the last, how many."""
    first = last = ""
    count, follows = 0, None
    for number in ordered:
        head = number.rstrip(DIGITS)
        width = len(number) - len(head)
        mine = (head, width, int(number[-width:])) if 0 < width <= 15 else None
        if count and mine is not None and mine == follows:
            last, count = number, count + 1
        else:
            if count:
                yield first, last, count
            first = last = number
            count = 1
        follows = None if mine is None else (head, width, mine[2] + 1)
    if count:
        yield first, last, count


def _runs(chunks: Mapping[int, int]) -> Iterator[tuple[int, int]]:
    """The counters in chunks as stretches without a gap: first and last."""
    low, high = 0, -2
    for at in sorted(chunks):
        for run in _ONES.finditer(bin(chunks[at])[:1:-1]):
            first, last = at * BITS + run.start(), at * BITS + run.end() - 1
            if first == high + 1:
                high = last
                continue
            if high >= 0:
                yield low, high
            low, high = first, last
    if high >= 0:
        yield low, high


def digest(numbers: Iterable[str]) -> str:
    """The digest of a set of numbers: equal for equal sets."""
    return Numbers.of(numbers).digest


def line_digest(numbers: Iterable[str]) -> str:
    """SHA-256 of the sorted numbers, one a line: what `sort -u | sha256sum` gives, but for the last line's end."""
    return hashlib.sha256("\n".join(sorted(set(numbers))).encode()).hexdigest()


def references(packed: bytes) -> set[str]:
    """Digests of the chunks that a packed set refers to."""
    table = json.loads(zlib.decompress(packed)) if packed else {}
    return {where for each in table.get("chunks", {}).values() for _at, where in each if where[0] != "="}


def is_chunk(digest: str, packed: bytes) -> bool:
    """Whether a chunk still is what its digest says."""
    try:
        return hashlib.sha256(zlib.decompress(packed)).hexdigest() == digest
    except zlib.error:
        return False


def unpack(packed: bytes, chunks: Mapping[str, bytes]) -> Numbers:
    """The set that was packed; LookupError when a chunk of it is missing."""
    if not packed:
        return NONE
    table = json.loads(zlib.decompress(packed))
    found: _Chunks = {}
    for key, each in table.get("chunks", {}).items():
        width, _bar, head = key.partition("|")
        found[head, int(width)] = {
            at: int.from_bytes(
                zlib.decompress(base64.b64decode(where[1:]) if where[0] == "=" else chunks[where]), "little"
            )
            for at, where in each
        }
    return Numbers(found, frozenset(table["others"]))


def _integers(bitmaps: Mapping[int, bytearray]) -> dict[int, int]:
    return {at: int.from_bytes(bits, "little") for at, bits in bitmaps.items()}


def _raw(bits: int) -> bytes:
    return bits.to_bytes((bits.bit_length() + 7) // 8, "little")


def _bits(bits: int) -> Iterator[int]:
    # By words of 64 bits: most chunks of what has changed lately hold a bit or two.
    for at, (word,) in enumerate(struct.iter_unpack("<Q", bits.to_bytes(BITS // 8, "little"))):
        rest = word
        while rest:
            low = rest & -rest
            yield at * 64 + low.bit_length() - 1
            rest ^= low
