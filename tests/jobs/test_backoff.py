from __future__ import annotations

import random
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from gnomon.jobs.backoff import JITTER, LONGEST, wait_after

attempts = st.integers(1, 200)
bases = st.timedeltas(min_value=timedelta(milliseconds=1), max_value=timedelta(days=2))


@given(attempts, bases, st.integers())
def test_the_wait_doubles_up_to_an_hour_and_chance_adds_up_to_a_quarter(attempt, base, seed):
    wait = wait_after(attempt, base, random.Random(seed))
    doubled = min(base.total_seconds() * 2.0 ** (attempt - 1), LONGEST.total_seconds())

    assert doubled * 0.999 <= wait.total_seconds() <= doubled * (1 + JITTER) * 1.001


@given(attempts, bases, st.integers())
def test_the_same_seed_waits_the_same(attempt, base, seed):
    assert wait_after(attempt, base, random.Random(seed)) == wait_after(attempt, base, random.Random(seed))


def test_jobs_that_failed_together_do_not_come_back_together():
    chance = random.Random(1)
    waits = {wait_after(3, timedelta(seconds=10), chance) for _ in range(20)}
    assert len(waits) == 20
