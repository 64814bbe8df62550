"""How long the whole verification of the ledger takes, on whatever the installation holds.

    GNOMON_HOME=/tmp/big ./run bench verify [--processes 2] [--files none] [--json]

Everything is computed again from content: entries, tree, checkpoints, records. On a machine that others use, the
processor's time of each process tells more than the clock. The promise: six million entries within two minutes on
two cores, so neither process may need more than that, and memory does not grow with the ledger.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time

PROMISE_SECONDS = 120 / 6_000_000  # of the slower process, for each entry


def main() -> int:
    """Verify, print, and fail when the ledger is not whole or the promise is not kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--processes", type=int, default=2, choices=(1, 2))
    parser.add_argument("--files", default="all", choices=("all", "sample", "none"))
    parser.add_argument("--json", action="store_true", help="answer for machines")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gnomon.project.settings")
    import django

    django.setup()
    from bench.import_servicenow import machine
    from gnomon.records.ledger.verification import verify_ledger

    clock = time.perf_counter()
    found = verify_ledger(files=asked.files, processes=asked.processes)
    seconds = time.perf_counter() - clock
    own, child = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = [round(one.ru_utime + one.ru_stime, 1) for one in (own, child)]
    answer = {
        "benchmark": "verify", "machine": machine(), "entries": found.entries, "records": found.records,
        "files": found.files, "whole": found.whole, "seconds": round(seconds, 1), "cpu_records": cpu[0],
        "cpu_tree": cpu[1], "mb_records": own.ru_maxrss // 1024, "mb_tree": child.ru_maxrss // 1024,
    }  # fmt: skip
    if asked.json:
        print(json.dumps(answer, indent=2, ensure_ascii=False))
    else:
        print("  ".join(f"{name} {value}" for name, value in answer.items() if name != "machine"))
        for fault in found.faults[:5]:
            print(fault.says)
    return int(not found.whole or max(cpu) > PROMISE_SECONDS * found.entries)


if __name__ == "__main__":
    sys.exit(main())
