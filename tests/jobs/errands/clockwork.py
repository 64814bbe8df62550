from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

from gnomon.standard.plugs import Job


def write(path: str, line: str) -> None:
    with Path(path).open("a") as file:
        file.write(line + "\n")


def linger(path: str, until: str) -> None:
    """Say that it began, wait for a file to appear, say that it ended."""
    write(path, "began")
    for _ in range(600):
        if Path(until).exists():
            break
        time.sleep(0.02)
    write(path, "ended")


WRITE = Job("errands:write", write)
LINGER = Job("errands:linger", linger, backoff=timedelta(milliseconds=1))
