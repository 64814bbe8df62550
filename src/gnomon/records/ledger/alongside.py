"""Verify the tree, and a share of the records and of what follows, in a process of its own: two cores work at once.

`python -m gnomon.records.ledger.alongside FOLDER LANGUAGE SHARE` prints a JSON line for each step, and last the result.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from gnomon.records.ledger.findings import Findings
from gnomon.records.ledger.share import DAYS, Share

if TYPE_CHECKING:
    from gnomon.records.ledger.check_records import RecordsCheck

Told = dict[str, Any]


def is_theirs(block: int) -> bool:
    """Which blocks of records the other process takes when it is done with the tree.

    Comparing the records takes a little less than twice as long as the tree: with a quarter of them, both end together.
    """
    return block % 4 == 1


def is_ours(block: int) -> bool:
    return not is_theirs(block)


def derives_it(block: int) -> bool:
    """Which blocks of records the other process derives anew: half of them, and half of the tenth of a day."""
    return block // DAYS % 2 == 1


class Alongside:
    """The other process, begun; `join` waits for it and takes over what it found."""

    def __init__(self, folder: Path, language: str, which: Share, progress: Callable[[int], None]) -> None:
        self.progress = progress
        self.process = subprocess.Popen(  # noqa: S603 - our own module, with a folder that is ours
            [sys.executable, "-m", "gnomon.records.ledger.alongside", str(folder), language, which],
            stdout=subprocess.PIPE, text=True, encoding="utf-8",
            env={**os.environ, "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "gnomon.project.settings")},
        )  # fmt: skip

    def join(self, findings: Findings, records: RecordsCheck) -> Told:
        """What was counted of the tree; RuntimeError when the process ended without a result."""
        told: Told | None = None
        assert self.process.stdout is not None
        for line in self.process.stdout:
            told = json.loads(line)
            if "step" in told:
                self.progress(told["step"])
        if self.process.wait() != 0 or told is None or "counted" not in told:
            raise RuntimeError("The process that verifies the tree ended early; run “gnomon ledger verify” again.")
        findings.take_over(told["found"])
        records.records += told["records"]
        records.erased.update(told["erased"])
        return {**told["counted"], "derived": told["derived"]}


def main(folder: Path, language: str, which: Share) -> None:
    import django

    django.setup()
    from django.utils import translation

    from gnomon.records.ledger.check_derived import check_derived
    from gnomon.records.ledger.check_records import RecordsCheck
    from gnomon.records.ledger.check_tree import TreeCheck
    from gnomon.records.ledger.keys import installation_keys
    from gnomon.records.ledger.reading import one_moment, rarely_collected

    def step(count: int) -> None:
        _say({"step": count})

    findings = Findings()
    records = RecordsCheck(findings, step, is_theirs)
    with translation.override(language), rarely_collected(), one_moment():
        tree = TreeCheck(installation_keys(folder), findings, step, folder=folder)
        tree.walk()
        findings.among_records = True
        records.walk_all_kinds()
        derived = check_derived(findings, which, step, derives_it)
    _say(
        {
            "found": findings.handed_over(), "counted": tree.counted(), "records": records.records,
            "erased": records.erased, "derived": derived,
        }
    )  # fmt: skip


def _say(told: Told) -> None:
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], cast(Share, sys.argv[3]))
