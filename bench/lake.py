"""How many entries of the sealed ledger an export writes into a lake each second, and with how much memory.

    GNOMON_HOME=/tmp/big ./run bench lake [--most 600000] [--json]

Into an empty folder beside the system's temporary files, which goes away again. Processor's time is what to compare
on a machine that others use. Memory is the largest so far, batch by batch: it must not grow with the ledger.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any


class _Enough(Exception):
    pass


def main() -> int:
    """Export, and print a line for each batch."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=10**12, help="stop after so many entries")
    parser.add_argument("--json", action="store_true", help="answer for machines")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gnomon.project.settings")
    import django

    django.setup()
    from bench.import_servicenow import machine
    from gnomon.evaluation.lake.exporting import export_ledger

    told: list[dict[str, Any]] = []
    began, used = time.perf_counter(), time.process_time()

    def progress(count: int) -> None:
        done = count + (told[-1]["entries"] if told else 0)
        worked = time.process_time() - used
        told.append({
            "entries": done, "clock_s": round(time.perf_counter() - began, 1), "cpu_s": round(worked, 1),
            "entries_a_second": round(done / worked),
            "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        })  # fmt: skip
        if not asked.json:
            print("{entries:>12,} entries {cpu_s:>8} s of processor {clock_s:>8} s by the clock "
                  "{entries_a_second:>8,} a second {memory_mb:>6} MB".format(**told[-1]), flush=True)  # fmt: skip
        if done >= asked.most:
            raise _Enough

    with tempfile.TemporaryDirectory() as folder, suppress(_Enough):
        export_ledger(Path(folder), progress=progress)
    if asked.json:
        print(json.dumps({"benchmark": "lake", "machine": machine(), "batches": told}, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
