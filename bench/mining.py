"""How long discovery takes: directly-follows graph with times, variants and case durations (bench W6).

    ./run bench mining [--cases 185000] [--repeat 5] [--beside PYTHON] [--json]

A drawn incident log of about 1.05 million events. The columns are ready, as the event store and a data frame keep
them; sorting is counted, since events come as they happened and not case by case. Seconds are those of the
process's own time, the best of the rounds. The promise: no slower than 0.7 s. `--beside` names the Python of an
environment that has pm4py, which does the same on the same log in its own process, and must find the same.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PROMISE = 0.7
YEAR = 31_536_000
BESIDE = """
import json, sys, time, warnings
warnings.filterwarnings("ignore")
import pandas as pd, pm4py
frame = pd.read_csv(sys.argv[1])
frame["time"] = pd.to_datetime(frame["time"], unit="ms", utc=True)
frame = pm4py.format_dataframe(frame, case_id="case", activity_key="activity", timestamp_key="time")
shuffled = frame.sort_values(["time:timestamp", "@@index"]).reset_index(drop=True)
best = None
for _ in range(int(sys.argv[2])):
    began = time.process_time()
    ordered = shuffled.sort_values(["case:concept:name", "time:timestamp"], kind="stable")
    graph, _first, _last = pm4py.discover_dfg(ordered)
    ways = pm4py.get_variants(ordered)
    lengths = pm4py.get_all_case_durations(ordered)
    took = time.process_time() - began
    best = took if best is None else min(best, took)
print(json.dumps({"seconds": round(best, 3), "version": pm4py.__version__,
    "edges": sorted([a, b, n] for (a, b), n in graph.items()),
    "variants": sorted([list(path), n] for path, n in ways.items()), "hours": round(sum(lengths) / 3600)}))
"""


def draw(cases: int) -> list[tuple[str, str, int]]:
    """Events of a log that is the same each time, as they happened: case, activity, milliseconds."""
    chance = random.Random(7)  # noqa: S311 - a drawn log, not a secret
    told = []
    for case in range(cases):
        now = case * YEAR // cases
        for activity in _path(chance):
            told.append((f"INC{case:07d}", activity, now * 1000))
            now += int(chance.expovariate(1 / 14400)) + 60
    return sorted(told, key=lambda event: event[2])


def _path(chance: random.Random) -> list[str]:
    path = ["New", "Assigned", "In progress"]
    while (drawn := chance.random()) < 0.30:
        path += ["Waiting for user" if drawn < 0.18 else "Waiting for supplier" if drawn < 0.25 else "Reassigned"]
        path += ["In progress"]
    path.append("Resolved")
    while chance.random() < 0.05:
        path += ["Reopened", "In progress", "Resolved"]
    return [*path, "Closed"] if chance.random() < 0.92 else path


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=185_000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--beside", default="", help="the Python of an environment with pm4py")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    told = draw(asked.cases)
    found = measured(told, asked.repeat)
    if asked.beside:
        found["pm4py"] = beside(told, asked.beside, asked.repeat, found)
    for name in ("_edges", "_variants"):
        found.pop(name)
    if asked.json:
        print(json.dumps(found, indent=1))
    else:
        for name, value in found.items():
            print(f"{name}: {value}")
    return 0 if found["seconds"] <= PROMISE else 1


def measured(told: list[tuple[str, str, int]], repeat: int) -> dict[str, Any]:
    """Seconds of each part, the best of the rounds, and what was found."""
    import numpy as np
    import pyarrow as pa

    from gnomon.evaluation.mining.events import coded_column, event_log
    from gnomon.evaluation.mining.graph import discover
    from gnomon.evaluation.mining.variants import variants

    names, acts = pa.array([one[0] for one in told]), pa.array([one[1] for one in told])
    at = np.array([one[2] for one in told], np.int64)
    best: dict[str, float] = {}

    def timed(name: str, what: Callable[[], Any]) -> Any:
        began = time.process_time()
        result = what()
        took = time.process_time() - began
        best[name] = min(best.get(name, took), took)
        return result

    def whole() -> tuple[Any, ...]:
        case, cases = timed("number the cases", lambda: coded_column(names))
        activity, activities = timed("number the activities", lambda: coded_column(acts))
        log = timed("sort", lambda: event_log(case, activity, at, cases, activities))
        graph = timed("graph with times and durations", lambda: discover(log))
        return log, graph, timed("variants", lambda: variants(log))

    for _round in range(repeat):
        log, graph, ways = timed("all", whole)
    return {
        "events": len(log), "cases": len(log.begins), "edges": len(graph.edges), "variants": len(ways),
        "seconds": round(best.pop("all"), 3), "parts": {name: round(took, 3) for name, took in best.items()},
        "_edges": sorted([edge.start, edge.end, edge.events] for edge in graph.edges),
        "_variants": sorted([list(way.path), way.cases] for way in ways),
        "hours": round(int(log.durations.sum()) / 3_600_000),
    }  # fmt: skip


def beside(told: list[tuple[str, str, int]], python: str, repeat: int, ours: dict[str, Any]) -> dict[str, Any]:
    """The same by pm4py; SystemExit when it finds anything else."""
    with tempfile.TemporaryDirectory(prefix="gnomon-bench-") as folder:
        path = Path(folder) / "log.csv"
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([("case", "activity", "time"), *told])
        command = [python, "-c", BESIDE, str(path), str(repeat)]
        answer = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - named by whoever runs this
    theirs = json.loads(answer.stdout.splitlines()[-1])
    same = theirs["edges"] == ours["_edges"] and theirs["variants"] == ours["_variants"]
    if not same or theirs["hours"] != ours["hours"]:
        raise SystemExit("pm4py found something else.")
    return {"seconds": theirs["seconds"], "version": theirs["version"], "finds": "the same"}


if __name__ == "__main__":
    sys.exit(main())
