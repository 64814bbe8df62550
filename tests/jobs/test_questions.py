"""Questions answer what their query would, and rows are written as the model would write them."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from gnomon.jobs.models import QueuedJob, Schedule, State
from gnomon.jobs.moments import milliseconds
from gnomon.jobs.questions import OfKeys, Question
from gnomon.jobs.rows import insert, insert_unless_there, update

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
NAMED = Question(lambda name, state: QueuedJob.objects.filter(name=name, state=state).order_by("-id"))
DUE = Question(
    lambda moment: QueuedJob.objects.filter(run_after__lte=moment).order_by("id").values_list("name", "facts")
)


def a_job(name: str, **facts: object) -> QueuedJob:
    return QueuedJob(name=name, facts={"n": 1}, created_at=NOON, run_after=NOON, **facts)


def test_a_question_answers_whole_records_as_its_query_would() -> None:
    for name in ("mail", "seal", "mail"):
        insert(a_job(name))
    asked = NAMED.all(name="mail", state=State.WAITING)
    assert asked == list(QueuedJob.objects.filter(name="mail", state="waiting").order_by("-id"))
    assert len(asked) == 2
    assert (asked[0].facts, asked[0].created_at, asked[0].once) == ({"n": 1}, NOON, False)
    assert NAMED.first(name="seal", state="waiting") is not None
    assert NAMED.first(name="seal", state="done") is None


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps every statement anyway")
@pytest.mark.parametrize(("from_the", "kept"), [(5, True), (None, False)])
def test_postgresql_keeps_the_plan_of_what_is_asked_often(monkeypatch, from_the, kept) -> None:
    """Behind some poolers each transaction has another connection, where nobody knows of it: then none is kept."""
    monkeypatch.setattr(connection.connection, "prepare_threshold", from_the)
    often = Question(lambda name: QueuedJob.objects.filter(name=name, cause=f"kept {kept}"))
    for _time in range(7):
        assert often.all(name="mail") == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        assert any("jobs_queuedjob" in text for (text,) in cursor.fetchall()) is kept


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps every statement anyway")
def test_postgresql_knows_a_question_for_records_again_however_many_are_asked_for() -> None:
    """To plan a list with all that it points to takes longer than to read it."""
    every = OfKeys(QueuedJob.objects.all)
    for count in range(1, 9):
        assert every.all(list(range(10**9, 10**9 + count))) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements WHERE statement LIKE '% = ANY(%'")
        assert sum("jobs_queuedjob" in text for (text,) in cursor.fetchall()) == 1


def test_it_answers_tuples_where_the_query_does_and_takes_moments_as_milliseconds() -> None:
    insert(a_job("mail"))
    assert DUE.all(moment=milliseconds(NOON)) == [("mail", {"n": 1})]
    assert DUE.all(moment=milliseconds(NOON) - 1) == []


def test_a_question_is_one_query_however_often_it_was_asked() -> None:
    NAMED.all(name="mail", state="waiting")
    with CaptureQueriesContext(connection) as captured:
        NAMED.all(name="'; DROP TABLE jobs_queuedjob --", state="%s")
    assert len(captured) == 1
    assert QueuedJob.objects.count() == 0


def test_a_row_is_stored_as_its_model_would_store_it() -> None:
    mine, djangos = a_job("mail", key="1", last_error="不"), a_job("mail", key="2", last_error="不")
    insert(mine)
    djangos.save(force_insert=True)
    columns = [field.attname for field in QueuedJob._meta.concrete_fields if field.attname not in {"id", "key"}]
    rows = list(QueuedJob.objects.order_by("id").values_list(*columns))
    assert rows[0] == rows[1]
    assert mine.pk is not None and mine == QueuedJob.objects.get(key="1")
    assert not mine._state.adding


def test_a_row_with_a_key_of_its_own_keeps_it() -> None:
    insert(Schedule(name="nightly", next_run=NOON))
    assert Schedule.objects.get().pk == "nightly"


def test_a_rule_of_uniqueness_refuses_or_is_minded() -> None:
    insert(a_job("mail", key="1"))
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(a_job("mail", key="1"))
    second = a_job("mail", key="1")
    assert not insert_unless_there(second)
    assert second.pk is None
    assert insert_unless_there(a_job("mail", key="2"))
    assert QueuedJob.objects.count() == 2


def test_only_the_fields_that_are_named_are_altered_and_what_is_gone_is_no_success() -> None:
    job = a_job("mail")
    insert(job)
    job.attempts, job.worker = 3, "somebody"
    update(job, ("attempts",))
    there = QueuedJob.objects.get()
    assert (there.attempts, there.worker) == (3, "")
    QueuedJob.objects.all().delete()
    with pytest.raises(DatabaseError, match="is gone"), transaction.atomic():
        update(job, ("attempts",))


def test_whole_records_come_in_the_order_of_their_keys() -> None:
    jobs = [a_job(name) for name in ("mail", "seal", "send")]
    for job in jobs:
        insert(job)
    every = OfKeys(QueuedJob.objects.all)
    wanted = [jobs[2].pk, 999_999, jobs[0].pk]
    assert every.all(wanted) == [jobs[2], jobs[0]]
    assert every.all([]) == []


@pytest.mark.django_db(transaction=True)
def test_what_nobody_counts_is_asked_without_the_cursor_around_it_and_refused_alike() -> None:
    with transaction.atomic():
        insert(a_job("mail", key="1"))
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(a_job("mail", key="1"))
    with transaction.atomic():
        with suppress(IntegrityError):
            insert(a_job("mail", key="1"))
        with pytest.raises(transaction.TransactionManagementError):
            NAMED.all(name="mail", state="waiting")  # the transaction is broken, and says so
    assert [job.key for job in NAMED.all(name="mail", state="waiting")] == ["1"]
