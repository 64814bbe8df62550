"""What the front door does on a schedule."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from gnomon.standard.plugs import Job


def forget_ended_sessions() -> None:
    """Delete sessions that have expired; each sign-in leaves one."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


FORGET_ENDED_SESSIONS = Job(
    "web:forget_sessions", forget_ended_sessions, every=timedelta(days=1), title=_("Forget sessions that have ended")
)
