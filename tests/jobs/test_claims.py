from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gnomon.jobs.claims import claim
from gnomon.jobs.models import QueuedJob


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(-5, 5), max_size=8))
def test_jobs_are_claimed_in_the_order_they_fall_due_and_none_before(clock, seconds):
    QueuedJob.objects.all().delete()
    now = clock()
    stored = [
        QueuedJob.objects.create(name="any", created_at=now, run_after=now + timedelta(seconds=second))
        for second in seconds
    ]

    claimed = []
    while (job := claim("bob", now, timedelta(seconds=60))) is not None:
        claimed.append(job.pk)

    due = sorted((job.run_after, job.pk) for job in stored if job.run_after <= now)
    assert claimed == [pk for _, pk in due]
