"""What every kind offers by REST beside its records: many at once, what hangs on each, and search over all."""

from gnomon.records.api.about import ATTACH, JOIN, LEAVE, LINK, LIST_FILES, LIST_LINKS, LIST_PEOPLE, READ_FILE, UNLINK
from gnomon.records.api.bulk import BULK, told, wish_of
from gnomon.records.api.comments import COMMENT, COMMENTS
from gnomon.records.api.entries import ENTRIES
from gnomon.records.api.kinds import KIND, KINDS
from gnomon.records.api.moves import MOVES
from gnomon.records.api.search import SEARCH

__all__ = [
    "ATTACH",
    "BULK",
    "COMMENT",
    "COMMENTS",
    "ENTRIES",
    "JOIN",
    "KIND",
    "KINDS",
    "LEAVE",
    "LINK",
    "LIST_FILES",
    "LIST_LINKS",
    "LIST_PEOPLE",
    "MOVES",
    "READ_FILE",
    "SEARCH",
    "UNLINK",
    "told",
    "wish_of",
]
