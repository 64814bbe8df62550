"""How long the import of the public incident log takes, and how much memory.

    ./run bench import_servicenow [FILE] [--times 3] [--repeat 1] [--json]

The log is UCI 498 (DOI 10.24432/C57S4H): 141,712 events of 24,918 incidents. The promise: imported,
indexed, clocks derived in under 60 seconds on two cores with the embedded database, under 500 MB.
With GNOMON_DATABASE_URL the same on PostgreSQL. `--times` multiplies the log, each copy under numbers of
its own, to see how a larger file goes (three are about 140 MB of CSV).
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

LOG = Path(__file__).parents[1].parent / "shared/data/uci498_servicenow/incident_event_log.csv.zst"
COMMAND = (sys.executable, "-m", "gnomon.project.command")
MOST_SECONDS, MOST_MEGABYTES = 60, 500


def main() -> int:
    """Measure, print, and fail when the promise is not kept."""
    asked = _arguments()
    with tempfile.TemporaryDirectory(prefix="gnomon-bench-") as folder:
        file = asked.file if asked.times == 1 else _multiplied(asked.file, asked.times, Path(folder) / "log.csv")
        rounds = [_measured(file, Path(folder) / f"home-{at}") for at in range(asked.repeat)]
    answer = {"benchmark": "import_servicenow", "file": asked.file.name, "times": asked.times,
              "machine": machine(), "rounds": rounds}  # fmt: skip
    if asked.json:
        print(json.dumps(answer, indent=2))
    else:
        _print(answer)
    best = min(rounds, key=lambda one: float(one["seconds"]))
    kept = best["seconds"] < MOST_SECONDS * asked.times and best["megabytes"] < MOST_MEGABYTES
    return 0 if kept else 1


def machine() -> dict[str, Any]:
    """What it ran on."""
    import gnomon.project.settings  # noqa: F401 - chooses the SQLite that Gnomon uses

    import sqlite3  # isort: skip

    model = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor(),
    )
    memory = next((line.split()[1] for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), "0")
    return {
        "processor": model, "cores": os.cpu_count(), "memory_gb": round(int(memory) / 1024**2, 1),
        "load": [round(load, 1) for load in os.getloadavg()], "system": platform.platform(),
        "python": platform.python_version(), "sqlite": sqlite3.sqlite_version,
        "database": "postgresql" if os.environ.get("GNOMON_DATABASE_URL") else "sqlite",
    }  # fmt: skip


def _measured(file: Path, home: Path) -> dict[str, Any]:
    """One import into a fresh installation: wall seconds, processor seconds and peak memory of the command."""
    environment = {**os.environ, "GNOMON_HOME": str(home)}
    subprocess.run([*COMMAND, "init"], env=environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own
    began = time.monotonic()
    with subprocess.Popen(  # noqa: S603 - our own
        [*COMMAND, "import", "servicenow", str(file), "--json"], env=environment, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        report = json.loads(process.stdout.read())
        _pid, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - began
    return {
        "seconds": round(seconds, 1), "processor_seconds": round(used.ru_utime + used.ru_stime, 1),
        "megabytes": round(used.ru_maxrss / 1024), "incidents": report["records_made"],
        "entries": report["entries_made"], "errors": report["errors"], "exit": process.returncode,
        "database_megabytes": _database_size(home),
    }  # fmt: skip


def _multiplied(source: Path, times: int, target: Path) -> Path:
    """The log several times over, under numbers INC0000045-2, …"""
    import zstandard

    with target.open("w", newline="") as out:
        writer = csv.writer(out)
        for copy in range(times):
            with source.open("rb") as packed, zstandard.ZstdDecompressor().stream_reader(packed) as unpacked:
                rows = csv.reader(io.TextIOWrapper(unpacked, "utf-8", newline=""))
                header = next(rows)
                if copy == 0:
                    writer.writerow(header)
                writer.writerows([f"{row[0]}-{copy}", *row[1:]] for row in rows)
    return target


def _database_size(home: Path) -> int:
    file = home / "gnomon.sqlite3"
    return round(file.stat().st_size / 1024**2) if file.exists() else 0


def _print(answer: dict[str, Any]) -> None:
    on = answer["machine"]
    print(f"{on['processor']}, {on['cores']} cores, load {on['load'][0]}, {on['system']}")
    print(f"Python {on['python']}, {on['database']}" + (f" {on['sqlite']}" if on["database"] == "sqlite" else ""))
    for one in answer["rounds"]:
        print(
            f"{one['entries']:,} events of {one['incidents']:,} incidents in {one['seconds']} s "
            f"({one['processor_seconds']} s of processor), peak {one['megabytes']} MB, "
            f"database {one['database_megabytes']} MB, {one['errors']} errors"
        )


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path, default=LOG, help="the log; default: beside the project")
    parser.add_argument("--times", type=int, default=1, help="how often the log stands in the file")
    parser.add_argument("--repeat", type=int, default=1, help="how many rounds")
    parser.add_argument("--json", action="store_true", help="answer for machines")
    asked = parser.parse_args()
    if not asked.file.exists():
        parser.error(
            f"The log is not at {asked.file}. Its publisher offers it under DOI 10.24432/C57S4H; name the file."
        )
    return asked


if __name__ == "__main__":
    raise SystemExit(main())
