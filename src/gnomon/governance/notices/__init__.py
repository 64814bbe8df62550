"""Who is told what (7.4): `tell` people of something, once for each cause."""

from gnomon.governance.notices.everywhere import DIGEST, HELD_BACK, MENTIONED, TRIED
from gnomon.governance.notices.gaps import says
from gnomon.governance.notices.reading import latest, mark_read, unread_count
from gnomon.governance.notices.telling import tell
from gnomon.governance.sealing.telling import BROKEN

__all__ = ["BROKEN", "DIGEST", "HELD_BACK", "MENTIONED", "TRIED", "latest", "mark_read", "says", "tell", "unread_count"]
