"""Side by side with other systems, by the harness that measured them: Gnomon is one of its adapters.

    BENCH_HARNESS=/path/to/harness GNOMON_HOME=/tmp/big ./run bench beside w1w3 [--systems gnomon,dh_pg] [--rounds 3]

The harness is a folder with run.py, adapters.py and loadgen.py; the stages are its own: w1w3 (create, status and
comment), w2 (list and page), mem. Gnomon is served with two web workers and its job worker over what the
installation holds (./run bench fill); other systems must run already, and $BENCH_KEYS holds their keys.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def main() -> int:
    """Serve, measure, print what the harness tells."""
    asked = _arguments()
    harness = Path(os.environ.get("BENCH_HARNESS", ""))
    if not os.environ.get("BENCH_HARNESS") or not (harness / "run.py").exists():
        print("The harness is not here. Set BENCH_HARNESS to the folder that holds its run.py.", file=sys.stderr)
        return 0
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gnomon.project.settings")
    from bench.create import served

    server = served(asked)
    try:
        with tempfile.TemporaryDirectory(prefix="gnomon-beside-") as folder:
            told = _run(asked, harness.absolute(), Path(folder))
    finally:
        server.terminate()
        server.wait()
    print(json.dumps(told, indent=2) if asked.json else "\n".join(map(_in_words, told)))
    return int(any(one.get("error") or one.get("verified") is False for one in told))


def _run(asked: argparse.Namespace, harness: Path, folder: Path) -> list[dict[str, Any]]:
    keys = folder / "keys.json"
    keys.write_text("{}")
    environment = {
        "BENCH_KEYS": str(keys), **os.environ, "BENCH_EXTRA": str(HERE / "_adapter.py"),
        "GNOMON_BENCH_PORT": str(asked.port), "PYTHONPATH": f"{HERE.parent}:{harness}",
    }  # fmt: skip
    command = [
        sys.executable, str(harness / "run.py"), asked.stage, "--systems", asked.systems, "--rounds", str(asked.rounds),
        "--scale", str(asked.scale), "--out", str(folder / "told.jsonl"),
    ]  # fmt: skip
    subprocess.run(command, env=environment, cwd=folder, check=True, stdout=sys.stderr)  # noqa: S603 - named by whoever runs this
    return [json.loads(line) for line in (folder / "told.jsonl").read_text().splitlines()]


def _in_words(one: dict[str, Any]) -> str:
    if one.get("error"):
        return f"{one['system']:12}{one['stage']:8}{one['error']}"
    rest = {name: value for name, value in one.items() if name not in {"stage", "system", "work", "t", "label", "note"}}
    return f"{one['system']:12}{one.get('work', ''):10}{json.dumps(rest)}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stage", help="w1w3, w2 or mem")
    parser.add_argument("--systems", default="gnomon", help="names of adapters, with commas")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--scale", type=float, default=4.0, help="so many times the harness's own number of operations")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--port", type=int, default=8497)
    parser.add_argument("--json", action="store_true", help="answer for machines")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
