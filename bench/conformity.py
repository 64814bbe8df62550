"""How long the checks of conformity take: all records asked, and amended after some of them changed.

    GNOMON_HOME=/tmp/big ./run bench conformity [--changes 100] [--json]

On whatever the installation holds (`./run bench fill`); it leaves two runs and the changes there. On a machine
that others use, the processor's time (cpu s) tells more than the clock. The promises at a million incidents:
all checks under ten seconds, an amended run after a hundred changes under one.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Callable
from typing import Any


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """What came of it, and its seconds of processor and of clock."""
    cpu, clock = time.process_time(), time.perf_counter()
    made = work()
    return made, time.process_time() - cpu, time.perf_counter() - clock


def change_some(count: int, seed: int) -> int:
    """Comment on incidents drawn from all of them; how many."""
    from gnomon.records import actions
    from gnomon.records.actors import SYSTEM
    from gnomon.resolution.models import Incident

    chance = random.Random(seed)  # noqa: S311 - drawn records, not a secret
    last = Incident.objects.order_by("-pk").values_list("pk", flat=True)[0]
    drawn = list(Incident.objects.filter(pk__in=[chance.randint(1, last) for _ in range(count)]))
    for incident in drawn:
        actions.comment(incident, "Looked at it again.", by=SYSTEM)
    return len(drawn)


def bytes_of(run: Any) -> int:
    """What the results of a run take: rows, and chunks that were new with it are counted elsewhere."""
    packed = ("packed_population", "packed_late", "packed_failed")
    checks = list(run.checks.values())
    rows = sum(len(str({name: value for name, value in row.items() if name not in packed})) for row in checks)
    lists = sum(len(bytes(row[name])) for row in checks for name in packed)
    return rows + lists + sum(len(str(row)) for row in run.requirements.values())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--changes", type=int, default=100, help="how many incidents change between the runs")
    parser.add_argument("--json", action="store_true", help="answer for machines")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gnomon.project.settings")
    import django

    django.setup()
    from gnomon.certification.actions import run_checks
    from gnomon.certification.models import NumberChunk
    from gnomon.records.actors import SYSTEM
    from gnomon.resolution.models import Incident

    told: dict[str, Any] = {"incidents": Incident.objects.count(), "changes": 0}
    for name, full in (("full", True), ("amended", False)):
        if not full:
            told["changes"] = change_some(asked.changes, int(time.time()))
        before = NumberChunk.objects.count()
        run, cpu, clock = timed(lambda full=full: run_checks(by=SYSTEM, full=full))  # type: ignore[misc]
        told[name] = {
            "run": run.number, "method": run.method, "cpu_s": round(cpu, 2), "clock_s": round(clock, 2),
            "bytes": bytes_of(run), "new_chunks": NumberChunk.objects.count() - before,
        }  # fmt: skip
    json.dump(told, sys.stdout, indent=None if asked.json else 2)
    sys.stdout.write("\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
