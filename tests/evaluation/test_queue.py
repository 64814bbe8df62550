"""8.6.1: the queue that a process remembers is the queue that the records show, whatever happened since."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone
from tests.evaluation.living import live_on
from tests.makers import a_person, a_team
from tests.resolution.stage import an_incident, at, resolve

from gnomon.evaluation.actions import keep_queue
from gnomon.evaluation.actions import queue as keeping
from gnomon.evaluation.models import KeptQueue
from gnomon.evaluation.queries import queue
from gnomon.evaluation.queries.queue import Queue, View, queue_now
from gnomon.jobs.moments import milliseconds
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.resolution.models import Incident

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.6.1")]


def figures(view: View) -> dict[str, Any]:
    moments = [milliseconds(at(f"0{month}-15 09:00")) for month in range(5, 9)]
    return {
        "total": view.total, "waiting": view.waiting, "major": view.major, "nobody": view.of_nobody,
        "aimless": view.without_target, "late": [view.late(one) for one in moments],
        "due": [view.due(one, other) for one, other in zip(moments, [*moments[1:], None], strict=True)],
        **{field: [+view.by(field, waits) for waits in (None, True, False)] for field in ("team", "assignee", "priority")},
    }  # fmt: skip


def read_whole(narrowed: Mapping[str, list[str]]) -> View:
    return View(Queue(queue._rows(narrowed)))


@pytest.mark.parametrize("seed", range(3))
def test_what_is_remembered_is_what_the_records_show(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    draw, incidents = random.Random(seed), list[Incident]()
    teams, people = [a_team("Desk"), a_team("Network")], [a_person("bob"), a_person("grace")]
    whole = _counting_whole_reads(monkeypatch)
    for step in range(40):
        live_on(draw, incidents, [*teams, None])
        one = draw.choice(incidents)
        if one.status == "new":
            actions.change(one, by=SYSTEM, at=at("08-01 09:00"), assignee=draw.choice([*people, None]))
        if step % 4 == 0:
            narrowed = draw.choice([{}, {"team": [teams[0].number]}, {"team": ["none"]}])
            assert figures(queue_now(narrowed)) == figures(read_whole(narrowed))
    assert whole() == 1  # all but the first look only asked what had changed


def _counting_whole_reads(monkeypatch: pytest.MonkeyPatch) -> Any:
    asked = []
    monkeypatch.setattr(queue, "Queue", lambda rows: asked.append(1) or Queue(rows))
    return lambda: len(asked)


def test_a_narrowing_that_only_the_list_understands_is_left_to_the_list() -> None:
    an_incident("06-02 09:00")
    assert queue_now({"team": ["TEM-000000"]}).total == 0
    assert queue_now({"priority": ["1", "none"]}).total == read_whole({"priority": ["1", "none"]}).total


def test_the_queue_of_another_ledger_is_not_believed() -> None:
    an_incident("06-02 09:00")
    assert queue_now({}).total == 1
    known = queue._known.get("incident")
    assert known is not None
    known.queue.put(999_999, (999_999, None, None, None, None, 1, "new", 0, None, None))
    assert queue_now({}).total == 2
    queue._known.put("incident", known._replace(place=replace(known.place, digest="0" * 64)))
    assert queue_now({}).total == 1


@pytest.mark.parametrize("seed", range(2))
def test_a_process_that_begins_goes_on_from_what_is_kept(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """It reads nothing whole, and finds what the records show, whatever happened since the queue was kept."""
    draw, incidents = random.Random(seed), list[Incident]()
    teams = [a_team("Desk"), a_team("Network"), None]
    monkeypatch.setattr(keeping, "WORTH", 3)
    for step in range(40):
        live_on(draw, incidents, teams)
        if step % 5 == 0:
            keep_queue()
        if step == 6:
            monkeypatch.setattr(queue, "_rows", some_rows)
        if step > 6 and step % 3 == 0:
            queue._known.cache_clear()
            assert figures(queue_now({})) == figures(View(Queue(_ROWS({}))))


_ROWS = queue._rows


def some_rows(narrowed: Any, keys: Any = None) -> Any:
    assert keys is not None, "The queue was read whole."
    return _ROWS(narrowed, keys)


def test_what_is_kept_is_kept_anew_when_much_was_told_and_once_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    an_incident("06-02 09:00")
    assert keep_queue()
    an_incident("06-02 10:00")
    assert not keep_queue()  # one is asked about quickly
    monkeypatch.setattr(keeping, "WORTH", 1)
    assert keep_queue()
    assert not keep_queue()
    # put right without an entry: seen when all is read
    before = queue_now({}).by("priority")
    Incident.objects.update(priority=1)
    queue._known.cache_clear()
    assert queue_now({}).by("priority") == before != {1: 2}
    monkeypatch.setattr(queue, "_now", lambda: milliseconds(timezone.now()) + queue.WHOLE)
    assert keep_queue()
    assert queue_now({}).by("priority") == {1: 2}


def test_a_kept_queue_of_another_ledger_or_of_other_states_is_not_believed() -> None:
    an_incident("06-02 09:00")
    for change in ({"digest": "0" * 64}, {"states": ["new"]}, {"read_at": at("01-01 09:00")}):
        keep_queue()
        other = Queue([(999_999, None, None, None, None, 1, "new", 0, None, None)])
        KeptQueue.objects.update(queue=other.packed(), **change)
        queue._known.cache_clear()
        assert queue_now({}).by("priority") == read_whole({}).by("priority")
        assert keep_queue()
        queue._known.cache_clear()
        assert queue_now({}).by("priority") == read_whole({}).by("priority")


def test_an_entry_that_commits_late_is_followed() -> None:
    """On PostgreSQL a writer may come to stand behind later ones."""
    incident = an_incident("06-02 09:00")
    assert queue_now({}).total == 1
    resolve(incident, "06-03 09:00")
    known = queue._known.get("incident")
    assert known is not None
    late = replace(known.place, sequence=known.place.sequence + 1, digest="")
    queue._known.put("incident", known._replace(place=replace(late, settled=0, between=known.place.sequence - 1)))
    assert queue_now({}).total == 0
