"""What a person was told, and what of it they have read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from django.db.models import QuerySet

from gnomon.governance.models import Receipt
from gnomon.jobs.questions import Question
from gnomon.standard.plugs import Actor

COUNTED = 100


_UNREAD = Question(
    lambda person: (
        Receipt.objects.filter(person=person, read_at__isnull=True, suppressed=False).order_by().values_list("pk")
    )[:COUNTED]
)


def unread_count(person: Actor) -> int:
    """How many messages wait for a person, counted up to a hundred: more is more."""
    return len(_UNREAD.all(person=person.number))


def latest(person: Actor, *, before: int | None = None, most: int = 50) -> list[Receipt]:
    """What a person was told, newest first, older than the receipt `before` when it is given."""
    told: QuerySet[Receipt] = Receipt.objects.filter(person=person.number, suppressed=False).select_related("message")
    if before is not None:
        told = told.filter(pk__lt=before)
    return list(told[:most])


def mark_read(person: Actor, keys: Iterable[int] | None = None) -> int:
    """Mark these messages of a person as read, all when none are named; how many were new."""
    unread = Receipt.objects.filter(person=person.number, read_at__isnull=True, suppressed=False)
    if keys is not None:
        unread = unread.filter(pk__in=list(keys))
    return unread.update(read_at=datetime.now(UTC))
