from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from gnomon.jobs.actions import enqueue, prune
from gnomon.jobs.models import QueuedJob, State
from gnomon.jobs.refusals import KeyTaken, UnknownJob
from gnomon.standard.plugs import Job

pytestmark = pytest.mark.django_db

TELL = Job("mail:tell", lambda **_: None)


def test_a_job_waits_with_its_facts_and_its_cause():
    job = enqueue(TELL, to="carol", cause="INC-000042")

    kept = QueuedJob.objects.get(pk=job.pk)
    assert (kept.name, kept.facts, kept.cause) == ("mail:tell", {"to": "carol"}, "INC-000042")
    assert (kept.state, kept.attempts, kept.key) == (State.WAITING, 0, None)


@pytest.mark.django_db(transaction=True)
def test_a_rollback_takes_the_job_along():
    @transaction.atomic
    def store_and_fail():
        enqueue(TELL, to="carol")
        enqueue(TELL, key="INC-000042", to="carol")
        raise RuntimeError("refused")

    with pytest.raises(RuntimeError, match="refused"):
        store_and_fail()

    assert QueuedJob.objects.count() == 0


def test_a_name_that_nobody_declares_is_refused_at_once(declare):
    declare(TELL)
    assert enqueue("mail:tell").name == "mail:tell"
    with pytest.raises(UnknownJob, match=r"There is no job named mail:tel\. Declare it"):
        enqueue("mail:tel")


@pytest.mark.parametrize("fact", [datetime(2026, 1, 5, tzinfo=UTC), float("nan"), {1, 2}])
def test_facts_that_are_not_plain_json_are_refused(fact):
    with pytest.raises(TypeError, match="facts of job mail:tell must be plain JSON"):
        enqueue(TELL, fact=fact)


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="has no time zone"):
        enqueue(TELL, run_after=datetime(2026, 1, 5))


def test_the_same_key_is_the_same_work_while_it_waits():
    first = enqueue(TELL, key="INC-000042", to="carol")
    assert enqueue(TELL, key="INC-000042", to="carol") == first
    assert enqueue(TELL, key="INC-000043", to="carol") != first
    assert enqueue(Job("other", print), key="INC-000042") != first
    assert QueuedJob.objects.count() == 3


def test_jobs_without_a_key_are_never_taken_for_each_other():
    assert enqueue(TELL) != enqueue(TELL)


def test_other_facts_under_a_waiting_key_are_refused_and_not_lost_silently():
    enqueue(TELL, key="INC-000042", to="carol")
    with pytest.raises(KeyTaken, match="under the key INC-000042 with other facts"):
        enqueue(TELL, key="INC-000042", to="eve")


@pytest.mark.parametrize("state", [State.RUNNING, State.DONE, State.DEAD])
def test_a_job_that_was_begun_does_not_stand_in_for_a_later_one(state):
    first = enqueue(TELL, key="INC-000042")
    lease = datetime.now(UTC) if state == State.RUNNING else None
    QueuedJob.objects.filter(pk=first.pk).update(state=state, attempts=1, lease_until=lease)

    assert enqueue(TELL, key="INC-000042") != first


def test_a_failed_job_goes_back_to_waiting_beside_a_later_one_of_its_key():
    first = enqueue(TELL, key="INC-000042")
    QueuedJob.objects.filter(pk=first.pk).update(state=State.DONE, attempts=1)
    enqueue(TELL, key="INC-000042")

    assert QueuedJob.objects.filter(pk=first.pk).update(state=State.WAITING) == 1


def test_once_means_never_again_even_when_it_is_done():
    first = enqueue(TELL, key="notice 7", once=True)
    QueuedJob.objects.filter(pk=first.pk).update(state=State.DONE, attempts=1)

    assert enqueue(TELL, key="notice 7", once=True) == first
    with pytest.raises(ValueError, match="only once without a key"):
        enqueue(TELL, once=True)


def test_pruning_forgets_what_is_done_and_old_and_never_a_dead_letter(clock):
    long_ago, lately = clock() - timedelta(days=15), clock() - timedelta(days=13)
    for state, finished_at in [(State.DONE, long_ago), (State.DONE, lately), (State.DEAD, long_ago)]:
        job = enqueue(TELL, of=state)
        QueuedJob.objects.filter(pk=job.pk).update(state=state, finished_at=finished_at)
    enqueue(TELL, of="waiting")

    assert prune(timedelta(days=14), clock()) == 1
    assert sorted(QueuedJob.objects.values_list("facts__of", flat=True)) == ["dead", "done", "waiting"]
