"""Count what an installation holds; run in its own process, over its own folder, and told as JSON."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from datetime import timedelta
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.journeys.house")
HALF = timedelta(minutes=7.5)  # of the time to respond to what is critical


def main() -> None:
    import django

    django.setup()
    from gnomon.agreements.models import ClockProjection
    from gnomon.agreements.rederivation import rederive
    from gnomon.agreements.thresholds import TELL
    from gnomon.jobs.models import QueuedJob
    from gnomon.records.kinds import kind_named
    from gnomon.records.models import Leaf, LedgerEntry
    from gnomon.resolution.models import Incident

    def clocks() -> list[Any]:
        names = [field.name for field in ClockProjection._meta.concrete_fields if field.name != "id"]
        return sorted(map(str, ClockProjection.objects.values_list(*names)))

    before = clocks()
    rederive(kind_named("incident"))
    told: dict[str, Any] = {
        "incidents": {incident.number: everything_about(incident) for incident in Incident.objects.all()},
        "clocks_as_rebuilt": before == clocks(),
        "entries": LedgerEntry.objects.count(),
        "leaves": Leaf.objects.count(),
        "tellings": dict(Counter(QueuedJob.objects.filter(name=TELL).values_list("state", flat=True))),
        "dead": list(QueuedJob.objects.filter(state="dead").values_list("name", "last_error")),
    }
    json.dump(told, sys.stdout)


def everything_about(incident: Any) -> dict[str, Any]:
    from gnomon.agreements.models import ClockProjection, ThresholdReached
    from gnomon.records.models import Comment, LedgerEntry
    from gnomon.records.search import find_numbers

    of = {"number": incident.number}
    history = LedgerEntry.objects.filter(**of).order_by("version")
    return {
        "title": incident.title,
        "status": incident.status,
        "version": incident.version,
        "versions": [entry.version for entry in history],
        "verbs": [entry.verb for entry in history],
        "found": [number for _kind, number in find_numbers(incident.title)],
        "clocks": sorted(ClockProjection.objects.filter(**of).values_list("name", flat=True)),
        "comments": list(Comment.objects.filter(**of).values_list("text", flat=True)),
        "thresholds": list(ThresholdReached.objects.filter(**of).values_list("name", "percent")),
        "reaches_half_after_recorded": incident.opened_at + HALF >= incident.recorded_at,
    }


if __name__ == "__main__":
    main()
