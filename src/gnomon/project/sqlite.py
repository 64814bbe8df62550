"""Choose the SQLite that Django gets: the bundled one where a wheel exists, else the system's.

SQLite before 3.51.3 (3.50.7, 3.44.6) can corrupt a database in WAL mode; distributions still ship older ones.
"""

from __future__ import annotations

import sys

SOUND = ((3, 51, 3), (3, 50, 7), (3, 44, 6))


def swap_in() -> None:
    """Put the bundled SQLite in the place of the standard library's, where it is installed."""
    try:
        import pysqlite3  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        return
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2


def warning() -> str:
    """A sentence when the SQLite in use has the WAL fault, else an empty string."""
    import sqlite3

    version = tuple(int(part) for part in sqlite3.sqlite_version.split("."))
    if version >= SOUND[0] or any(version[:2] == sound[:2] and version >= sound for sound in SOUND[1:]):
        return ""
    return (
        f"SQLite {sqlite3.sqlite_version} has a known fault in its write-ahead log; "
        "install the pysqlite3 package or use PostgreSQL for data that matters."
    )
