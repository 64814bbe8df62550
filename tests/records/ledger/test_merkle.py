"""The tree, held against the definition in RFC 6962 and the vectors of Certificate Transparency."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnomon.records.ledger.merkle import (
    EMPTY,
    Frontier,
    LedgerBroken,
    Tree,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)

CONTENTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def naive(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962 §2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\1" + naive(leaves[:k]) + naive(leaves[k:])).digest()


def some(count: int) -> list[bytes]:
    return [leaf_hash(b"%d" % n) for n in range(count)]


def tree(leaves: Sequence[bytes]) -> Tree:
    return Tree(lambda start, end: leaves[start:end], len(leaves))


@pytest.mark.parametrize("count", range(1, 9))
def test_roots_equal_the_published_ones(count: int) -> None:
    frontier = Frontier()
    frontier.extend(leaf_hash(bytes.fromhex(content)) for content in CONTENTS[:count])
    assert frontier.root().hex() == ROOTS[count - 1]


def test_the_empty_tree_has_the_root_of_nothing() -> None:
    assert Frontier().root() == EMPTY == tree([]).root()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 700), st.data())
def test_a_tree_grown_in_batches_has_the_root_of_the_definition(count: int, data: st.DataObject) -> None:
    leaves, frontier = some(count), Frontier()
    while frontier.size < count:
        batch = data.draw(st.integers(1, count - frontier.size))
        frontier = Frontier.unpacked(frontier.size, frontier.packed())
        frontier.extend(leaves[frontier.size : frontier.size + batch])
        assert frontier.root() == naive(leaves[: frontier.size])
    assert tree(leaves).root() == naive(leaves)


def test_a_frontier_that_does_not_fit_its_size_is_refused() -> None:
    with pytest.raises(LedgerBroken, match=r"5 leaves has 2 peaks, not 1\."):
        Frontier.unpacked(5, b"x" * 32)


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 700), st.data())
def test_an_inclusion_proof_holds_for_its_leaf_and_no_other(count: int, data: st.DataObject) -> None:
    leaves = some(count)
    position = data.draw(st.integers(0, count - 1))
    other = data.draw(st.integers(0, count - 1))
    size = data.draw(st.integers(position + 1, count))
    path, root = tree(leaves).inclusion(position, size), naive(leaves[:size])
    assert verify_inclusion(leaves[position], position, size, path, root)
    if other != position:
        assert not verify_inclusion(leaves[other], position, size, path, root)
        assert not verify_inclusion(leaves[position], other, size, path, root)
    assert not verify_inclusion(leaves[position], position, size, [*path, root], root)
    assert not verify_inclusion(leaves[position], position, size, path[:-1], root) or not path
    if path:
        bad = data.draw(st.integers(0, len(path) - 1))
        broken = [*path[:bad], leaf_hash(b"other"), *path[bad + 1 :]]
        assert not verify_inclusion(leaves[position], position, size, broken, root)


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 700), st.data())
def test_a_consistency_proof_holds_for_the_kept_past_only(count: int, data: st.DataObject) -> None:
    leaves = some(count)
    old = data.draw(st.integers(1, count))
    path, before, now = tree(leaves).consistency(old), naive(leaves[:old]), naive(leaves)
    assert verify_consistency(old, count, before, now, path)
    changed = list(leaves)
    changed[data.draw(st.integers(0, old - 1))] = leaf_hash(b"rewritten")
    assert not verify_consistency(old, count, before, naive(changed), tree(changed).consistency(old))
    assert not verify_consistency(old, count, naive(changed[:old]), now, path)
    assert not verify_consistency(old, count, before, now, [*path, now])


def test_small_trees_are_proved_for_every_pair_of_sizes() -> None:
    leaves = some(40)
    whole = tree(leaves)
    for new in range(1, 41):
        for old in range(1, new + 1):
            path = whole.consistency(old, new)
            assert verify_consistency(old, new, naive(leaves[:old]), naive(leaves[:new]), path), (old, new)
        for position in range(new):
            path = whole.inclusion(position, new)
            assert verify_inclusion(leaves[position], position, new, path, naive(leaves[:new])), (position, new)


def test_leaves_that_are_not_there_are_missed() -> None:
    with pytest.raises(LedgerBroken, match="should be 4, but 3 were found"):
        Tree(lambda start, end: some(3), 4).root()


def test_many_proofs_read_the_leaves_about_once() -> None:
    leaves, read = some(4096), []

    def reading(start: int, end: int) -> Sequence[bytes]:
        read.append(end - start)
        return leaves[start:end]

    whole = Tree(reading, len(leaves))
    for position in range(0, 4096, 400):
        assert verify_inclusion(leaves[position], position, 4096, whole.inclusion(position), naive(leaves))
    # Once through all, then for each of the 11 proofs at most the 256 leaves around its own.
    assert sum(read) <= 4096 + 11 * 256
