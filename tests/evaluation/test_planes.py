"""9.1: numbers that lie across long ones are counted, added up and put in order as if each stood by itself."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from gnomon.evaluation.planes import Numbers, below, equal, numbers_of, part_of, parted, planes_of, total

WHOLE = some.lists(some.integers(0, 2**41), max_size=12)
RUNS = some.lists(some.lists(some.integers(-3, 9), max_size=6), max_size=4)


def rows_of(mask: int) -> list[int]:
    return [at for at in range(mask.bit_length()) if mask >> at & 1]


@given(WHOLE, some.data())
def test_planes_tell_what_their_numbers_do(numbers: list[int], data: some.DataObject) -> None:
    planes = planes_of(numbers)
    assert numbers_of(planes, len(numbers)) == numbers
    mask = data.draw(some.integers(0, 2 ** len(numbers) - 1))
    chosen = rows_of(mask)
    bound = data.draw(some.sampled_from([*numbers, *(number + 1 for number in numbers), 0, 2**50]))
    assert rows_of(below(planes, bound, mask)) == [at for at in chosen if numbers[at] < bound]
    assert rows_of(equal(planes, bound, mask)) == [at for at in chosen if numbers[at] == bound]
    assert total(planes, mask) == sum(numbers[at] for at in chosen)
    apart = {number: rows_of(rows) for number, rows in parted(planes, mask)}
    assert apart == {numbers[at]: [other for other in chosen if numbers[other] == numbers[at]] for at in chosen}


@given(RUNS, some.data())
def test_any_place_of_parts_without_some_of_their_numbers_is_that_of_one_list(
    runs: list[list[int]], data: some.DataObject
) -> None:
    whole = sorted(number for run in runs for number in run)
    gone = data.draw(some.lists(some.sampled_from(range(len(whole))), unique=True)) if whole else []
    left = [number for at, number in enumerate(whole) if at not in gone]
    found = Numbers([*(part_of(1, run) for run in runs), part_of(-1, [whole[at] for at in gone])])
    assert (len(found), found.total) == (len(left), sum(left))
    assert [found[at] for at in range(len(left))] == left
    assert all(found.count_of(number) == left.count(number) for number in range(-4, 11))
