"""Writes that need not be on the disk before one goes on: nobody was promised them, and they can be done again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from gnomon.jobs.asking import this_connection


@contextmanager
def written_in_passing(wanted: bool) -> Iterator[None]:
    """Let commits within, when that is `wanted`, return before they are on the disk; seen by others as always.

    The log is written in order: whatever commit afterwards is waited for takes these along. A power cut before that
    takes them back together with the mark that the job is done, so that it runs again.
    """
    here = this_connection()
    if not wanted:
        yield
    elif here.vendor == "postgresql":
        _tell("SET synchronous_commit = off")
        try:
            yield
        finally:
            _tell("RESET synchronous_commit")
    else:
        here.waits_for_disk = False
        try:
            yield
        finally:
            here.waits_for_disk = True


def _tell(statement: str) -> None:
    with this_connection().cursor() as cursor:
        cursor.execute(statement)
