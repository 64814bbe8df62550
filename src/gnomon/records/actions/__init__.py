"""The one door through which records change; each passage leaves one ledger entry."""

from gnomon.records.actions.about import attach, comment, comment_thought, join, leave, link, unlink
from gnomon.records.actions.write import act, change, change_thought, move, move_thought, note, record, record_thought

__all__ = [
    "act", "attach", "change", "change_thought", "comment", "comment_thought", "join", "leave", "link", "move",
    "move_thought", "note", "record", "record_thought", "unlink",
]  # fmt: skip
