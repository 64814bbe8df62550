"""Kinds of direction (4–7)."""

from collections.abc import Mapping

from django.utils.translation import gettext as _say
from django.utils.translation import gettext_lazy as _

from gnomon.governance.models import Document
from gnomon.governance.workflows import DOCUMENT
from gnomon.organization.roles import AUTHORS, SPEAKING, STAFF
from gnomon.records.kinds import Change, Kind
from gnomon.records.models import Record


def approver_is_not_author(record: Record, change: Change) -> Mapping[str, str]:
    """Nobody approves what they publish themselves (7.5.2)."""
    if change.move is None or change.move.name != "publish" or not isinstance(record, Document):
        return {}
    if record.approved_by is not None and record.approved_by.number == change.by.number:
        return {"approved_by": _say("Somebody other than you must have approved the document.")}
    return {}


document = Kind(
    name="document",
    model=Document,
    prefix="DOC",
    clause="7.5",
    title=_("Document"),
    plural=_("Documents"),
    workflow=DOCUMENT,
    fields=("title", "type", "text", "edition", "owner", "approved_by", "next_review_date"),
    columns=("number", "title", "type", "status", "edition", "owner", "next_review_date"),
    filters=("status", "type", "owner"),
    searched=("text",),
    may={
        "read": STAFF,
        "create": AUTHORS,
        "change": AUTHORS,
        "comment": SPEAKING,
        "export": STAFF,
        "import": AUTHORS,
    },
    check=approver_is_not_author,
    icon="book",
)
