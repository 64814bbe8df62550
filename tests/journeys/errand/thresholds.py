"""What follows from a threshold: one word on the record, however often the job runs."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gnomon.agreements.thresholds import OnThreshold
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.models import Comment, Record


@transaction.atomic
def say(record: Record, clock: str, percent: int, reached_at: datetime) -> None:
    text = f"{clock} reached {percent} %"
    if not Comment.objects.filter(number=record.number, text=text).exists():
        actions.comment(record, text, by=SYSTEM, internal=True)


SAY = OnThreshold("incident", say)
