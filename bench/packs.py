"""What audit packs cost: processor, memory and size of a month and of a year, and what checking them costs whoever gets them.

    GNOMON_HOME=/tmp/big ./run bench packs [--sample 25] [--only month] [--json]

Each pack is ordered and made in a process of its own, as a worker does it; what is not sealed is sealed, and checked
where no run speaks for the period, which is told apart. Then the verifier inside the pack checks it in a process that
has Python's standard library alone. On a machine that others use, the processor's time tells more than the clock.
The promises: memory that does not grow with the period, and a verifier that needs less than 300 MB.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

MB_TO_VERIFY = 300
DAYS = {"month": 30, "year": 365}


def main() -> int:
    """Make, verify, print; fail when a pack does not hold or a promise is not kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, default=25, help="records in a sample")
    parser.add_argument("--only", choices=tuple(DAYS), help="one of the periods")
    parser.add_argument("--json", action="store_true", help="answer for machines")
    parser.add_argument("--make", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.make:
        print(json.dumps(_made(asked.make, asked.sample)))
        return 0
    from bench.import_servicenow import machine

    told = []
    for name in DAYS:
        if asked.only in (None, name):
            told.append(_period(name, asked.sample))
            if not asked.json:
                print("  ".join(f"{name} {value}" for name, value in told[-1].items()), flush=True)
    if asked.json:
        answer = {"benchmark": "packs", "machine": machine(), "sample": asked.sample, "packs": told}
        print(json.dumps(answer, indent=2, ensure_ascii=False))
    return int(any(not one["holds"] or one["verify_mb"] > MB_TO_VERIFY for one in told))


def _period(name: str, sample: int) -> dict[str, Any]:
    """A pack of so many days up to the newest incident, made and verified."""
    began = time.perf_counter()
    child = [sys.executable, "-m", "bench.packs", "--make", str(DAYS[name]), "--sample", str(sample)]
    made = json.loads(subprocess.run(child, check=True, stdout=subprocess.PIPE, text=True).stdout)  # noqa: S603 - our own
    seconds = time.perf_counter() - began
    with tempfile.TemporaryDirectory() as folder:
        pack = Path(made.pop("file"))
        verifier = Path(folder) / "verify.py"
        with zipfile.ZipFile(pack) as bag:
            inside = next(each for each in bag.namelist() if each.endswith("/verify.py"))
            verifier.write_bytes(bag.read(inside))
        holds, cpu, most = _ran([sys.executable, "-I", str(verifier), str(pack)])
    return {"period": name, **made, "clock": round(seconds, 1), "holds": holds, "verify_cpu": cpu, "verify_mb": most}


def _ran(command: list[str]) -> tuple[bool, float, int]:
    """Whether it ended well, seconds of processor, megabytes at the most."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 - our own
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode == 0, round(used.ru_utime + used.ru_stime, 1), used.ru_maxrss // 1024


def _made(days: int, sample: int) -> dict[str, Any]:
    """Order and make one pack in this process, and tell what each stage took."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gnomon.project.settings")
    import django

    django.setup()
    from django.utils import timezone

    from gnomon.certification import actions
    from gnomon.certification.packing import path_of
    from gnomon.records.actors import SYSTEM
    from gnomon.records.models import LedgerEntry
    from gnomon.resolution.models import Incident

    newest = Incident.objects.order_by("-opened_at").values_list("opened_at", flat=True)[0]
    last = min(timezone.localdate(newest), timezone.localdate())
    ordered = actions.order_pack(
        by=SYSTEM, first_day=last - timedelta(days=days - 1), last_day=last, clauses=[], services=[], seed="20260415",
        sample_size=sample, known=[], for_whom="bench", purpose="bench", names=True,
    )  # fmt: skip
    stages = _Stages()
    pack = actions.make_pack(ordered, stages)
    if pack.status != "made":
        raise SystemExit(f"{pack.number} could not be made.")
    return {
        "incidents": Incident.objects.count(),
        "entries": LedgerEntry.objects.count(),
        "cpu": round(time.process_time(), 1),
        **stages.told(),
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "bytes": pack.size,
        "file": str(path_of(pack.digest)),
    }


class _Stages:
    """Seconds of processor for each stage, and the most memory that was in use when it ended."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.most: dict[str, int] = {}
        self._stage, self._since = "sealing", time.process_time()

    def __call__(self, stage: str, _done: int, _total: int) -> None:
        if stage != self._stage:
            self._end()
            self._stage = stage

    def told(self) -> dict[str, Any]:
        self._end()
        return {f"{name}_cpu": round(used, 1) for name, used in self.seconds.items()} | {
            f"{name}_mb": most for name, most in self.most.items()
        }

    def _end(self) -> None:
        now = time.process_time()
        if self._stage:
            self.seconds[self._stage] = self.seconds.get(self._stage, 0.0) + now - self._since
            self.most[self._stage] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        self._since = now


if __name__ == "__main__":
    sys.exit(main())
