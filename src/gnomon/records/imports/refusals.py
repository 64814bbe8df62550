"""Refused
└── ImportRefused       the import as a whole cannot go on
    ├── UnreadableFile  the file is damaged, or is no table
    ├── MappingFault    the mapping does not fit the kind or the file
    └── ImportUnderWay  another process carries it out
"""

from __future__ import annotations

from gnomon.records.refusals import Refused


class ImportRefused(Refused):
    """An import that cannot begin, or cannot go on."""


class UnreadableFile(ImportRefused):
    """The file is damaged, or holds something else than rows."""


class ImportUnderWay(ImportRefused):
    """Another process carries this run out."""


class MappingFault(ImportRefused):
    """The mapping speaks of a field, a column or a value that does not exist."""
