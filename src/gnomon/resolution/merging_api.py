"""Addresses of incidents by REST that make several one, one several, and resolve parts with their whole (8.6.1)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from ninja import Schema

from gnomon.records import actions
from gnomon.records.endpoints import Call, Endpoint, Given
from gnomon.records.models import Record
from gnomon.records.refusals import InvalidFacts
from gnomon.resolution.actions import begin_review, resolve_parts, split
from gnomon.resolution.merging import warnings
from gnomon.resolution.models import Incident


class MergeGiven(Given):
    """Into which incident, and why."""

    into: str
    because: str


class MergeTold(Schema):
    """What was merged where, and what differed between the two."""

    number: str
    status: str
    merged_into: str
    warnings: list[str]


class UnmergeGiven(Given):
    """Why."""

    because: str


class SplitGiven(Given):
    """What the new incident is about; `entries` are ledger numbers of comments and files that go along."""

    title: str
    because: str
    description: str = ""
    entries: list[int] = []


class PartsGiven(Given):
    """Which parts, all that are open when it is left out."""

    numbers: list[str] | None = None
    because: str = ""


class PartTold(Schema):
    """What became of one part."""

    number: str
    done: bool
    says: str


def merge(call: Call) -> dict[str, Any]:
    """The source ends and leads to the other one."""
    target = _incident(call, call.given["into"], "into")
    told = list(warnings(call.record, target))
    merged: Any = actions.move(
        call.record, "merge", by=call.person, because=call.given["because"], merged_into=target
    )  # fmt: skip
    return {"number": merged.number, "status": merged.status, "merged_into": target.number, "warnings": told}


def unmerge(call: Call) -> Record:
    """It is again what it was."""
    return actions.move(call.record, "unmerge", by=call.person, because=call.given["because"])


def split_off(call: Call) -> Record:
    """The new incident."""
    return split(
        call.record, by=call.person, title=call.given["title"], because=call.given["because"],
        description=call.given.get("description", ""), entries=call.given.get("entries", []),
    )  # fmt: skip


def resolve(call: Call) -> list[dict[str, Any]]:
    """Each part by its own move; the answer says what became of each."""
    numbers = call.given.get("numbers")
    parts = None
    if numbers is not None:
        parts = [_incident(call, number, "numbers") for number in dict.fromkeys(numbers)]
        strange = next((part.number for part in parts if part.parent_id != call.record.pk), None)
        if strange is not None:
            says = _("%(part)s is no part of %(parent)s.") % {"part": strange, "parent": call.record.number}
            raise InvalidFacts(says, {"numbers": says})
    results = resolve_parts(call.record, parts, by=call.person, because=call.given.get("because", ""))
    return [{"number": one.record.number, "done": one.done, "says": one.says} for one in results]


def review(call: Call) -> Record:
    """The one review, begun with the facts."""
    return begin_review(call.record, by=call.person)


def _incident(call: Call, number: str, field: str) -> Incident:
    found: Incident | None = Incident.objects.visible_to(call.person).filter(number=number.upper()[:40]).first()
    if found is None:
        says = _("There is no incident “%(number)s”.") % {"number": number[:80]}
        raise InvalidFacts(says, {field: says})
    return found


MERGE = Endpoint(
    "merge_incident_into", "post", "merge", merge, "Merge an incident into another", kind="incident", takes=MergeGiven,
    tells=MergeTold,
)  # fmt: skip
UNMERGE = Endpoint(
    "take_incident_out", "post", "unmerge", unmerge, "Take an incident out of a merge", kind="incident",
    takes=UnmergeGiven,
)  # fmt: skip
SPLIT = Endpoint(
    "split_incident", "post", "split", split_off, "Split an incident off", kind="incident", takes=SplitGiven, status=201
)
RESOLVE_PARTS = Endpoint(
    "resolve_parts_of_incident", "post", "parts/resolve", resolve, "Resolve the parts of an incident", kind="incident",
    takes=PartsGiven, tells=list[PartTold],
)  # fmt: skip
REVIEW = Endpoint(
    "begin_review_of_incident", "post", "review", review, "Begin the review of a major incident", kind="incident"
)
