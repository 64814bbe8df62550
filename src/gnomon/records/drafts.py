"""Drafts of one person: what they typed and did not send, wherever they sign in next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gnomon.records.models import Draft
from gnomon.records.refusals import InvalidFacts
from gnomon.records.texts import fault_of, fault_of_json
from gnomon.standard.plugs import Actor

KEPT_FOR = timedelta(days=14)
MOST = 100
LARGEST = 400_000
LONGEST_PLACE = 400


def draft_at(person: Actor, place: str) -> Draft | None:
    """What this person typed there, unless it has been too long."""
    mine = Draft.objects.filter(person=person.number, place=place, saved_at__gte=timezone.now() - KEPT_FOR)
    return mine.first()


@transaction.atomic
def keep_draft(person: Actor, place: str, values: Mapping[str, Any], version: int = 0) -> None:
    """Keep what somebody typed, in place of what they had typed there before; nothing typed keeps nothing."""
    mine = Draft.objects.filter(person=person.number)
    if not values:
        mine.filter(place=place).delete()
        return
    _check(place, values)
    known = {"values": dict(values), "version": version, "saved_at": timezone.now()}
    Draft.objects.update_or_create(person=person.number, place=place, defaults=known)
    oldest = list(mine.order_by("-saved_at").values_list("pk", flat=True)[MOST:])
    if oldest:
        mine.filter(pk__in=oldest).delete()


def forget_drafts() -> None:
    """Let go of drafts that nobody came back to."""
    Draft.objects.filter(saved_at__lt=timezone.now() - KEPT_FOR).delete()


def _check(place: str, values: Mapping[str, Any]) -> None:
    fault = fault_of(place, LONGEST_PLACE) or fault_of_json(dict(values))
    if not fault and sum(len(str(value)) for value in values.values()) > LARGEST:
        fault = _("This is too much to keep as a draft. Attach it as a file.")
    if fault:
        raise InvalidFacts(fault, {"values": fault})
