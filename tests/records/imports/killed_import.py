"""Import a file in a process of its own: `python killed_import.py FILE [BATCHES]`, killed in the middle of a batch."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

import django

django.setup()

from gnomon.integrations.presets import preset  # noqa: E402
from gnomon.records.actions import history  # noqa: E402
from gnomon.records.actors import SYSTEM  # noqa: E402
from gnomon.records.imports import passes, runs  # noqa: E402

passes.CASES_AT_ONCE = 60


def kill_after(batches: int) -> None:
    """Die without a word once that many batches of incidents are written: their entries stand, nothing is committed."""
    insert, written = history.HistoryWriter._insert_records, [0]

    def dying(writer: history.HistoryWriter, *given: Any) -> None:
        insert(writer, *given)
        written[0] += writer.kind.name == "incident"
        if written[0] > batches:
            os.kill(os.getpid(), signal.SIGKILL)

    history.HistoryWriter._insert_records = dying  # type: ignore[method-assign]


if __name__ == "__main__":
    path, mapping = Path(sys.argv[1]), preset("servicenow")
    if len(sys.argv) > 2:
        kill_after(int(sys.argv[2]))
    runs.carry_out(runs.begin(path, mapping, by=SYSTEM), path, mapping, by=SYSTEM)
