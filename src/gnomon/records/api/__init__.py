"""What every kind offers by REST beside its records: many at once, and what hangs on each."""

from gnomon.records.api.about import ATTACH, JOIN, LEAVE, LINK, LIST_FILES, LIST_LINKS, LIST_PEOPLE, READ_FILE, UNLINK
from gnomon.records.api.bulk import BULK, told, wish_of

__all__ = [
    "ATTACH",
    "BULK",
    "JOIN",
    "LEAVE",
    "LINK",
    "LIST_FILES",
    "LIST_LINKS",
    "LIST_PEOPLE",
    "READ_FILE",
    "UNLINK",
    "told",
    "wish_of",
]
