"""Words about incidents that became one: what is said on a merged one is heard on the other, and back (8.6.1).

Nothing is copied. A word stays where it was said, and the timelines of both show it; an entry on the other
record tells of its way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gnomon.governance.notices import tell
from gnomon.organization.models import Person
from gnomon.organization.roles import STAFF
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named
from gnomon.records.models import LedgerEntry, Record
from gnomon.records.permissions import may
from gnomon.resolution.acting import actor_of
from gnomon.resolution.merging import all_merged_into, target_of
from gnomon.resolution.models import Incident
from gnomon.resolution.notices import ANSWERED_ELSEWHERE, REPLIED
from gnomon.standard.plugs import Actor

SAID = ("incident:commented", "incident:attached")
MOST = 500


def pass_on(record: Record, entry: LedgerEntry) -> None:
    """Let the other side of a merge know that something was said."""
    assert isinstance(record, Incident)
    if record.merged_into_id is not None:
        _reply(record, target_of(record), entry)
    elif not _is_internal(entry):
        for source in all_merged_into(record):
            _answer(record, source, entry)


def _reply(source: Incident, target: Incident, entry: LedgerEntry) -> None:
    actions.note(target, "replied", by=actor_of(entry), at=entry.happened_at, other=[None, source.number])
    if target.assignee is not None:
        tell(
            [target.assignee.number], REPLIED, about=target, by=entry.actor, source=source.number,
            text=_words(entry), cause=f"{source.number}/{entry.version}/replied",
        )  # fmt: skip


def _answer(target: Incident, source: Incident, entry: LedgerEntry) -> None:
    if not _is_staff(entry.actor):
        return
    actions.note(source, "answered", by=SYSTEM, at=entry.happened_at, other=[None, target.number])
    if source.requester is not None:
        tell(
            [source.requester.number], ANSWERED_ELSEWHERE, about=source, by=entry.actor,
            text=_words(entry), cause=f"{target.number}/{entry.version}/answered/{source.number}",
        )  # fmt: skip


def told_with(record: Record, person: Actor) -> Sequence[tuple[Record, Sequence[LedgerEntry]]]:
    """The words of other records that the timeline of one tells as well.

    Those who read all incidents see what was said on all that were merged into it, and what a split took along.
    Who sees only their own report sees the public answers that were given since it became part of another one.
    """
    assert isinstance(record, Incident)
    staff = may(person, "read", kind_named("incident"))
    told: list[tuple[Record, Sequence[LedgerEntry]]] = []
    if staff:
        for source in all_merged_into(record):
            told.append((source, _said_on(source.number)))
        if record.split_from is not None and record.carried:
            told.append((record.split_from, _entries(record.carried)))
    elif record.merged_into is not None:
        target = target_of(record)
        told.append((target, _answers_since(target, record)))
    elif record.split_from is not None and record.carried and _is_own(record.split_from, person):
        told.append((record.split_from, [one for one in _entries(record.carried) if not _is_internal(one)]))
    return told


def leads_to(record: Record, person: Actor) -> Incident | None:
    """Where those who read all incidents are led from one that was merged; others stay with their own report."""
    assert isinstance(record, Incident)
    if record.merged_into_id is None or not may(person, "read", kind_named("incident")):
        return None
    return target_of(record)


def _is_own(incident: Incident, person: Actor) -> bool:
    return bool(Incident.objects.visible_to(person).filter(pk=incident.pk).exists())


def _said_on(number: str) -> list[LedgerEntry]:
    return list(LedgerEntry.objects.filter(number=number, verb__in=SAID).order_by("-version")[:MOST])


def _entries(sequences: Sequence[int]) -> list[LedgerEntry]:
    return list(LedgerEntry.objects.filter(sequence__in=sequences, verb__in=SAID).order_by("-version"))


def _answers_since(target: Incident, source: Incident) -> list[LedgerEntry]:
    merged = LedgerEntry.objects.filter(number=source.number, verb="incident:merge").order_by("-version").first()
    if merged is None:
        return []
    said = [
        entry
        for entry in LedgerEntry.objects.filter(
            number=target.number, verb="incident:commented", sequence__gt=merged.sequence
        ).order_by("-version")[:MOST]
        if not _is_internal(entry)
    ]
    staff = _staff_among({entry.actor for entry in said})
    return [entry for entry in said if entry.actor in staff]


def _is_internal(entry: LedgerEntry) -> bool:
    return bool(entry.changes.get("internal", [None, False])[1])


def _words(entry: LedgerEntry) -> str:
    return str(entry.changes.get("text", entry.changes.get("name", [None, ""]))[1])


def _is_staff(number: str) -> bool:
    return number in _staff_among({number})


def _staff_among(numbers: set[str]) -> set[str]:
    people: list[Any] = list(Person.objects.filter(number__in=numbers))
    return {person.number for person in people if not set(STAFF).isdisjoint(person.roles)}
