"""What the ground floor does on a schedule."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.utils.translation import gettext_lazy as _

from gnomon.records.drafts import forget_drafts
from gnomon.records.erasing.for_good import MERGE, merge_index
from gnomon.records.ledger.seal import seal_ledger
from gnomon.records.presence import forget_the_gone
from gnomon.records.search import vocabulary
from gnomon.standard.plugs import Job


def seal() -> None:
    seal_ledger()


def forget_presence() -> None:
    """Delete who was at which record."""
    forget_the_gone()


def sweep() -> None:
    """Take in what a very long transaction committed among entries sealed long ago (PostgreSQL)."""
    seal_ledger(sweep=True)


def learn_words() -> None:
    """Learn the words that records were given since the last time, so that typing errors can be forgiven."""
    vocabulary.learn()


def forget_words() -> None:
    vocabulary.prune()


def forget_old_drafts() -> None:
    """Let go of drafts that nobody came back to."""
    forget_drafts()


SMALL = 100  # rows


def refresh_statistics() -> None:
    """Let the database look at how its tables have grown, so that it chooses the right index.

    PostgreSQL does so by itself, a minute after much was written, unless somebody forbade it. What SQLite has seen of
    small tables is forgotten: it would read the whole of one that has grown since, and of one that is small it makes
    no difference.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")
            return
        cursor.execute("PRAGMA analysis_limit = 1000")
        cursor.execute("PRAGMA optimize = 0x10002")
        cursor.execute("ANALYZE sqlite_schema")  # analyses nothing; what is to be forgotten has a place then
        cursor.execute("DELETE FROM sqlite_stat1 WHERE CAST(stat AS INTEGER) < %s", [SMALL])
        cursor.execute("ANALYZE sqlite_schema")  # and this connection goes by what is left


SEAL = Job("records:seal", seal, every=timedelta(minutes=1), title=_("Seal the ledger"))
SWEEP = Job("records:sweep", sweep, every=timedelta(days=1), title=_("Seal what was left behind"))
FORGET_PRESENCE = Job(
    "records:forget_presence", forget_presence, every=timedelta(hours=1), title=_("Forget who was at which record")
)
LEARN = Job("records:learn_words", learn_words, every=timedelta(minutes=2), title=_("Learn the words of new records"))
FORGET = Job("records:forget_words", forget_words, every=timedelta(days=1), title=_("Forget words that nothing holds"))
FORGET_DRAFTS = Job("records:forget_drafts", forget_old_drafts, every=timedelta(days=1), title=_("Forget old drafts"))
STATISTICS = Job(
    "records:refresh_statistics", refresh_statistics, every=timedelta(hours=6), title=_("Look at how tables have grown")
)
MERGE_SEARCH = Job(MERGE, merge_index, title=_("Let the search forget what was erased"))
