"""What the page of an incident shows of what it is part of, was merged into, and of a major incident."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from gnomon.records import permissions
from gnomon.records.kinds import kind_named
from gnomon.records.models import Record
from gnomon.records.panels import Panel
from gnomon.resolution.merging import target_of
from gnomon.resolution.models import Incident
from gnomon.resolution.more import OVER, declare_url
from gnomon.resolution.queries.major import published_for, running_major
from gnomon.resolution.showing import update_left
from gnomon.standard.plugs import Actor
from gnomon.ui.values import Ref, Status

MOST = 50


def major_of(record: Record, person: Actor) -> Mapping[str, Any] | None:
    """That it is a major incident, or should perhaps be declared one."""
    assert isinstance(record, Incident)
    if record.is_major:
        major = running_major(record)
        if major is None:
            return None
        return {"major": major, "left": update_left(major), "url": f"{record.get_absolute_url()}/major"}
    meets = record.meets_major_criteria_at is not None and record.status not in (*OVER, "resolved")
    if not meets or not permissions.may(person, "create", kind_named("major_incident")):
        return None
    return {"declare_url": declare_url(record), "since": record.meets_major_criteria_at}


def family_of(record: Record, person: Actor) -> Mapping[str, Any] | None:
    """What it is part of, was merged into or split from, and what is part of it."""
    assert isinstance(record, Incident)
    here = record.get_absolute_url()
    members: list[Any] = list(
        Incident.objects.filter(
            Q(parent=record, parent__isnull=False)
            | Q(merged_into=record, merged_into__isnull=False)
            | Q(split_from=record, split_from__isnull=False)
        ).order_by("id")[: MOST + 1]
    )
    up = [(name, getattr(record, name)) for name in ("parent", "merged_into", "split_from")]
    if not members and not any(other for _name, other in up):
        return None
    parts = [one for one in members if one.parent_id == record.pk]
    return {
        "parts": [_member(one) for one in parts],
        "open_parts": sum(one.resolved_at is None and one.closed_at is None for one in parts),
        "merged": [_member(one) for one in members if one.merged_into_id == record.pk],
        "splits": [_member(one) for one in members if one.split_from_id == record.pk],
        "up": {name: _ref(other) for name, other in up if other is not None},
        "parts_url": f"{here}/parts",
        "may_change": permissions.may(person, "change", record.kind),
        "resolved": record.resolved_at is not None,
    }


def merged_of(record: Record, person: Actor) -> Mapping[str, Any] | None:
    """For somebody who sees only their own report: that it is dealt with together with others."""
    assert isinstance(record, Incident)
    if record.merged_into_id is None or permissions.may(person, "read", record.kind):
        return None
    target = target_of(record)
    return {"status": Status(target.status_title, str(target.phase)), "resolution": target.resolution}


def published_of(record: Record, person: Actor) -> Mapping[str, Any] | None:
    """For requesters: what is said publicly of a current major incident that concerns them."""
    if permissions.may(person, "read", record.kind):
        return None
    told = published_for(person)
    return {"published": told} if told else None


def _member(incident: Incident) -> dict[str, Any]:
    state = Status(incident.status_title, str(incident.phase))
    url = f"{incident.get_absolute_url()}/unmerge" if incident.status == "merged" else ""
    return {"ref": _ref(incident), "state": state, "take_out_url": url}


def _ref(incident: Incident) -> Ref:
    return Ref(incident.number, incident.title, incident.get_absolute_url())


MAJOR = Panel("incident", "major", "resolution/_major_panel.html", major_of, place="above", order=10)
MERGED = Panel("incident", "merged", "resolution/_merged_panel.html", merged_of, place="above", staff=False, order=10)
PUBLISHED = Panel(
    "incident", "published", "resolution/_published_panel.html", published_of, place="above", staff=False, order=20
)
FAMILY = Panel("incident", "family", "resolution/_family_panel.html", family_of, order=20)
