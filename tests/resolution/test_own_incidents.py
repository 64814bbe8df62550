"""Who has no role at the desk sees their own incidents and those that they take part in, be they few or many."""

from __future__ import annotations

import pytest
from tests.resolution.makers import an_incident

from gnomon.organization.models import Person
from gnomon.records.models import Participant
from gnomon.resolution import incidents
from gnomon.resolution.models import Incident


@pytest.mark.parametrize("few", [0, 1, 500])
def test_own_ones_and_those_one_takes_part_in(
    carol: Person, bob: Person, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incidents, "FEW", few)
    own, watched, other = an_incident(requester=carol), an_incident(requester=bob), an_incident(requester=bob)
    assert set(incidents.own_incidents(Incident.objects.all(), carol)) == {own}
    Participant.objects.create(kind="incident", number=watched.number, person=carol.number, part="watcher")
    Participant.objects.create(kind="incident", number=other.number, person=carol.number, part=incidents.AFFECTED)
    assert set(incidents.own_incidents(Incident.objects.all(), carol)) == {own, watched}
