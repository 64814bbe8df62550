"""Graph, variants, durations and loops equal what a plain count finds, whatever the log."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evaluation.mining import naive

from gnomon.evaluation.mining import selecting
from gnomon.evaluation.mining.events import log_of
from gnomon.evaluation.mining.graph import discover
from gnomon.evaluation.mining.loops import ping_pongs, reworked
from gnomon.evaluation.mining.variants import variants

HOUR = 3_600_000
ROWS = st.lists(
    st.tuples(st.sampled_from("abcde"), st.sampled_from(("New", "Work", "Wait", "Done")), st.integers(-5, 12)),
    max_size=60,
)


@given(ROWS)
def test_the_graph_is_what_a_plain_count_finds(rows: list[naive.Row]) -> None:
    graph = discover(log_of(rows))

    found = {(e.start, e.end): (e.events, e.cases, e.time.median) for e in graph.edges}
    assert found == naive.edges(rows)
    paths = naive.courses(rows)
    for node in graph.nodes:
        assert node.events == sum(1 for _case, activity, _at in rows if activity == node.name)
        assert node.cases == sum(any(name == node.name for name, _at in path) for path in paths.values())
        assert node.first == sum(path[0][0] == node.name for path in paths.values())
        assert node.last == sum(path[-1][0] == node.name for path in paths.values())
    assert (graph.events, graph.cases) == (len(rows), len(paths))


@given(ROWS)
def test_ways_and_durations_are_what_a_plain_count_finds(rows: list[naive.Row]) -> None:
    log = log_of(rows)

    assert {way.path: way.cases for way in variants(log)} == naive.variants(rows)
    assert dict(zip(log.names(log.present), log.durations.tolist(), strict=True)) == naive.durations(rows)


@given(ROWS)
def test_what_comes_back_is_what_a_plain_count_finds(rows: list[naive.Row]) -> None:
    log = log_of(rows)

    assert {one.name: (one.cases, one.again) for one in reworked(log)} == naive.reworked(rows)
    assert {(one.start, one.over): (one.cases, one.times) for one in ping_pongs(log)} == naive.tossed(rows)


@given(ROWS)
def test_behind_every_number_stand_so_many_cases(rows: list[naive.Row]) -> None:
    log = log_of(rows)

    def behind(what: str, value: str) -> int:
        return len(log.names(selecting.cases_that(log, what, value)))

    graph = discover(log)
    for node in graph.nodes:
        assert [behind(what, node.name) for what in ("activity", "first", "last")] == [
            node.cases,
            node.first,
            node.last,
        ]
    for edge in graph.edges:
        assert behind("step", f"{edge.start}~{edge.end}") == edge.cases
    for way in variants(log):
        assert behind("variant", way.key) == way.cases
    for one in reworked(log):
        assert behind("again", one.name) == one.cases
    for toss in ping_pongs(log):
        assert behind("tossed", f"{toss.start}~{toss.over}") == toss.cases
    assert behind("any", "") == graph.cases
    assert behind("activity", "Never") == behind("step", "Never~New") == behind("variant", "0") == 0


def test_an_empty_log_has_nothing_in_it() -> None:
    log = log_of([])
    graph = discover(log)

    assert (graph.events, graph.cases, graph.nodes, graph.edges) == (0, 0, (), ())
    assert graph.durations.median is None
    assert variants(log) == reworked(log) == ping_pongs(log) == ()


def test_times_between_two_activities() -> None:
    """New → Done took 1, 2 and 6 hours: mean 3, median 2, and the 90th percentile 2 + 0.8 × 4 = 5.2."""
    rows: list[naive.Row] = []
    for case, hours in (("a", 1), ("b", 6), ("c", 2)):
        rows += [(case, "New", 0), (case, "Done", hours * HOUR)]

    (edge,) = discover(log_of(rows)).edges

    assert edge.time.count == 3
    assert [edge.time.mean, edge.time.median, edge.time.p90] == pytest.approx([3 * HOUR, 2 * HOUR, 5.2 * HOUR])


def test_what_is_told_out_of_order_is_put_in_order_and_equals_stay_as_told() -> None:
    rows = [("a", "Done", 9), ("b", "New", 1), ("a", "New", 1), ("a", "Think", 5), ("a", "Act", 5), ("b", "New", 1)]

    log = log_of(rows)

    assert [way.path for way in variants(log)] == [("New", "New"), ("New", "Think", "Act", "Done")]


def test_ways_whose_sums_are_equal_by_accident_are_told_apart(monkeypatch: Any) -> None:
    import gnomon.evaluation.mining.variants as module

    monkeypatch.setattr(module, "_mixed", lambda values: values.astype("uint64") * 0)
    rows = [("a", "New", 1), ("a", "Done", 2), ("b", "Done", 1), ("b", "New", 2), ("c", "New", 5)]

    assert {way.path: way.cases for way in variants(log_of(rows))} == naive.variants(rows)


def test_moments_so_far_apart_that_one_key_cannot_hold_them_are_sorted_all_the_same() -> None:
    far = 2**61
    rows = [("a", "Done", far), ("b", "Done", -far), ("a", "New", -far), ("b", "New", -far - 1)]

    assert {way.path for way in variants(log_of(rows))} == {("New", "Done")}
