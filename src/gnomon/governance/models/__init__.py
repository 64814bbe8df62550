"""Tables of direction (4–7)."""

from gnomon.governance.models.document import Document

__all__ = ["Document"]
