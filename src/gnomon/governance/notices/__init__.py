"""Who is told what (7.4): `tell` people of something, once for each cause."""

from gnomon.governance.notices.reading import latest, mark_read, unread_count
from gnomon.governance.notices.telling import says, tell
from gnomon.governance.sealing.telling import BROKEN

__all__ = ["BROKEN", "latest", "mark_read", "says", "tell", "unread_count"]
