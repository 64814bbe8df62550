"""Older records are taken along to a version in force: each with an entry, none into another phase."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.makers import a_person
from tests.organization.makers import a_draft, a_version
from tests.organization.test_workflow_versions import DECLARED, with_vendor
from tests.resolution.makers import an_incident

from gnomon.jobs.worker import Worker
from gnomon.organization import migrating
from gnomon.organization.migrating import begin_migration, go_on
from gnomon.records import actions
from gnomon.records.actions.migrating import migrate
from gnomon.records.actors import SYSTEM
from gnomon.records.ledger.verification import verify_ledger
from gnomon.records.queries import history
from gnomon.records.refusals import InvalidFacts, MoveRefused, NotAllowed
from gnomon.resolution.models import Incident
from gnomon.workflow.tables import Phase, State, Workflow

pytestmark = pytest.mark.django_db


@pytest.fixture
def yuan(db):
    return a_person("Yuan Fang", username="yuan", roles=["process_manager"])


def with_maker() -> Workflow:
    """The same wish, said otherwise: the state has another name."""
    vendor = with_vendor()
    states = (*DECLARED.states, State("at_maker", Phase.WAITING, "With the maker"))
    named = {"at_vendor": "at_maker"}
    moves = tuple(
        replace(m, starts=tuple(named.get(s, s) for s in m.starts), end=named.get(m.end, m.end)) for m in vendor.moves
    )
    return replace(vendor, states=states, moves=moves)


def run(version: Any, by: Any, **more: Any) -> None:
    """What the worker would do."""
    facts = {"states": {}, "because": "One way for all.", "numbers": [], "after": 0, **more}
    go_on(number=version.number, by=by.number, **facts)


def test_older_records_live_by_the_new_version_and_their_history_says_so(yuan):
    incident = an_incident("Old")
    version = a_version(with_vendor())
    run(version, yuan)
    incident.refresh_from_db()
    assert (incident.workflow_version, incident.status) == (version.edition, "new")
    last = history(incident)[-1]
    assert (last.verb, last.actor, last.because) == ("incident:migrated", yuan.number, "One way for all.")
    assert last.changes == {"workflow_version": [DECLARED.version, version.edition]}
    assert verify_ledger().whole
    run(version, yuan)
    assert len(history(incident)) == 2  # a second time there is nothing to do


def test_a_state_that_is_gone_is_mapped_to_one_of_its_phase(yuan, bob):
    first = a_version(with_vendor())
    incident = an_incident(by=bob)
    actions.move(incident, "start", by=bob)
    actions.move(incident, "hand_over", by=bob)
    second = a_version(with_maker())
    run(second, yuan)
    incident.refresh_from_db()
    assert incident.workflow_version == first.edition  # nobody said where it goes, so it stays
    run(second, yuan, states={f"{first.edition}-at_vendor": "new"})
    incident.refresh_from_db()
    assert incident.workflow_version == first.edition  # another phase would tell another story
    run(second, yuan, states={f"{first.edition}-at_vendor": "at_maker"})
    incident.refresh_from_db()
    assert (incident.workflow_version, incident.status) == (second.edition, "at_maker")
    assert actions.move(incident, "take_back", by=bob).status == "in_progress"
    assert verify_ledger().whole


def test_the_sentence_says_which_state_is_missing_and_which_phase_would_change(bob):
    a_version(with_vendor())
    incident = an_incident(by=bob)
    actions.move(incident, "start", by=bob)
    actions.move(incident, "hand_over", by=bob)
    with pytest.raises(MoveRefused, match="stands at With the vendor, which the other version does not have"):
        migrate(incident, DECLARED.version, by=SYSTEM, because="Back.")
    with pytest.raises(MoveRefused, match="change its phase from waiting to open"):
        migrate(incident, DECLARED.version, by=SYSTEM, status="new", because="Back.")


def test_many_are_taken_in_slices_and_only_the_chosen_when_some_are_chosen(yuan, monkeypatch):
    monkeypatch.setattr(migrating, "AT_ONCE", 2)
    numbers = [an_incident(f"Case {n}").number for n in range(5)]
    version = a_version(with_vendor())
    begin_migration(version, {}, by=yuan, because="Trial.", numbers=(numbers[3],))
    Worker().drain()
    lived = dict(Incident.objects.values_list("number", "workflow_version"))
    assert [number for number, edition in lived.items() if edition == version.edition] == [numbers[3]]
    begin_migration(version, {}, by=yuan, because="All.")
    Worker().drain()
    assert set(Incident.objects.values_list("workflow_version", flat=True)) == {version.edition}


def test_only_a_version_in_force_and_only_by_those_who_put_it_there(yuan, bob):
    version, draft = a_version(with_vendor()), a_draft(with_vendor())
    with pytest.raises(NotAllowed):
        begin_migration(version, {}, by=bob, because="Me too.")
    with pytest.raises(InvalidFacts, match="not in force"):
        begin_migration(draft, {}, by=yuan, because="Early.")
    with pytest.raises(InvalidFacts, match="Say why"):
        begin_migration(version, {}, by=yuan, because=" ")


def test_who_lost_the_role_meanwhile_takes_nothing_along(yuan):
    incident, version = an_incident(), a_version(with_vendor())
    actions.change(yuan, by=SYSTEM, roles=["agent"])
    run(version, yuan)
    incident.refresh_from_db()
    assert incident.workflow_version == DECLARED.version


def test_the_page_shows_where_records_stand_and_who_would_be_refused(yuan, bob, sign_in, bob_browser):
    first = a_version(with_vendor())
    incident = an_incident(by=bob)
    actions.move(incident, "start", by=bob)
    actions.move(incident, "hand_over", by=bob)
    second = a_version(with_maker())
    place = f"{second.get_absolute_url()}/migrate"
    browser = sign_in(yuan)
    page = browser.get(place)
    assert [(group.state.name, group.count, group.kept) for group in page.context["groups"]] == [
        ("at_vendor", 1, False)
    ]
    assert [one.number for one, _says in page.context["refused"]] == [incident.number]
    assert browser.post(place, {"because": ""}).status_code == 422
    given = {f"to-{first.edition}-at_vendor": "at_maker", "because": "Renamed."}
    assert browser.post(place, given).status_code == 302
    assert "The worker is at it" in browser.get(place).content.decode()
    Worker().drain()
    assert "Every record lives by this version" in browser.get(place).content.decode()
    assert bob_browser.get(place).status_code == 403
    assert bob_browser.post(place, given).status_code == 403
