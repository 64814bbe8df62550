"""What every kind offers by REST beside its records: many at once, views, what hangs on each, and search over all."""

from gnomon.records.api.about import ATTACH, JOIN, LEAVE, LINK, LIST_FILES, LIST_LINKS, LIST_PEOPLE, READ_FILE, UNLINK
from gnomon.records.api.bulk import BULK, told, wish_of
from gnomon.records.api.comments import COMMENT, COMMENTS
from gnomon.records.api.entries import ENTRIES
from gnomon.records.api.kinds import KIND, KINDS
from gnomon.records.api.moves import MOVES
from gnomon.records.api.search import SEARCH
from gnomon.records.api.time import LIST_TIME, SPEND, TAKE_BACK
from gnomon.records.api.views import CHANGE_VIEW, DELETE_VIEW, LIST_VIEWS, OPEN_WITH, SAVE_VIEW

__all__ = [
    "ATTACH",
    "BULK",
    "CHANGE_VIEW",
    "COMMENT",
    "COMMENTS",
    "DELETE_VIEW",
    "ENTRIES",
    "JOIN",
    "KIND",
    "KINDS",
    "LEAVE",
    "LINK",
    "LIST_FILES",
    "LIST_LINKS",
    "LIST_PEOPLE",
    "LIST_TIME",
    "LIST_VIEWS",
    "MOVES",
    "OPEN_WITH",
    "READ_FILE",
    "SAVE_VIEW",
    "SEARCH",
    "SPEND",
    "TAKE_BACK",
    "UNLINK",
    "told",
    "wish_of",
]
