"""Logs from elsewhere: whose they are, who may look, and where they lie."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from gnomon.evaluation.models import ForeignLog
from gnomon.organization.roles import STAFF
from gnomon.records.actors import is_system
from gnomon.standard.plugs import Actor


def may_look(person: Actor) -> bool:
    """Whether somebody may look at logs from elsewhere: whoever works here."""
    return is_system(person) or not set(STAFF).isdisjoint(person.roles)


def logs_of(person: Actor) -> QuerySet[ForeignLog]:
    """What somebody sent to look at and nobody else sees, the newest first."""
    if not may_look(person):
        return ForeignLog.objects.none()
    return ForeignLog.objects.filter(actor=person.number, expires_at__gt=datetime.now(UTC))


def logs_folder() -> Path:
    return Path(settings.HOME) / "mining" / "logs"


def uploads_folder() -> Path:
    """Where the files lie that were sent."""
    return logs_folder() / "files"


def events_file(key: int) -> Path:
    """Where the events of a log lie as columns."""
    return logs_folder() / f"{key}.npz"
