"""What can be read of the ledger for good: nothing appears any more before a place that was called settled."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from tests.records.ledger.test_seal import teams

from gnomon.records.ledger import settled
from gnomon.records.ledger.settled import all_written, newest_entry

ENTRY = (
    "INSERT INTO records_ledgerentry (kind, number, version, verb, actor, recorded_at, happened_at, facts, because, "
    "digest, seal) VALUES ('team', 'TEAM-999999', 1, 'team:recorded', 'system', 0, 0, '{}', '', '', '')"
)


@pytest.fixture
def another(db: None) -> Iterator[Any]:
    """Somebody else's connection to the same database, whose work is taken back."""
    other = connection.get_new_connection(connection.get_connection_params())
    yield other
    other.close()


def test_the_newest_entry_is_the_last_that_can_be_read(db: None) -> None:
    assert newest_entry() == 0
    teams(2)
    before = newest_entry()
    teams(1)
    assert newest_entry() > before > 0
    assert all_written()


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer: nothing commits late")
def test_who_has_a_place_and_did_not_commit_is_waited_for(another: Any) -> None:
    teams(1)
    another.autocommit = False
    another.execute(ENTRY)
    assert not all_written(0.05)
    ends = threading.Timer(0.2, another.rollback)
    ends.start()
    assert all_written(20)
    ends.join()


def test_who_begins_to_write_later_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settled.connection, "vendor", "postgresql", raising=False)
    seen = iter([{"3/41", "4/7"}, {"4/7", "3/42"}, {"3/42"}])
    monkeypatch.setattr(settled, "_writers", lambda: next(seen))
    assert all_written(20)


def test_what_somebody_may_still_come_to_stand_before_is_not_settled(
    another: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer: nothing commits late")
    monkeypatch.setattr(settled, "_known", settled._Known())
    another.autocommit = False
    another.execute(ENTRY)
    teams(1)
    settled.look()
    assert settled.settled() == 0
    another.rollback()
    settled.look()
    assert settled.settled() == newest_entry()


def test_once_those_who_wrote_then_have_ended_it_is_settled_up_to_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settled.connection, "vendor", "postgresql", raising=False)
    monkeypatch.setattr(settled, "_known", settled._Known())
    places, writers = iter([10, 20, 30]), iter([{"3/41"}, {"3/41", "4/7"}, {"4/7", "3/42"}])
    monkeypatch.setattr(settled, "newest_entry", lambda: next(places))
    monkeypatch.setattr(settled, "_writers", lambda: next(writers))
    seen = []
    for _look in range(3):
        settled.look()
        seen.append(settled.settled())
    assert seen == [0, 0, 10]


def test_what_settles_while_a_moment_is_read_counts_only_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settled, "_known", settled._Known(10))
    with settled.holding():
        settled._known.settled = 20  # somebody else looked
        assert settled.settled() == 10
    assert settled.settled() == 20
