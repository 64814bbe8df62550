"""What a process remembers of stored records is read anew when it must be, and not before."""

from __future__ import annotations

import pytest
from django.db import transaction

from gnomon.records import memory
from gnomon.records.memory import Fresh, Memory


@pytest.fixture
def clock(monkeypatch, settings):
    """A clock that goes when it is told to."""
    settings.DEFINITIONS_FRESH_FOR = 3.0
    now = [300.0]
    monkeypatch.setattr(memory.time, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def stored():
    """Rows of another process, and what this one remembers of them."""
    rows = ["a"]
    return rows, Fresh(lambda: list(rows))


def test_it_is_read_once_for_as_long_as_it_is_fresh(clock, stored):
    rows, known = stored
    assert known() == ["a"]
    rows.append("b")
    clock[0] += 2.9
    assert known() == ["a"]
    clock[0] += 0.2
    assert known() == ["a", "b"]


@pytest.mark.django_db(transaction=True)
def test_whoever_writes_here_sees_it_at_once_and_so_does_everybody_when_it_stands(clock, stored):
    rows, known = stored
    known()
    before = known.reading()
    with transaction.atomic():
        rows.append("b")
        known.forget()
        assert known() == ["a", "b"]
        rows.append("c")  # somebody else's, seen once ours stands
    assert known() == ["a", "b", "c"]
    assert known.reading() != before


def test_what_weighs_most_leaves_room_for_the_fewest():
    known = Memory(10, weigh=len)
    for key, value in ("a", "xxxx"), ("b", "xxxx"), ("a", "xx"), ("c", "xxxx"):
        known.put(key, value)
    assert [known.get(key) for key in "abc"] == ["xx", "xxxx", "xxxx"]
    known.put("d", "xxxxx")  # 15 with it: those that came first go, until 10 are left
    assert [known.get(key) for key in "bacd"] == [None, None, "xxxx", "xxxxx"]
