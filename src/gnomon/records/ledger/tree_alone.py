"""Verify the tree in a process of its own, so that two cores work at once.

`python -m gnomon.records.ledger.tree_alone FOLDER LANGUAGE` prints a JSON line for each step, and last the result.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from gnomon.records.ledger.findings import Fault, Findings

Told = dict[str, Any]


class TreeAlone:
    """The tree's verification, begun; `join` waits for it and takes over what it found."""

    def __init__(self, folder: Path, language: str, progress: Callable[[int], None]) -> None:
        self.progress = progress
        self.process = subprocess.Popen(  # noqa: S603 - our own module, with a folder that is ours
            [sys.executable, "-m", "gnomon.records.ledger.tree_alone", str(folder), language],
            stdout=subprocess.PIPE, text=True, encoding="utf-8",
            env={**os.environ, "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "gnomon.project.settings")},
        )  # fmt: skip

    def join(self, findings: Findings) -> Told:
        """What was counted; RuntimeError when the process ended without a result."""
        told: Told | None = None
        assert self.process.stdout is not None
        for line in self.process.stdout:
            told = json.loads(line)
            if "step" in told:
                self.progress(told["step"])
        if self.process.wait() != 0 or told is None or "counted" not in told:
            raise RuntimeError("The process that verifies the tree ended early; run “gnomon ledger verify” again.")
        kept = [(float("inf") if place is None else place, Fault(**fault)) for place, fault in told["kept"]]
        findings.take_over(kept, told["counts"])
        return dict(told["counted"])


def main(folder: Path, language: str) -> None:
    import django

    django.setup()
    from django.utils import translation

    from gnomon.records.ledger.check_tree import TreeCheck
    from gnomon.records.ledger.keys import installation_keys
    from gnomon.records.ledger.reading import one_moment

    findings = Findings()
    with translation.override(language), one_moment():
        tree = TreeCheck(installation_keys(folder), findings, lambda step: _say({"step": step}), folder=folder)
        tree.walk()
    kept = [(None if place == float("inf") else place, asdict(fault)) for place, fault in findings.handed_over()]
    _say({"kept": kept, "counts": dict(findings.counts), "counted": tree.counted()})


def _say(told: Told) -> None:
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
