"""All that reads across records: history, versions, differences, lists."""

from gnomon.records.queries.history import as_of_version, history, last_entries
from gnomon.records.queries.people import names_of

__all__ = ["as_of_version", "history", "last_entries", "names_of"]
