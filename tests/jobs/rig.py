"""Runs the queue in a process of its own: `python rig.py migrate | work SECONDS | claim THREADS | hold …`."""

from __future__ import annotations

import json
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from gnomon.jobs.actions import enqueue  # noqa: E402
from gnomon.jobs.claims import claim  # noqa: E402
from gnomon.jobs.worker import Worker  # noqa: E402


def migrate() -> None:
    call_command("migrate", "jobs", verbosity=0, skip_checks=True)


def work(lease: str) -> None:
    import signal

    worker = Worker(lease=timedelta(seconds=float(lease)))
    signal.signal(signal.SIGTERM, lambda *_: worker.stop())
    worker.work()


def claim_all(threads: str) -> None:
    """Claim from many threads at once until nothing is left; print what each got."""
    got: dict[str, list[int]] = {f"worker {number}": [] for number in range(int(threads))}
    together = threading.Barrier(len(got))

    def take(name: str) -> None:
        together.wait()
        while (job := claim(name, datetime.now(UTC), timedelta(minutes=1))) is not None:
            got[name].append(job.pk)
        connection.close()

    crowd = [threading.Thread(target=take, args=[name]) for name in got]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    print(json.dumps(got))


def hold(name: str, key: str, facts: str, held: str, until: str) -> None:
    """Ask for work that waits already, and keep the transaction open until a file appears."""
    with transaction.atomic():
        enqueue(name, key=key, **json.loads(facts))
        Path(held).touch()
        while not Path(until).exists():
            time.sleep(0.02)


{"migrate": migrate, "hold": hold, "work": work, "claim": claim_all}[sys.argv[1]](*sys.argv[2:])
