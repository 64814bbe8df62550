"""The Merkle tree over ledger entries (RFC 6962 §2.1): roots, and proofs that need no trust."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

Leaves = Callable[[int, int], Sequence[bytes]]  # leaf hashes of the positions [start, end)

EMPTY = hashlib.sha256(b"").digest()
_TILE = 256  # leaves under the smallest subtree that `Tree` remembers
_sha256 = hashlib.sha256


class LedgerBroken(Exception):
    """The ledger does not hold together; `gnomon ledger verify` names the place."""


def leaf_hash(content: bytes) -> bytes:
    """0x00 before content, so that no leaf can pass for a node."""
    return _sha256(b"\0" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """0x01 before the two children."""
    return _sha256(b"\1" + left + right).digest()


class Frontier:
    """The right edge of a growing tree: one hash for each set bit of its size, largest first."""

    __slots__ = ("peaks", "size")

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size = size
        self.peaks = list(peaks)
        if len(self.peaks) != size.bit_count():
            raise LedgerBroken(f"A tree of {size} leaves has {size.bit_count()} peaks, not {len(self.peaks)}.")

    def append(self, leaf: bytes) -> None:
        """Take one more leaf hash; amortised one node hash."""
        peaks, size, sha256 = self.peaks, self.size, _sha256
        while size & 1:
            leaf = sha256(b"\1" + peaks.pop() + leaf).digest()
            size >>= 1
        peaks.append(leaf)
        self.size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        for leaf in leaves:
            self.append(leaf)

    def root(self) -> bytes:
        """The hash that stands for all leaves and their order."""
        if not self.peaks:
            return EMPTY
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root

    def packed(self) -> bytes:
        """The peaks as one string of bytes, to be kept beside a checkpoint."""
        return b"".join(self.peaks)

    @classmethod
    def unpacked(cls, size: int, packed: bytes) -> Frontier:
        """What `packed` kept; LedgerBroken when it does not fit the size."""
        return cls(size, [packed[start : start + 32] for start in range(0, len(packed), 32)])


class Tree:
    """Roots and proofs over leaves read on demand; full subtrees of 256 leaves and more are remembered in `known`."""

    def __init__(self, leaves: Leaves, size: int, known: dict[tuple[int, int], bytes] | None = None) -> None:
        self.leaves = leaves
        self.size = size
        self._known: dict[tuple[int, int], bytes] = {} if known is None else known

    def root(self, size: int | None = None) -> bytes:
        """The root of the first `size` leaves."""
        size = self.size if size is None else self._within(size)
        return self._subtree(0, size) if size else EMPTY

    def inclusion(self, position: int, size: int | None = None) -> list[bytes]:
        """The path that leads from one leaf to the root of the first `size` leaves (§2.1.1)."""
        size = self.size if size is None else self._within(size)
        if not 0 <= position < size:
            raise ValueError(f"A tree of {size} leaves has no leaf at position {position}.")
        start, end, path = 0, size, []
        while end - start > 1:
            middle = start + _split(end - start)
            if position < middle:
                path.append(self._subtree(middle, end))
                end = middle
            else:
                path.append(self._subtree(start, middle))
                start = middle
        return path[::-1]

    def consistency(self, old: int, new: int | None = None) -> list[bytes]:
        """The nodes that show that the first `old` leaves were kept as they were (§2.1.2)."""
        new = self.size if new is None else self._within(new)
        if not 0 < old <= new:
            raise ValueError(f"A tree of {new} leaves has no past of {old} leaves.")
        start, end, whole, path = 0, new, True, []
        while old < end:
            middle = start + _split(end - start)
            if old <= middle:
                path.append(self._subtree(middle, end))
                end = middle
            else:
                path.append(self._subtree(start, middle))
                start, whole = middle, False
        if not whole:
            path.append(self._subtree(start, end))
        return path[::-1]

    def _within(self, size: int) -> int:
        if not 0 <= size <= self.size:
            raise ValueError(f"The tree has {self.size} leaves, not {size}.")
        return size

    def _subtree(self, start: int, end: int) -> bytes:
        length = end - start
        full = length & (length - 1) == 0 and start % length == 0
        if full and (known := self._known.get((start, length))):
            return known
        if length <= _TILE:
            leaves = self.leaves(start, end)
            if len(leaves) != length:
                raise LedgerBroken(
                    f"Leaves {start} to {end - 1} should be {length}, but {len(leaves)} were found; "
                    "run “gnomon ledger verify”."
                )
            frontier = Frontier()
            frontier.extend(leaves)
            found = frontier.root()
        else:
            middle = start + _split(length)
            found = node_hash(self._subtree(start, middle), self._subtree(middle, end))
        if full and length >= _TILE:
            self._known[start, length] = found
        return found


def _split(length: int) -> int:
    """The largest power of two below `length`."""
    return 1 << (length - 1).bit_length() - 1


def verify_inclusion(leaf: bytes, position: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the path leads from the leaf at this position to the root (RFC 9162 §2.1.3.2)."""
    if not 0 <= position < size:
        return False
    node, last, found = position, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if node & 1 or node == last:
            found = node_hash(step, found)
            while not node & 1 and node:
                node >>= 1
                last >>= 1
        else:
            found = node_hash(found, step)
        node >>= 1
        last >>= 1
    return last == 0 and found == root


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the new tree begins with the old one, unchanged (RFC 9162 §2.1.4.2)."""
    if old == new:
        return not path and old_root == new_root
    if not 0 < old < new:
        return False
    steps = list(path)
    if old & (old - 1) == 0:
        steps.insert(0, old_root)
    if not steps:
        return False
    node, last = old - 1, new - 1
    while node & 1:
        node >>= 1
        last >>= 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            first = node_hash(step, first)
            second = node_hash(step, second)
            while not node & 1 and node:
                node >>= 1
                last >>= 1
        else:
            second = node_hash(second, step)
        node >>= 1
        last >>= 1
    return last == 0 and first == old_root and second == new_root
