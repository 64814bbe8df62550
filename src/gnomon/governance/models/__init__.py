"""Tables of direction (4–7)."""

from gnomon.governance.models.document import Document
from gnomon.governance.models.erasure import Erasure
from gnomon.governance.models.link import SentLink
from gnomon.governance.models.message import Message, Receipt
from gnomon.governance.models.notice_text import NoticeText
from gnomon.governance.models.sealing import LedgerVerification, MessageSeal, SigningKey, TimeStamp
from gnomon.governance.models.sending import NoticePreference, Sending

__all__ = [
    "Document",
    "Erasure",
    "LedgerVerification",
    "Message",
    "MessageSeal",
    "NoticePreference",
    "NoticeText",
    "Receipt",
    "Sending",
    "SentLink",
    "SigningKey",
    "TimeStamp",
]
