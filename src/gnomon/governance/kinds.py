"""Kinds of direction (4–7)."""

from collections.abc import Mapping

from django.utils.translation import gettext as _say
from django.utils.translation import gettext_lazy as _

from gnomon.governance.erasing import rules
from gnomon.governance.models import Document, Erasure, NoticeText
from gnomon.governance.notices.wording import check_notice_text, prepare_notice_text
from gnomon.governance.sealing.kinds import ledger_verification, message_seal, signing_key, time_stamp
from gnomon.governance.workflows import DOCUMENT, ERASURE, FORGETTING, NOTICE_TEXT
from gnomon.organization.roles import AUDITORS, AUTHORS, EXPORTING, PROCESS, SPEAKING, STAFF
from gnomon.records.kinds import Change, Kind
from gnomon.records.models import Record

__all__ = ["document", "erasure", "ledger_verification", "message_seal", "notice_text", "signing_key", "time_stamp"]


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

notice_text = Kind(
    name="notice_text",
    model=NoticeText,
    prefix="NTX",
    clause="7.4",
    title=_("Notice text"),
    plural=_("Notice texts"),
    workflow=NOTICE_TEXT,
    fields=("notice", "title", "title_zh", "text", "text_zh"),
    columns=("number", "notice", "title", "title_zh", "status"),
    searched=("title_zh", "text", "text_zh"),
    may={
        "read": STAFF,
        "create": PROCESS,
        "change": PROCESS,
        "comment": PROCESS,
        "export": EXPORTING,
        "import": PROCESS,
    },
    prepare=prepare_notice_text,
    check=check_notice_text,
    icon="mail",
    order="id",
)

erasure = Kind(
    name="erasure",
    model=Erasure,
    prefix="ERA",
    clause="7.5",
    title=_("Erasure"),
    plural=_("Erasures of personal data"),
    workflow=ERASURE,
    fields=("person", "reason", "written", "named", "left_out"),
    columns=("number", "title", "status", "person", "approved_by", "values_erased", "records_blanked", "recorded_at"),
    filters=("status", "person"),
    may={
        "read": (*FORGETTING, *AUDITORS),
        "create": FORGETTING,
        "change": FORGETTING,
        "comment": FORGETTING,
        "export": FORGETTING,
        "import": (),
    },
    prepare=rules.what_follows,
    check=rules.what_is_wrong,
    after=(rules.carry_out_later,),
    verbs={"blanked": _("Messages blanked")},
    tells={"erased_messages": (_("Messages"), len)},
    requirements=("7.5.3.2-d",),
    icon="trash",
)
