"""A worker with nothing to do gives back what its jobs needed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gnomon.jobs import worker as workers
from gnomon.jobs.worker import Worker

pytestmark = pytest.mark.django_db


def test_it_gives_back_once_when_work_ends_and_again_after_more_work(monkeypatch):
    # Looks at 0.2 s, 0.3 s … grow by half up to two seconds, the seventh look without work; nothing is waited for here.
    worker, rests, looks = Worker(), [], []
    monkeypatch.setattr(workers, "give_back_memory", lambda: rests.append(len(looks)))
    work = iter([1, *[0] * 10, 1, *[0] * 10])

    def drain(until):
        looks.append(until)
        done = next(work, None)
        if done is None:
            worker.stop()
        return done or 0

    monkeypatch.setattr(worker, "drain", drain)
    monkeypatch.setattr(worker, "keep_house", lambda: None)
    monkeypatch.setattr(worker, "_wait", looks.append)
    worker.work()
    lengths = [look for look in looks if isinstance(look, timedelta)]
    assert max(lengths) == workers.SLOWEST_LOOK
    assert len(rests) == 2
    assert rests[0] < rests[1]
