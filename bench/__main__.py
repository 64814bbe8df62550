"""`./run bench NAME …` runs the benchmark of that name; without a name it lists them."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path


def main() -> int:
    names = sorted(file.stem for file in Path(__file__).parent.glob("*.py") if not file.stem.startswith("_"))
    if len(sys.argv) < 2 or sys.argv[1] not in names:
        print("Benchmarks: " + ", ".join(names) + ". Each explains itself with --help.", file=sys.stderr)
        return 2
    name = sys.argv.pop(1)
    runpy.run_module(f"bench.{name}", run_name="__main__", alter_sys=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
