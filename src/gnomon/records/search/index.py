"""Keep the index in step with what is written, in the same transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from gnomon.jobs.asking import many, this_connection
from gnomon.jobs.questions import Question
from gnomon.records.kinds import Kind
from gnomon.records.models import Comment, Record
from gnomon.records.search.tables import TABLE, key_of
from gnomon.records.search.words import words_of

# Put before a word of the title, and before the name of the kind (PostgreSQL): signs for private use,
# which are in no word that people write.
TITLE, KIND = "\ue001", "\ue000"
COMMENTS = 200
Row = tuple[int, str]
Said = tuple[str, bool]  # a comment, and whether it is for staff only


_SAID: Question[Said] = Question(
    lambda number: Comment.objects.filter(number=number).order_by("pk").values_list("text", "internal")[:COMMENTS]
)


def index_record(kind: Kind, record: Record, *, staff_only: bool = False) -> None:
    """Bring one record's words up to date, in the caller's transaction: number, title, searched fields, comments.

    After words among staff (`staff_only`) everybody else finds it by the words by which they found it before.
    """
    said: list[Said] = []
    if record.version > 1:
        said = _SAID.all(number=record.number)
    put_rows(kind, rows_of(kind, record, said, staff_only=staff_only))


def rows_of(kind: Kind, record: Any, said: Sequence[Said] = (), *, staff_only: bool = False) -> list[Row]:
    """The rows that a record ought to have."""
    fields = [str(getattr(record, name) or "") for name in kind.searched]
    return rows_from(kind, record.pk, record.title, [record.number, record.title, *fields], said, staff_only=staff_only)


def rows_from(
    kind: Kind, pk: int, title: str, parts: Sequence[str], said: Sequence[Said] = (), *, staff_only: bool = False
) -> list[Row]:
    """(key, words) of a record, and a second row when something was said among staff.

    Who may find by that row reads all records of the kind; else a requester could guess words by searching.
    """
    public = [*parts, *(text for text, internal in said if not internal)]
    rows = [] if staff_only else [(key_of(kind.name, pk), row_text(title, public))]
    if len(parts) + len(said) > len(public):
        everything = [*parts, *(text for text, _internal in said)]
        rows.append((key_of(kind.name, pk, staff=True), row_text(title, everything)))
    return rows


def row_text(title: str, parts: Sequence[str]) -> str:
    """All words in their order, and those of the title once more, marked."""
    words = words_of(" ".join(parts))
    words += [TITLE + word for word in words_of(title)]
    return " ".join(words)


def put_rows(kind: Kind, rows: Sequence[Row], *, new: bool = False) -> None:
    """Put rows into the index, in place of what stood there; nothing stands there for `new` ones."""
    if this_connection().vendor == "postgresql":
        instead = "" if new else " ON CONFLICT (id) DO UPDATE SET words = excluded.words"
        many(
            f"INSERT INTO {TABLE} (id, words) VALUES (%s, %s::tsvector){instead}",
            [(key, vector(kind, text)) for key, text in rows],
        )
        return
    verb = "INSERT" if new else "INSERT OR REPLACE"
    many(f"{verb} INTO {TABLE} (rowid, words) VALUES (%s, %s)", rows)


def vector(kind: Kind, text: str) -> str:
    """The words as PostgreSQL writes them itself, so that its own idea of a word has no say."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, word in enumerate(text.split(), 1):
        places[word].append(min(place, 16383))
    written = (f"'{word}':{','.join(map(str, at[:255]))}" for word, at in places.items())
    return " ".join((f"'{KIND}{kind.name}'", *written))
