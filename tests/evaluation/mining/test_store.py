"""What was read of the ledger once is read never again, and the file beside the database is believed with care."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from django.db import connection
from tests.evaluation.mining.lives import make_lives
from tests.resolution.makers import an_incident

from gnomon.evaluation.mining import patience, store
from gnomon.evaluation.mining.asked import Question
from gnomon.organization.models import Person
from gnomon.records.kinds import kind_named
from gnomon.records.models import LedgerEntry

pytestmark = pytest.mark.django_db
INCIDENT = "incident"


@pytest.fixture
def read(monkeypatch: Any) -> list[int]:
    """How many events each look read from the ledger."""
    counted: list[int] = []
    real = store.after

    def counting(*given: Any) -> Any:
        for page in real(*given):
            counted.append(len(page))
            yield page

    monkeypatch.setattr(store, "after", counting)
    return counted


@pytest.fixture
def filed(monkeypatch: Any, settings: Any, tmp_path: Path) -> Path:
    """Every event is worth a file, as if nothing were in a transaction."""
    monkeypatch.setattr(store, "WORTH_A_FILE", 1)
    monkeypatch.setattr(store, "connection", SimpleNamespace(in_atomic_block=False, vendor=connection.vendor))
    monkeypatch.setattr(store, "folder", lambda: tmp_path / "mining")
    return tmp_path / "mining"


def entries() -> int:
    return LedgerEntry.objects.filter(kind=INCIDENT).count()


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer: nothing commits late")
def test_what_is_settled_is_not_counted_at_each_look(bob: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[tuple[Any, ...]] = []
    real = store.entries_between
    monkeypatch.setattr(store, "entries_between", lambda *asked: counted.append(asked) or real(*asked))
    make_lives(bob)
    for _look in range(3):
        known = store.known(INCIDENT)
    an_incident(by=bob)
    store.known(INCIDENT)
    # The second look finds that all is settled; those after it ask about nothing before.
    assert [after for _kind, after, _upto in counted] == [0, known.sequence, known.sequence]


def test_a_second_look_reads_only_what_is_new(bob: Person, read: list[int]) -> None:
    make_lives(bob)
    assert len(store.known(INCIDENT).events) == entries() == sum(read)
    store.known(INCIDENT)
    an_incident(by=bob)
    assert len(store.known(INCIDENT).events) == entries() == sum(read)
    assert read[-1] == 1


def test_another_process_begins_with_the_file(bob: Person, read: list[int], filed: Path) -> None:
    make_lives(bob)
    before = store.known(INCIDENT)
    store._known.cache_clear()
    an_incident(by=bob)
    after = store.known(INCIDENT)
    assert read[-1] == 1
    assert np.array_equal(after.events[:-1], before.events)
    assert after.texts.of("status") == before.texts.of("status")
    store._known.cache_clear()
    assert np.array_equal(store.known(INCIDENT).events, after.events)
    assert sum(read) == entries()


@pytest.mark.parametrize("harm", ["digest", "torn", "json", "gone", "format", "texts"])
def test_a_file_that_does_not_fit_is_not_believed(bob: Person, filed: Path, harm: str) -> None:
    make_lives(bob)
    wanted = store.known(INCIDENT).events
    about, events = filed / "incident.json", filed / "incident.events"
    told = json.loads(about.read_text())
    if harm == "torn":
        events.write_bytes(events.read_bytes()[:-7])
    elif harm == "gone":
        events.unlink()
    elif harm == "json":
        about.write_text("{")
    else:
        about.write_text(
            json.dumps(told | {"digest": {"digest": "00"}, "format": {"format": 0}, "texts": {"texts": 7}}[harm])
        )
    store._known.cache_clear()

    assert np.array_equal(store.known(INCIDENT).events, wanted)


def test_a_folder_that_cannot_be_written_is_no_error(bob: Person, filed: Path) -> None:
    filed.parent.mkdir(exist_ok=True)
    filed.write_text("in the way")
    make_lives(bob)
    assert len(store.known(INCIDENT).events) == entries()


def test_few_records_do_not_wait_for_all_to_be_read(bob: Person, read: list[int], monkeypatch: Any) -> None:
    from gnomon.evaluation.mining import asked

    make_lives(bob)
    narrow = Question(kind_named(INCIDENT), parameters={"priority": ["2"]})
    usual = narrow.graph()
    store._known.cache_clear()
    asked._answers.cache_clear()
    read.clear()
    monkeypatch.setattr(patience, "MANY", 0)
    assert narrow.graph() == usual
    assert read == []


@pytest.mark.parametrize("by", ["states", "moves", "teams"])
def test_nothing_told_is_an_empty_map(db: None, by: str) -> None:
    assert Question(kind_named(INCIDENT), by).graph().cases == 0


def test_what_came_from_the_file_is_remembered_too(bob: Person, read: list[int], filed: Path) -> None:
    make_lives(bob)
    store.known(INCIDENT)
    store._known.cache_clear()
    assert store.known(INCIDENT) is store.known(INCIDENT)
    assert sum(read) == entries()
