"""What people are told of escalations (8.6.1 c)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gnomon.standard.plugs import Notice

ESCALATED = Notice(
    "*", "", _("%(number)s escalated: %(title)s"), what="escalation", internal=True, passes_on=True, name="escalated",
)  # fmt: skip
CALLED = Notice(
    "*", "", _("%(number)s calls you: %(title)s. Please answer."), what="escalation", internal=True, passes_on=True,
    urgent=True, links=("acknowledge",), name="called",
)  # fmt: skip
