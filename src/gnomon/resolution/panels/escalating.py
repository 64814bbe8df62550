"""What the page of an incident shows of escalation and of the teams that had it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gnomon.agreements.escalation.showing import on_record
from gnomon.agreements.team_stories import team_stories
from gnomon.records.models import Record
from gnomon.records.panels import Panel
from gnomon.records.permissions import may
from gnomon.resolution.levels import URGENCIES
from gnomon.resolution.models import Incident, PriorityMatrix
from gnomon.resolution.queries.foreseen import foreseen, grid_of
from gnomon.resolution.workflows import WORKING
from gnomon.standard.plugs import Actor


def escalation(record: Record, person: Actor) -> Mapping[str, Any] | None:
    """What a policy does about it, and the way to a manager."""
    assert isinstance(record, Incident)
    shown = on_record(record, person)
    if record.status in WORKING and may(person, "change", record.kind):
        return {
            **(shown or {}),
            "manager_url": f"{record.get_absolute_url()}/inform-manager",
            "runs": shown is not None,
        }
    return None if shown is None else {**shown, "runs": True}


def teams(record: Record, _person: Actor) -> Mapping[str, Any] | None:
    """The turn of each team, with its own clock where an agreement gives it one."""
    assert isinstance(record, Incident)
    if record.ola_id is None and record.reassignment_count == 0:
        return None  # one turn at most, and nothing was agreed about it
    stories = team_stories(record)
    return {"stories": stories} if any(story.pinned for story in stories) or len(stories) > 1 else None


def matrix(record: Record, _person: Actor) -> Mapping[str, Any]:
    """The matrix as a coloured table, and what open incidents would get of it."""
    assert isinstance(record, PriorityMatrix)
    return {
        "rows": grid_of(record.table),
        "heads": [title for _key, title in URGENCIES],
        "differences": foreseen(record.table),
    }


MATRIX = Panel("priority_matrix", "matrix", "resolution/_matrix.html", matrix, place="main")
ESCALATION = Panel("incident", "escalation", "agreements/_escalation_panel.html", escalation, order=20)
TEAMS = Panel("incident", "teams", "agreements/_teams_panel.html", teams, order=30)
