"""A rule holds alike at every door: page, REST, command line, bulk and action (golden test g)."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from typer.testing import CliRunner

from gnomon.organization.actions import make_token
from gnomon.project.command import application
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.models import LedgerEntry
from gnomon.records.refusals import Refused
from gnomon.resolution.kinds import incident as INCIDENT
from gnomon.resolution.models import Incident

Door = Callable[[Incident, dict[str, str]], None]
CURE = {"resolution": "Cable replaced", "closure_code": "solved"}


@pytest.fixture
def doors(bob: Any, bob_browser: Client) -> dict[str, Door]:
    """How Bob can resolve an incident; each answers nothing, whatever became of it."""
    _token, text = make_token(bob, name="door", by=SYSTEM)

    def page(incident: Incident, facts: dict[str, str]) -> None:
        bob_browser.post(f"{incident.get_absolute_url()}/resolve", {**facts, "expect": str(incident.version)})

    def bulk(incident: Incident, facts: dict[str, str]) -> None:
        chosen = {"move": "resolve", "number": incident.number, "sure": "1"}
        bob_browser.post("/resolution/incidents/bulk", chosen | facts)

    def rest(incident: Incident, facts: dict[str, str]) -> None:
        Client().post(
            f"/api/v1/incidents/{incident.number}/moves/resolve", json.dumps(facts), content_type="application/json",
            headers={"Authorization": f"Bearer {text}"},
        )  # fmt: skip

    def command(incident: Incident, facts: dict[str, str]) -> None:
        words = [f"{name}={value}" for name, value in facts.items()]
        CliRunner().invoke(application(), ["move", incident.number, "resolve", *words, "--as", "bob"])

    def action(incident: Incident, facts: dict[str, str]) -> None:
        with contextlib.suppress(Refused):
            actions.move(incident, "resolve", by=bob, **facts)

    return {"page": page, "bulk": bulk, "rest": rest, "command": command, "action": action}


@pytest.mark.clause("8.6.1")
@pytest.mark.parametrize("door", ["page", "bulk", "rest", "command", "action"])
def test_nothing_is_resolved_without_a_resolution_and_all_follows_from_one(doors: dict[str, Door], door: str) -> None:
    found = actions.record(INCIDENT, by=SYSTEM, title="Slow", impact=2, urgency=1)
    assert isinstance(found, Incident)

    doors[door](found, {"closure_code": "solved"})
    refused = Incident.objects.get()
    assert (refused.status, refused.version, refused.priority) == ("new", 1, 2)

    doors[door](refused, CURE)
    done = Incident.objects.get()
    assert (done.status, done.version, done.resolution) == ("resolved", 2, "Cable replaced")
    # what follows from it: the moments, the first contact, and the entry by whom it was
    assert done.resolved_at is not None
    assert done.responded_at == done.resolved_at
    assert done.first_contact_resolution
    entry = LedgerEntry.objects.get(number=done.number, version=2)
    assert (entry.verb, entry.actor) == ("incident:resolve", _number_of_bob())


def _number_of_bob() -> str:
    from gnomon.organization.models import Person

    return str(Person.objects.get(username="bob").number)
