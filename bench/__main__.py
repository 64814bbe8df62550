"""`./run bench NAME …` runs the benchmark of that name; without a name it lists them."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main() -> int:
    """Become the benchmark that is named; 2 when there is none of that name."""
    names = sorted(file.stem for file in Path(__file__).parent.glob("*.py") if not file.stem.startswith("_"))
    if len(sys.argv) < 2 or sys.argv[1] not in names:
        print("Benchmarks: " + ", ".join(names) + ". Each explains itself with --help.", file=sys.stderr)
        return 2
    # In its place, not within: CPython 3.11 takes the memory of its frames in pieces, and a page whose calls happen to
    # cross the end of one at every turn takes twice its time.
    os.execv(sys.executable, [sys.executable, "-m", f"bench.{sys.argv[1]}", *sys.argv[2:]])  # noqa: S606


if __name__ == "__main__":
    raise SystemExit(main())
