"""Links that are sent to requesters (8.6.1, 8.3.2)."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from gnomon.governance.links import LinkPage
from gnomon.resolution.views.sent_links import confirm_by_link, rate_by_link, view_by_link

VIEW = LinkPage(
    "view", _("See where it stands, or answer, without signing in"), view_by_link, once=False,
    lasts=timedelta(days=30), outside=True,
)  # fmt: skip
CONFIRM = LinkPage(
    "confirm", _("Say whether it is solved, without signing in"), confirm_by_link, lasts=timedelta(days=14),
    outside=True,
)  # fmt: skip
RATE = LinkPage(
    "rate", _("Say how it went, without signing in"), rate_by_link, lasts=timedelta(days=30), outside=True
)  # fmt: skip
