"""8.1, 9.1: nobody waits at a page until millions of entries are read; a worker reads them once for all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from tests.evaluation.mining.lives import make_lives
from tests.evaluation.mining.test_doors import rest

from gnomon.evaluation.clockwork import READ_LEDGER, read_ledger
from gnomon.evaluation.mining import conformance, judgements, patience, store
from gnomon.evaluation.mining.asked import Question
from gnomon.evaluation.mining.conformance import Judged, judged
from gnomon.evaluation.mining.courses import those_that_went
from gnomon.jobs.models import QueuedJob
from gnomon.organization.models import Person
from gnomon.records.kinds import kind_named
from gnomon.records.memory import Memory
from gnomon.records.patience import impatient
from gnomon.resolution.models import Incident

__all__ = ["rest"]
pytestmark = [pytest.mark.django_db, pytest.mark.clause("9.1")]

MAP, CONFORMANCE = "/evaluation/mining/", "/evaluation/mining/conformance/"
WAITS = "A worker does so once for all"


@pytest.fixture(autouse=True)
def _nothing_read(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    monkeypatch.setattr(store, "_known", Memory(12))
    monkeypatch.setattr(conformance, "_judged", Memory(8))


def page(browser: Client, address: str) -> str:
    answer = browser.get(address, {"period": "all"})
    assert answer.status_code == 200
    return answer.content.decode()


def waiting() -> list[Any]:
    return list(QueuedJob.objects.filter(name=READ_LEDGER.name).order_by("pk").values_list("facts", flat=True))


def test_the_first_look_at_very_much_is_a_workers(
    bob: Person, bob_browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_lives(bob)
    monkeypatch.setattr(patience, "MANY", 3)
    for _look in range(2):
        assert WAITS in page(bob_browser, MAP)
    assert waiting() == [{"kind": "incident", "judging": False}]
    read_ledger("incident", judging=False)
    assert WAITS not in page(bob_browser, MAP)
    assert "mine-map" in page(bob_browser, MAP) or "<svg" in page(bob_browser, MAP)


def test_very_many_records_are_judged_by_a_worker(
    bob: Person, bob_browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_lives(bob)
    monkeypatch.setattr(conformance, "MANY", 3)
    assert WAITS in page(bob_browser, CONFORMANCE)
    assert waiting() == [{"kind": "incident", "judging": True}]
    read_ledger("incident", judging=True)
    assert WAITS not in page(bob_browser, CONFORMANCE)


@pytest.mark.parametrize("course", ["states.any.", "conformance.any."])
def test_a_list_of_a_course_is_a_workers_too(
    bob: Person, bob_browser: Client, rest: Any, monkeypatch: pytest.MonkeyPatch, course: str
) -> None:
    """Who opens the list behind a figure before anybody read the ledger is told so, at each door, and then gets it."""
    make_lives(bob)
    module, judging = (conformance, True) if "conformance" in course else (patience, False)
    monkeypatch.setattr(module, "MANY", 3)
    address = f"/resolution/incidents/?mined={course}"

    early = bob_browser.get(address)
    assert (early.status_code, early["Refresh"]) == (503, "3")
    assert "look again in a moment" in early.content.decode()
    told = rest(bob, f"incidents?mined={course}")
    assert (told.status_code, told["Retry-After"]) == (503, "3")
    assert rest(bob, "mining/incident/conformance" if judging else "mining/incident/map").status_code == 503
    assert waiting() == [{"kind": "incident", "judging": judging}]

    read_ledger("incident", judging=judging)
    assert bob_browser.get(address).status_code == 200
    assert rest(bob, f"incidents?mined={course}&limit=5").status_code == 200
    monkeypatch.setattr(store, "_known", Memory(12))
    monkeypatch.setattr(conformance, "_judged", Memory(8))
    those_that_went(kind_named("incident"), Incident.objects.all(), course)  # a command waits as long as it takes


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_ends_in_vain_takes_the_workers_job_not_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "MANY", 3)
    with impatient(), pytest.raises(patience.StillReading), transaction.atomic():
        patience.not_for_long("incident", 4)
    assert waiting() == [{"kind": "incident", "judging": False}]


def test_little_is_read_at_once(bob: Person, bob_browser: Client) -> None:
    make_lives(bob)
    assert WAITS not in page(bob_browser, MAP) + page(bob_browser, CONFORMANCE)
    assert not waiting()


def test_a_command_waits_as_long_as_it_takes(bob: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    make_lives(bob)
    monkeypatch.setattr(patience, "MANY", 3)
    assert Question(kind_named("incident")).graph().cases == 6


def test_what_one_process_found_another_takes_from_the_file(bob: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    make_lives(bob)
    found, known = judged(Question(kind_named("incident"))), store.known("incident")
    monkeypatch.setattr(judgements, "connection", _Committed(judgements.connection))
    judgements.keep_beside("incident", known, found.steps, found.deviations)
    again = judgements.kept_beside("incident", known, Judged)
    assert again == Judged(known.lineage, known.entries, found.steps, found.deviations)
    # of a ledger that is another one by now, nothing is believed
    other = store.Known(known.events[:-1], known.texts, known.sequence, known.digest)
    assert judgements.kept_beside("incident", other, Judged) is None
    monkeypatch.setattr(judgements, "digest_at", lambda _sequence: "0" * 64)
    assert judgements.kept_beside("incident", known, Judged) is None


def test_a_file_that_is_none_is_not_believed(bob: Person) -> None:
    make_lives(bob)
    known = store.known("incident")
    store.folder().mkdir(exist_ok=True)
    (store.folder() / "incident.judged").write_bytes(b"\x93broken")
    assert judgements.kept_beside("incident", known, Judged) is None


class _Committed:
    """The connection as it is outside of a test: in no transaction."""

    in_atomic_block = False

    def __init__(self, connection: Any) -> None:
        self.vendor = connection.vendor
