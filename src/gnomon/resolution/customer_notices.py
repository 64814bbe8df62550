"""Texts for customers: versions that are kept, one of them published at a time (8.6.1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gnomon.jobs.actions import enqueue
from gnomon.records import actions
from gnomon.records.kinds import Change
from gnomon.records.models import LedgerEntry, Record
from gnomon.resolution.acting import actor_of
from gnomon.resolution.models import CustomerNotice, MajorIncident
from gnomon.standard.plugs import Actor

TELL = "resolution:tell_customers"
WORDS = {"title", "text_en", "text_zh", "incident"}


def what_follows(_record: Record, change: Change) -> dict[str, Any]:
    """When it was published."""
    return {"published_at": change.at} if change.move is not None and change.move.name == "publish" else {}


def what_is_wrong(record: Record, change: Change) -> Mapping[str, str]:
    """Nothing empty is published, and what customers read is not altered under their eyes."""
    notice = _notice(record)
    publishes = change.move is not None and change.move.name == "publish"
    if publishes and not (notice.text_en.strip() or notice.text_zh.strip()):
        return {"text_en": _("There is nothing to publish. Write the text in at least one language.")}
    if not change.creates and change.move is None and notice.status != "drafted" and WORDS & change.facts.keys():
        return {"text_en": _("What was published stays as it was. Write a new version and publish that.")}
    return {}


def replace_older(record: Record, entry: LedgerEntry) -> None:
    """A version that is published replaces the one before, puts off the next update, and is told to customers."""
    if not entry.verb.endswith(":publish"):
        return
    notice, by, at = _notice(record), actor_of(entry), entry.happened_at
    for older in CustomerNotice.objects.filter(incident=notice.incident, status="published").exclude(pk=notice.pk):
        actions.move(older, "replace", by=by, at=at)
    put_off(notice.incident_id, by=by, entry=entry)
    enqueue(TELL, key=notice.number, once=True, cause=notice.number, number=notice.number)


def put_off(incident_id: int, *, by: Actor, entry: LedgerEntry) -> None:
    """The next update is due when the agreed time has passed again."""
    major = MajorIncident.objects.filter(incident_id=incident_id, status="declared").first()
    if major is not None:
        due = entry.happened_at + timedelta(minutes=major.update_every)
        actions.change(major, by=by, at=entry.happened_at, next_update_due_at=due)


def published_ones(notices: QuerySet[Any], person: Actor) -> QuerySet[Any]:
    """What people without a role at the desk may read: what is published and concerns them."""
    from gnomon.resolution.queries.major import concerns

    return notices.filter(status="published").filter(concerns(person))


def _notice(record: Record) -> CustomerNotice:
    assert isinstance(record, CustomerNotice)
    return record
