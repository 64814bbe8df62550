"""Tables of the ground floor."""

from gnomon.records.models.about import Attachment, Comment, Link, Participant
from gnomon.records.models.customizing import SavedView
from gnomon.records.models.imports import ExternalKey, ImportFinding, ImportMapping, ImportRun
from gnomon.records.models.ledger import Checkpoint, Leaf, LedgerEntry
from gnomon.records.models.numbering import Numbering
from gnomon.records.models.personal import Draft, Preference
from gnomon.records.models.presence import Presence
from gnomon.records.models.record import Record, RecordQuerySet
from gnomon.records.models.rules import RuleMark
from gnomon.records.models.search import SearchMark, SearchNear, SearchWord

__all__ = [
    "Attachment",
    "Checkpoint",
    "Comment",
    "Draft",
    "ExternalKey",
    "ImportFinding",
    "ImportMapping",
    "ImportRun",
    "Leaf",
    "LedgerEntry",
    "Link",
    "Numbering",
    "Participant",
    "Preference",
    "Presence",
    "Record",
    "RecordQuerySet",
    "RuleMark",
    "SavedView",
    "SearchMark",
    "SearchNear",
    "SearchWord",
]
