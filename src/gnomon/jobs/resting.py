"""What a worker gives back when nothing is left to do: memory that a burst of jobs needed and waiting does not."""

from __future__ import annotations

import ctypes
import gc
import sys
from contextlib import suppress

from django.db import connection


def give_back_memory() -> None:
    """Drop the connection with its cache of pages, and hand freed memory to the system where the C library can."""
    if not connection.in_atomic_block:
        connection.close()
    gc.collect()
    if sys.platform == "linux":
        with suppress(AttributeError):  # not every C library has it
            ctypes.CDLL(None).malloc_trim(0)
