"""9.1: several sorted runs are looked into as if they were one."""

from __future__ import annotations

from array import array

from hypothesis import given
from hypothesis import strategies as some

from gnomon.evaluation.queries.runs import Merged

RUNS = some.lists(some.lists(some.integers(-3, 9), max_size=6).map(sorted), max_size=4)


@given(RUNS, some.data())
def test_any_place_of_runs_without_some_of_their_numbers_is_that_of_one_list(
    runs: list[list[int]], data: some.DataObject
) -> None:
    whole = sorted(number for run in runs for number in run)
    gone = data.draw(some.lists(some.sampled_from(range(len(whole))), unique=True)) if whole else []
    left = [number for at, number in enumerate(whole) if at not in gone]
    found = Merged([array("q", run) for run in runs], [array("q", sorted(whole[at] for at in gone))])
    assert (len(found), found.total) == (len(left), sum(left))
    places = data.draw(some.permutations(range(len(left))))
    assert [found[at] for at in places] == [left[at] for at in places]
    assert [found[at] for at in range(len(left))] == left
    assert all(found.count_of(number) == left.count(number) for number in range(-4, 11))
