"""The one door through which records change; each passage leaves one ledger entry."""

from gnomon.records.actions.about import attach, comment, join, leave, link, unlink
from gnomon.records.actions.write import act, change, move, note, record

__all__ = ["act", "attach", "change", "comment", "join", "leave", "link", "move", "note", "record", "unlink"]
