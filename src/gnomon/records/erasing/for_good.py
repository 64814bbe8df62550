"""Leave nothing behind in the files of the database: neither in freed pages nor in the index of the search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from gnomon.records.models import SearchNear, SearchWord
from gnomon.records.search.matching import holds_anywhere
from gnomon.records.search.tables import TABLE
from gnomon.records.search.words import words_of

MERGE = "records:merge_search"
_PAGES = 1000  # of the index, merged in one transaction: a few hundredths of a second


@contextmanager
def for_good() -> Iterator[None]:
    """What is overwritten inside goes from SQLite's pages too; PostgreSQL frees them with its next vacuum."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete = ON")
        try:
            yield
        finally:
            cursor.execute("PRAGMA secure_delete = OFF")


def merge_index() -> None:
    """Merge the index of the search to its end: until then SQLite keeps the words of rows that were replaced.

    Its own option to delete at once (FTS5, secure-delete) is not used: it left the index malformed in our tests.
    """
    if connection.vendor != "sqlite":
        return
    pages = -_PAGES  # negative: begin a merge of everything
    while _merged(pages):
        pages = _PAGES


def _merged(pages: int) -> bool:
    """Whether a step of the merge had anything to do."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete = ON")
        before = connection.connection.total_changes
        cursor.execute(f"INSERT INTO {TABLE} ({TABLE}, rank) VALUES ('merge', %s)", [pages])
        cursor.execute("PRAGMA secure_delete = OFF")
        return bool(connection.connection.total_changes - before >= 2)


def unlearn(texts: Iterable[str]) -> None:
    """Take the words of these texts out of the vocabulary, as far as no record holds them any more."""
    words = {word for text in texts for word in words_of(text)}
    known = SearchWord.objects.filter(word__in=sorted(words)).values_list("word", flat=True) if words else ()
    gone = [word for word in known if not holds_anywhere(word)]
    SearchNear.objects.filter(word__in=gone).delete()
    SearchWord.objects.filter(word__in=gone).delete()
