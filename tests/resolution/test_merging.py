"""Several incidents become one, and again several (8.6.1)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.makers import a_person
from tests.resolution.makers import a_service, an_incident
from tests.resolution.stage import at

from gnomon.agreements.models import ClockProjection
from gnomon.organization.models import Person
from gnomon.records import actions
from gnomon.records.models import LedgerEntry, Participant
from gnomon.records.refusals import InvalidFacts, MoveRefused
from gnomon.resolution import merging
from gnomon.resolution.models import Incident

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.6.1")]


def merge(source: Incident, target: Incident, *, by: Any, because: str = "The same fault", **more: Any) -> Incident:
    actions.move(source, "merge", by=by, because=because, merged_into=target, **more)
    target.refresh_from_db()
    return source


def unmerge(source: Incident, *, by: Any, because: str = "Another fault after all", **more: Any) -> Incident:
    actions.move(source, "unmerge", by=by, because=because, **more)
    return source


def test_what_is_merged_ends_without_a_verdict_and_leads_on(bob: Person) -> None:
    source, target = an_incident("No mail"), an_incident("Mail server down")
    merge(source, target, by=bob)
    source.refresh_from_db()
    assert (source.status, source.merged_into, source.closed_by) == ("merged", target, bob.number)
    assert source.responded_at is None
    assert {clock.met for clock in ClockProjection.objects.filter(number=source.number)} == {None}
    assert LedgerEntry.objects.get(number=target.number, verb="incident:merged_in").changes == {
        "other": [None, source.number]
    }


def test_who_waited_for_the_one_waits_for_the_other_and_does_not_read_it(bob: Person, carol: Person) -> None:
    source, target = an_incident(requester=carol), an_incident(description="Salaries of everybody")
    merge(source, target, by=bob)
    assert list(Participant.objects.filter(number=target.number).values_list("person", "part")) == [
        (carol.number, merging.WAITS_TOO)
    ]
    assert list(Incident.objects.visible_to(carol)) == [source]


@pytest.mark.parametrize("status", ["new", "assigned", "in_progress", "waiting"])
def test_taking_it_out_again_restores_what_it_was(bob: Person, carol: Person, status: str) -> None:
    source, target = an_incident(requester=carol, team=None), an_incident()
    steps = {"assigned": ("escalate", {"team": a_team(), "because": "Further"}), "in_progress": ("start", {}),
             "waiting": ("wait", {"waiting_reason": "user"})}  # fmt: skip
    if status in steps:
        name, facts = steps[status]
        actions.move(source, name, by=bob, **facts)
    before = {f.name: getattr(source, f.attname) for f in Incident._meta.concrete_fields if f.name != "version"}
    clocks = list(ClockProjection.objects.filter(number=source.number).order_by("name").values("name", "state"))
    merge(source, target, by=bob)
    unmerge(source, by=bob)
    source.refresh_from_db()
    after = {f.name: getattr(source, f.attname) for f in Incident._meta.concrete_fields if f.name != "version"}
    assert after == before
    assert list(ClockProjection.objects.filter(number=source.number).order_by("name").values("name", "state")) == clocks
    assert not Participant.objects.filter(number=target.number).exists()


def test_time_runs_on_through_a_merge_that_was_taken_back(bob: Person) -> None:
    source, target = an_incident(at=at("06-01 09:00")), an_incident(at=at("06-01 09:00"))
    merge(source, target, by=bob, at=at("06-01 10:00"))
    unmerge(source, by=bob, at=at("06-01 12:00"))
    actions.move(source, "resolve", by=bob, at=at("06-01 13:00"), resolution="Cable", closure_code="solved")
    clock = ClockProjection.objects.get(number=source.number, name="resolve")
    # 09:00 to 13:00, the two hours of the merge included
    assert timedelta(seconds=clock.elapsed_seconds) == timedelta(hours=4)


def test_a_chain_of_merges_is_followed_and_none_leads_back(bob: Person) -> None:
    a, b, c = (an_incident(f"Incident {name}") for name in "abc")
    merge(a, b, by=bob)
    merge(b, c, by=bob)
    a.refresh_from_db()
    assert merging.target_of(a) == c
    assert [one.number for one in merging.all_merged_into(c)] == [b.number, a.number]
    with pytest.raises(InvalidFacts, match=f"{a.number} was merged into {c.number}. Choose that one."):
        merge(c, a, by=bob)
    with pytest.raises(InvalidFacts, match="cannot be merged into itself"):
        merge(c, c, by=bob)
    with pytest.raises(MoveRefused, match="cannot take the move"):
        merge(a, c, by=bob)


def test_nothing_is_merged_into_what_is_over(bob: Person) -> None:
    source, target = an_incident(), an_incident()
    actions.move(target, "cancel", by=bob, because="No incident")
    with pytest.raises(InvalidFacts, match=f"{target.number} is Cancelled. Reopen it first"):
        merge(source, target, by=bob)
    source.refresh_from_db()
    assert source.status == "new"


def test_an_incident_of_before_goes_over_to_the_version_that_knows_merging(bob: Person) -> None:
    source, target = an_incident(), an_incident()
    actions.change(source, by=bob, workflow_version=1)
    merge(source, target, by=bob)
    assert (source.status, source.workflow_version) == ("merged", 2)
    assert LedgerEntry.objects.get(number=source.number, verb="incident:merge").changes["workflow_version"] == [1, 2]


def test_what_differs_between_the_two_is_said(bob: Person, carol: Person) -> None:
    source, target = an_incident(service=a_service("Mail"), requester=carol), an_incident(service=a_service("Web"))
    assert [says.partition(" ")[2] for says in merging.warnings(source, target)] == [
        f"is about another service than {target.number}.",
        "was reported by somebody else; that person will be told of public answers.",
    ]


def test_who_waits_through_another_merge_keeps_waiting(bob: Person, carol: Person) -> None:
    one, two, target = an_incident(requester=carol), an_incident(requester=carol), an_incident()
    merge(one, target, by=bob)
    merge(two, target, by=bob)
    unmerge(one, by=bob)
    assert Participant.objects.filter(number=target.number, person=carol.number).count() == 1
    unmerge(two, by=bob)
    assert not Participant.objects.filter(number=target.number, person=carol.number).exists()


def test_whoever_is_taken_out_of_a_chain_waits_nowhere_along_it(bob: Person, carol: Person) -> None:
    a, b, c = an_incident(requester=carol), an_incident(), an_incident()
    merge(a, b, by=bob)
    merge(b, c, by=bob)
    assert Participant.objects.filter(number=c.number, person=carol.number, part=merging.WAITS_TOO).exists()
    a.refresh_from_db()
    unmerge(a, by=bob)
    assert not Participant.objects.filter(person=carol.number).exists()


def a_team() -> Any:
    from gnomon.records.actors import SYSTEM
    from gnomon.records.kinds import kind_named

    return actions.record(kind_named("team"), by=SYSTEM, title="Network")


def test_a_stranger_cannot_merge(eve: Person, carol: Person) -> None:
    from gnomon.records.refusals import NotAllowed

    for person in (eve, carol, a_person("Pat", username="pat", roles=["external_auditor"])):
        with pytest.raises(NotAllowed):
            merge(an_incident(), an_incident(), by=person)
