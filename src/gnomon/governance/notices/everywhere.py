"""Notices about records of any kind, and about none."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gnomon.standard.plugs import Notice

MENTIONED = Notice(
    "*", "", _("%(actor)s mentioned you on %(number)s: %(title)s"), what="mention", passes_on=True, name="mentioned",
)  # fmt: skip
HELD_BACK = Notice(
    "*", "", _("So much happens to %(number)s that further messages are held back for a while."), name="held_back"
)
TRIED = Notice("", "", _("A message to try the channels"), urgent=True, url="/governance/messages", name="tried")
DIGEST = Notice("", "", _("Messages that wait for you: %(n)s"), gaps={"n": _("How many")}, name="digest")
