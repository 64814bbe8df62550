"""Versions of a workflow that administrators made: new records get the newest, old ones keep theirs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.organization.makers import a_version
from tests.resolution.makers import an_incident

from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.definitions import OWN
from gnomon.records.refusals import MoveRefused
from gnomon.resolution.kinds import incident as INCIDENT
from gnomon.workflow.tables import Move, Phase, State

pytestmark = pytest.mark.django_db
PRESENT = INCIDENT.workflow.version


@pytest.fixture
def second_version(db):
    """A version in which incidents are also looked at by a second pair of eyes."""
    wider = replace(
        INCIDENT.workflow,
        version=OWN,
        states=(*INCIDENT.workflow.states, State("reviewed", Phase.RESOLVED, "Reviewed")),
        moves=(
            *INCIDENT.workflow.moves,
            Move("review", ("resolved",), "reviewed", "Review", who=("agent",)),
            Move("finish", ("reviewed",), "closed", "Finish", who=("agent",)),
        ),
    )
    assert wider.faults() == []
    assert wider.keeps(INCIDENT.workflow) == []
    an_incident("Old")
    return a_version(wider)


def solved(incident, by=SYSTEM):
    return actions.move(incident, "resolve", by=by, resolution="Done", closure_code="solved")


def test_new_records_live_by_the_newest_version_and_old_ones_by_theirs(second_version, bob):
    old = solved(INCIDENT.model.objects.get(title="Old"))
    new = solved(an_incident("New", by=bob), by=bob)
    assert (old.workflow_version, new.workflow_version) == (PRESENT, OWN)
    assert actions.move(new, "review", by=bob).status == "reviewed"
    assert new.status_title == "Reviewed"
    assert new.phase is Phase.RESOLVED
    with pytest.raises(MoveRefused, match="has no move called “review”"):
        actions.move(old, "review", by=bob)


def test_a_version_that_is_not_in_force_is_not_taken(second_version):
    actions.move(second_version, "replace", by=SYSTEM, because="It did not prove itself.")
    assert an_incident("New").workflow_version == PRESENT


def test_pages_show_the_moves_of_the_records_own_version(second_version, bob, bob_browser):
    old, new = solved(INCIDENT.model.objects.get(title="Old")), solved(an_incident("New"))
    assert "review" not in [move.name for move in bob_browser.get(old.get_absolute_url()).context["moves"]]
    assert "review" in [move.name for move in bob_browser.get(new.get_absolute_url()).context["moves"]]
    assert bob_browser.get(f"{old.get_absolute_url()}/review").status_code == 404
    assert bob_browser.post(f"{new.get_absolute_url()}/review", {"expect": 2}).status_code == 302
    page = bob_browser.get(new.get_absolute_url())
    assert "Reviewed" in page.content.decode()
    assert bob_browser.get("/resolution/incidents/").status_code == 200


def test_the_api_takes_the_moves_of_the_records_own_version(second_version, bob):
    from django.test import Client

    from gnomon.organization.actions import make_token

    _token, secret = make_token(bob, name="x", by=SYSTEM)
    program = Client(headers={"Authorization": f"Bearer {secret}"})
    old, new = solved(INCIDENT.model.objects.get(title="Old")), solved(an_incident("New"))
    moved = program.post(f"/api/v1/incidents/{new.number}/moves/review", "{}", content_type="application/json")
    assert moved.json()["status"] == "reviewed"
    refused = program.post(f"/api/v1/incidents/{old.number}/moves/review", "{}", content_type="application/json")
    assert refused.status_code == 404
