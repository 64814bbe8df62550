"""Tables of direction (4–7)."""

from gnomon.governance.models.document import Document
from gnomon.governance.models.link import SentLink
from gnomon.governance.models.message import Message, Receipt

__all__ = ["Document", "Message", "Receipt", "SentLink"]
