"""What follows from merging one incident into another, and from taking it out again (8.6.1): rules of the kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import OperationalError
from django.utils.translation import gettext as _

from gnomon.organization.models import Person
from gnomon.records import actions
from gnomon.records.kinds import Change
from gnomon.records.models import LedgerEntry, Participant
from gnomon.records.refusals import MoveRefused
from gnomon.resolution.acting import actor_of
from gnomon.resolution.models import Incident
from gnomon.standard.plugs import Actor

# The part of somebody who waits for the same as others: told of answers, and shown nobody's words but their own.
WAITS_TOO = "waits_too"
MOVES = ("merge", "unmerge")


def merged(_incident: Incident, change: Change) -> dict[str, Any]:
    """It waits for nobody any more; whatever happens to the other one happens to it."""
    return {"closed_at": change.at, "closed_by": change.by.number}


def taken_out(incident: Incident, _change: Change) -> dict[str, Any]:
    """It is again what it was, as though it had never been merged."""
    return {"status": _status_before(incident), "merged_into": None, "closed_at": None, "closed_by": ""}


def what_is_wrong(incident: Incident, change: Change) -> Mapping[str, str]:
    """Why it cannot be merged there."""
    if change.move is None or change.move.name != "merge" or incident.merged_into is None:
        return {}
    says = _refusal(incident, _held(incident, incident.merged_into))
    return {"merged_into": says} if says else {}


def keep_target(incident: Incident, entry: LedgerEntry) -> None:
    """The other one says who came, and those who wait for the one that was merged wait for it now."""
    verb = entry.verb.partition(":")[2]
    if verb not in MOVES:
        return
    old, new = entry.changes["merged_into"]
    target = Incident.objects.get(number=new or old)
    by, at = actor_of(entry), entry.happened_at
    if verb == "merge":
        actions.note(target, "merged_in", by=by, at=at, because=entry.because, other=[None, incident.number])
        for person in _waiting(incident):
            actions.join(target, person, WAITS_TOO, by=by)
    else:
        actions.note(target, "taken_out", by=by, at=at, because=entry.because, other=[incident.number, None])
        for upper in _way_up(target):
            _leave(upper, _waiting(incident), by)


def _leave(target: Incident, people: Sequence[Any], by: Actor) -> None:
    """Let people wait for the target no more, unless something else of theirs was merged into it."""
    others = {person.number for other in all_merged_into(target) for person in _waiting(other)}
    for person in people:
        if person.number not in others:
            actions.leave(target, person, WAITS_TOO, by=by)


def _way_up(incident: Incident) -> Iterator[Incident]:
    """An incident, what it was merged into, and so on to the end."""
    here: Incident | None = incident
    seen: set[int] = set()
    while here is not None and here.pk not in seen:
        seen.add(here.pk)
        yield here
        here = here.merged_into


def target_of(incident: Incident) -> Incident:
    """Where an incident was merged to in the end; itself when it was not."""
    *_passed, last = _way_up(incident)
    return last


def all_merged_into(incident: Incident) -> list[Incident]:
    """Every incident that was merged into this one, directly or by way of others; one query for each step."""
    found: list[Incident] = []
    here = [incident.pk]
    while here:
        step = list(Incident.objects.filter(merged_into__in=here, merged_into__isnull=False).order_by("id"))
        known = {one.pk for one in found} | {incident.pk}
        fresh = [one for one in step if one.pk not in known]
        found += fresh
        here = [one.pk for one in fresh]
    return found


def warnings(source: Incident, target: Incident) -> Iterator[str]:
    """What differs between the two and should be looked at before they become one."""
    for name, says in (
        ("customer", _("%(source)s is of another customer than %(target)s.")),
        ("service", _("%(source)s is about another service than %(target)s.")),
        ("requester", _("%(source)s was reported by somebody else; that person will be told of public answers.")),
    ):
        if getattr(source, f"{name}_id") != getattr(target, f"{name}_id"):
            yield says % {"source": source.number, "target": target.number}


def _refusal(incident: Incident, target: Incident) -> str:
    facts = {"source": incident.number, "target": target.number, "status": target.status_title}
    if incident.pk == target.pk:
        return _("%(source)s cannot be merged into itself. Choose another incident.") % facts
    if target.merged_into is not None:
        facts["further"] = target_of(target).number
        return _("%(target)s was merged into %(further)s. Choose that one.") % facts
    if target.status in {"closed", "cancelled"}:
        return _("%(target)s is %(status)s. Reopen it first, or choose another incident.") % facts
    if incident.is_major:
        return _("%(source)s is a major incident. Withdraw that first, or merge the other way round.") % facts
    if Incident.objects.filter(parent=incident, parent__isnull=False).exists():
        return _("%(source)s has parts. Take them out first, or merge the other way round.") % facts
    return ""


def _held(incident: Incident, target: Incident) -> Incident:
    """The target, kept from other writers until we are done: two that are merged into each other meet here."""
    try:
        held: Incident = Incident.objects.select_for_update().get(pk=target.pk)
    except OperationalError:
        says = _("%(source)s and %(target)s are just being merged by somebody else. Look again, then decide.")
        raise MoveRefused(says % {"source": incident.number, "target": target.number}) from None
    return held


def _status_before(incident: Incident) -> str:
    """Where it stood when it was merged, by the ledger."""
    last = LedgerEntry.objects.filter(number=incident.number, verb="incident:merge").order_by("-version").first()
    return str(last.changes["status"][0]) if last is not None else "new"


def _waiting(incident: Incident) -> list[Any]:
    """Who waits for an incident: its requester, and those with a part in it."""
    parts = Participant.objects.filter(number=incident.number, kind="incident").values_list("person", flat=True)
    numbers = {*parts, *([incident.requester.number] if incident.requester is not None else [])}
    return list(Person.objects.filter(number__in=numbers).order_by("id")) if numbers else []
