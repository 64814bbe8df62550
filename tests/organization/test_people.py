"""People: who they are, what they hold, and who may change it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.makers import a_person, a_team

from gnomon.organization.actions import create_person
from gnomon.organization.kinds import PERSON
from gnomon.organization.models import Person
from gnomon.organization.queries import members_of, people_holding, teams_of
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.models import LedgerEntry
from gnomon.records.queries import history
from gnomon.records.refusals import InvalidFacts, NotAllowed

pytestmark = [pytest.mark.django_db, pytest.mark.clause("5.3")]


def test_a_person_is_a_record_whose_history_never_holds_the_password():
    person = create_person(by=SYSTEM, title="Ada Byron", username="ada", password="seven small stones", roles=["agent"])
    assert person.number.startswith("PER-")
    assert person.check_password("seven small stones")
    entries = history(person)
    assert [entry.verb for entry in entries] == ["person:recorded"]
    assert "password" not in entries[0].changes
    assert entries[0].changes["roles"] == [None, ["agent"]]


def test_capital_letters_make_no_second_username():
    a_person(username="ada")
    with pytest.raises(InvalidFacts, match="username"):
        a_person(username="ADA")


def test_full_width_letters_make_no_second_username():
    a_person(username="ada")
    with pytest.raises(InvalidFacts):
        a_person(username="ａｄａ")


def test_the_database_itself_refuses_a_username_with_capitals():
    person = a_person(username="ada")
    with pytest.raises(IntegrityError, match="a_username_is_lower_case"), transaction.atomic():
        Person.objects.filter(pk=person.pk).update(username="Ada")


def test_people_without_a_username_do_not_stand_in_each_others_way():
    assert {a_person("Caller 1").username, a_person("Caller 2", username="").username} == {None}


def test_a_role_that_nobody_knows_is_refused_with_those_that_exist():
    with pytest.raises(InvalidFacts, match=r"no role called wizard.*requester"):
        a_person(roles=["wizard"])


def test_roles_are_kept_in_one_order_and_once():
    assert a_person(roles=["administrator", "agent", "agent"]).roles == ["agent", "administrator"]


def test_holds_asks_for_any_of_the_roles(alice):
    assert alice.holds("agent", "service_owner")
    assert not alice.holds("agent")


def test_only_administrators_bring_people_in(bob, olga):
    with pytest.raises(NotAllowed):
        create_person(by=bob, title="New")
    assert create_person(by=olga, title="New").title == "New"


def test_the_last_administrator_stays(olga):
    with pytest.raises(InvalidFacts, match="last administrator"):
        actions.change(olga, by=olga, roles=["agent"])
    olga.refresh_from_db()
    with pytest.raises(InvalidFacts, match="last administrator"):
        actions.move(olga, "leave", by=olga, because="Moves to the sea")
    olga.refresh_from_db()
    a_person("Second", roles=["administrator"])
    assert actions.change(olga, by=olga, roles=["agent"]).roles == ["agent"]


def test_whoever_left_is_kept_and_acts_no_more(bob, olga):
    assert bob.is_active
    actions.move(bob, "leave", by=olga, because="New job")
    assert not Person.objects.get(pk=bob.pk).is_active
    assert bob not in Person.objects.active()
    actions.move(bob, "return", by=olga)
    assert bob.is_active


def test_an_external_auditor_always_has_a_last_day():
    auditor = a_person(roles=["external_auditor"])
    assert auditor.access_until == timezone.localdate() + timedelta(days=30)
    named = a_person(roles=["external_auditor"], access_until=date(2027, 3, 31))
    assert named.access_until == date(2027, 3, 31)


def test_access_ends_after_its_last_day():
    yesterday = timezone.localdate() - timedelta(days=1)
    today = a_person("Today", access_until=timezone.localdate())
    gone = a_person("Gone", access_until=yesterday)
    assert today.is_active
    assert not gone.is_active
    assert list(Person.objects.active()) == [today]


def test_holding_finds_people_by_role(alice, bob, dave):
    assert set(people_holding("agent")) == {bob}
    # internal_auditor must not be found by a part of its name
    assert not people_holding("auditor")


def test_a_person_works_in_the_first_team_the_joined_and_the_led(bob, olga):
    first, second, led, other = a_team("First"), a_team("Second"), a_team("Led", lead=bob), a_team("Other")
    actions.change(bob, by=olga, team=first)
    actions.join(second, bob, "member", by=olga)
    assert set(teams_of(bob)) == {first, second, led}
    assert set(members_of(second)) == {bob}
    assert not members_of(other)


def test_an_unknown_time_zone_is_refused():
    with pytest.raises(InvalidFacts, match="Mars/Olympus"):
        a_person(time_zone="Mars/Olympus")


def test_requesters_know_only_themselves(carol, bob):
    assert list(Person.objects.visible_to(carol)) == [carol]
    assert set(Person.objects.visible_to(bob)) == {carol, bob}


def test_a_changed_role_stands_in_the_ledger_with_who_gave_it(carol, olga):
    actions.change(carol, by=olga, roles=["requester", "agent"], because="Helps at the desk")
    entry = LedgerEntry.objects.filter(number=carol.number).last()
    assert (entry.verb, entry.actor, entry.because) == ("person:changed", olga.number, "Helps at the desk")
    assert entry.changes == {"roles": [["requester"], ["requester", "agent"]]}


def test_the_kind_keeps_password_and_last_sign_in_out_of_the_ledger():
    assert set(PERSON.projections) == {"password", "last_login"}


def test_lists_of_people_are_narrowed_by_role_and_show_roles_in_words(bob, carol, olga_browser):
    page = olga_browser.get("/organization/people/?role=agent").content.decode()
    assert "Bob Reed" in page
    assert "Carol Lane" not in page
    assert "Service desk agent" in page
    assert "Service desk agent" in olga_browser.get(bob.get_absolute_url()).content.decode()
    assert "Service desk agent" in olga_browser.get("/organization/people/export.csv").getvalue().decode()


def test_the_timeline_of_a_person_calls_entries_by_their_names(bob, olga_browser):
    from gnomon.organization.actions import make_token

    make_token(bob, name="monitoring", by=bob)
    assert "Token for a program made" in olga_browser.get(bob.get_absolute_url()).content.decode()
