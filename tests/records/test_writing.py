"""Record, change and move: one door, and a ledger entry for each step through it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from tests.makers import a_team
from tests.resolution.makers import a_service, an_incident

from gnomon.organization.models import Person
from gnomon.records import actions
from gnomon.records.actions import storing, thinking
from gnomon.records.actors import SYSTEM
from gnomon.records.models import LedgerEntry, Numbering
from gnomon.records.models.numbering import number_text
from gnomon.records.queries import as_of_version, history
from gnomon.records.refusals import InvalidFacts, MoveRefused, NotAllowed, StaleRecord
from gnomon.resolution.kinds import incident as INCIDENT
from gnomon.resolution.models import Incident

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 10, 4, tzinfo=UTC)


def entries(record):
    return [(entry.version, entry.verb, entry.actor) for entry in history(record)]


# --- every step leaves one entry ------------------------------------------------------------------


def test_a_record_is_born_with_its_first_entry(bob):
    incident = an_incident(by=bob, description="Since nine")
    assert (incident.number, incident.status, incident.version) == ("INC-000001", "new", 1)
    assert entries(incident) == [(1, "incident:recorded", bob.number)]
    changes = history(incident)[0].changes
    assert changes["title"] == [None, "No mail arrives"]
    assert changes["status"] == [None, "new"]
    assert changes["description"] == [None, "Since nine"]


def test_defaults_that_hold_nothing_are_not_told(bob):
    told = history(an_incident(by=bob))[0].changes
    assert told["channel"] == [None, "portal"]  # a default that says something is told
    assert not {"reopen_count", "is_major", "resolution", "owner", "custom"} & told.keys()


def test_each_step_counts_one_version_and_tells_old_and_new(bob):
    desk = a_team("Desk")
    incident = an_incident(by=bob)
    actions.change(incident, by=bob, category="network", because="Seen on site")
    actions.move(incident, "assign", by=bob, team=desk, assignee=bob)
    actions.comment(incident, "On my way", by=bob)
    assert entries(incident) == [
        (1, "incident:recorded", bob.number),
        (2, "incident:changed", bob.number),
        (3, "incident:assign", bob.number),
        (4, "incident:commented", bob.number),
    ]
    _born, changed, moved, said = history(incident)
    assert (changed.changes, changed.because) == ({"category": ["", "network"]}, "Seen on site")
    assert moved.changes["status"] == ["new", "assigned"]
    assert moved.changes["team"] == [None, desk.number]
    assert moved.changes["assignee"] == [None, bob.number]
    assert said.changes == {"text": [None, "On my way"], "internal": [None, False]}
    incident.refresh_from_db()
    assert incident.version == 4


def test_the_ledger_folds_to_what_the_record_holds_at_each_version(bob):
    incident = an_incident(by=bob)
    actions.change(incident, by=bob, category="network")
    actions.change(incident, by=bob, category="mail")
    assert [as_of_version(incident.number, v).get("category") for v in (1, 2, 3)] == [None, "network", "mail"]
    with pytest.raises(LookupError, match="no version 9"):
        as_of_version(incident.number, 9)


def test_a_change_that_changes_nothing_leaves_no_entry(bob):
    incident = an_incident(by=bob, category="mail")
    actions.change(incident, by=bob, category="mail", because="Sure")
    assert incident.version == LedgerEntry.objects.filter(number=incident.number).count() == 1


def test_record_and_entry_stand_or_fall_together(bob):
    incident = an_incident(by=bob)

    @transaction.atomic
    def outage():
        actions.change(incident, by=bob, category="mail")
        an_incident(by=bob)
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        outage()
    assert Incident.objects.count() == LedgerEntry.objects.filter(kind="incident").count() == 1
    incident.refresh_from_db()
    assert (incident.category, incident.version) == ("", 1)


def test_when_the_entry_cannot_be_written_the_record_is_not_either(bob, monkeypatch):
    incident = an_incident(by=bob)

    def broken(**_facts):
        raise RuntimeError("disk full")

    monkeypatch.setattr(storing, "append", broken)
    with pytest.raises(RuntimeError):
        actions.change(incident, by=bob, category="mail")
    assert (incident.category, incident.version) == ("", 1)  # in Python too: a page would show it
    incident.refresh_from_db()
    assert (incident.category, incident.version) == ("", 1)


# --- numbers --------------------------------------------------------------------------------------


def test_numbers_count_up_for_each_prefix_and_none_is_given_twice(bob):
    first = an_incident(by=bob)
    with pytest.raises(InvalidFacts):
        an_incident(title="", by=bob)  # refused, so nobody was told a number
    with transaction.atomic():
        an_incident(by=bob)
        transaction.set_rollback(True)
    second, service = an_incident(by=bob), a_service()
    assert [first.number, second.number, service.number] == ["INC-000001", "INC-000002", "SVC-000001"]


def test_many_numbers_taken_at_once_are_nobody_elses(db):
    assert Numbering.take("XYZ", 5) == 1
    assert Numbering.take("XYZ") == 6
    assert number_text("XYZ", 1234567) == "XYZ-1234567"


# --- who, and from which version ------------------------------------------------------------------


def test_the_second_of_two_writers_is_told_what_the_first_changed(alice, bob):
    incident = an_incident(by=bob)
    hers, his = Incident.objects.get(), Incident.objects.get()
    actions.change(hers, by=alice, category="mail", urgency=1)
    with pytest.raises(StaleRecord) as refused:
        actions.change(his, by=bob, category="network")
    assert refused.value.changed == {"category": ("", "mail"), "urgency": (None, 1)}
    assert refused.value.by == alice.number
    assert "INC-000001 was changed by somebody else meanwhile" in refused.value.says
    incident.refresh_from_db()
    assert (incident.category, incident.version) == ("mail", 2)


def test_what_changed_is_told_from_the_version_seen_to_now_whatever_came_between(alice, bob):
    incident = an_incident(by=bob)
    for category in ("mail", "network", "printer"):
        actions.change(incident, by=alice, category=category)
    with pytest.raises(StaleRecord) as refused:
        actions.change(incident, by=bob, expect=2, title="Printer")
    assert refused.value.changed == {"category": ("mail", "printer")}


def test_a_version_that_is_still_the_latest_is_accepted(bob):
    incident = an_incident(by=bob)
    actions.change(incident, by=bob, expect=1, category="mail")
    actions.move(incident, "start", by=bob, expect=2)
    assert incident.version == 3


def test_a_writer_who_expects_a_version_need_not_have_read_the_record_anew(bob):
    old = an_incident(by=bob)
    actions.change(Incident.objects.get(), by=bob, category="mail")
    actions.change(old, by=bob, expect=2, urgency=1)  # the form was made from version 2
    old.refresh_from_db()
    assert (old.category, old.urgency, old.version) == ("mail", 1, 3)
    assert history(old)[2].changes == {"urgency": [None, 1]}


def test_a_comment_is_never_refused_for_what_happened_meanwhile(alice, bob):
    read_early = an_incident(by=bob)
    actions.change(Incident.objects.get(), by=alice, category="mail")
    actions.comment(read_early, "I am on it", by=bob)
    assert entries(read_early)[-1] == (3, "incident:commented", bob.number)
    assert (read_early.category, read_early.version) == ("mail", 3)
    actions.change(read_early, by=bob, category="network")  # and what follows starts from what is true
    assert history(read_early)[-1].changes == {"category": ["mail", "network"]}


def test_a_record_that_is_gone_cannot_be_written(bob):
    incident = an_incident(by=bob)
    incident.pk = 4711
    with pytest.raises(StaleRecord, match="INC-000001 is gone"):
        actions.change(incident, by=bob, category="mail")


@pytest.mark.parametrize("cast", ["dave", "eve", "carol"])
def test_who_may_not_change_is_told_which_right_is_missing(cast, request):
    incident = an_incident()
    with pytest.raises(NotAllowed, match=r"do not permit “change” on Incidents\. Ask an administrator"):
        actions.change(incident, by=request.getfixturevalue(cast), category="mail")
    assert incident.version == 1


def test_every_verb_asks_for_its_own_right(dave, eve):
    incident = an_incident()
    refused = pytest.raises(NotAllowed, match="do not permit")
    with refused:
        an_incident(by=dave)
    with refused:
        actions.move(incident, "start", by=dave)
    with refused:
        actions.comment(incident, "Hm", by=eve)
    with refused:
        actions.link(incident, a_service(), "related", by=eve)
    with refused:
        actions.join(incident, eve, "watcher", by=eve)
    assert LedgerEntry.objects.filter(number=incident.number).count() == 1


def test_the_system_may_do_everything(db):
    assert actions.move(an_incident(), "start", by=SYSTEM).status == "in_progress"


# --- moves ----------------------------------------------------------------------------------------


def test_a_move_from_elsewhere_is_refused_with_those_that_are_open(bob):
    incident = an_incident(by=bob)
    with pytest.raises(MoveRefused) as refused:
        actions.move(incident, "close", by=bob)
    assert refused.value.says == (
        "INC-000001 is New and cannot take the move “Close”. "
        "From here: “Assign”, “Start work”, “Wait”, “Escalate”, “Resolve”, “Cancel incident”, “Merge”."
    )


def test_a_move_that_no_workflow_knows_is_refused(bob):
    with pytest.raises(MoveRefused, match="has no move called “explode”"):
        actions.move(an_incident(by=bob), "explode", by=bob)


@pytest.mark.parametrize(
    "facts", [{}, {"resolution": "", "closure_code": ""}, {"resolution": " \n", "closure_code": "\t"}]
)
def test_a_move_without_the_facts_it_needs_is_refused_and_the_record_stays_as_it_was(bob, facts):
    incident = an_incident(by=bob)
    with pytest.raises(InvalidFacts) as refused:
        actions.move(incident, "resolve", by=bob, **facts)
    assert set(refused.value.fields) == {"resolution", "closure_code"}
    assert "cannot take the move “Resolve” yet: resolution, closure code is missing" in refused.value.says
    # The page that says so shows the record: it must not say that it is resolved.
    assert (incident.status, incident.resolved_at, incident.version) == ("new", None, 1)
    assert Incident.objects.get().status == "new"


def test_a_move_that_asks_why_takes_no_silence(bob):
    incident = an_incident(by=bob)
    for silence in ("", "  \n"):
        with pytest.raises(InvalidFacts) as refused:
            actions.move(incident, "cancel", by=bob, because=silence)
        assert refused.value.fields == {"because": "Say why."}
    actions.move(incident, "cancel", by=bob, because="  Reported twice ")
    assert (incident.status, history(incident)[-1].because) == ("cancelled", "Reported twice")


def test_a_status_changes_only_by_a_move(bob):
    with pytest.raises(MoveRefused, match="changes only by a move"):
        actions.change(an_incident(by=bob), by=bob, status="closed")


# --- two times ------------------------------------------------------------------------------------


def test_what_happened_and_when_we_were_told_are_two_times(bob, monkeypatch):
    monkeypatch.setattr(thinking, "now_written", lambda: NOON)
    incident = an_incident(by=bob, at=NOON - timedelta(hours=2))
    entry = history(incident)[0]
    assert (entry.happened_at, entry.recorded_at) == (NOON - timedelta(hours=2), NOON)
    assert (incident.opened_at, incident.recorded_at) == (NOON - timedelta(hours=2), NOON)


def test_what_has_not_happened_is_not_recorded_but_clocks_may_differ_a_little(bob, monkeypatch):
    monkeypatch.setattr(thinking, "now_written", lambda: NOON)
    assert an_incident(by=bob, at=NOON + timedelta(minutes=5)).version == 1
    with pytest.raises(InvalidFacts, match="has not happened yet") as refused:
        an_incident(by=bob, at=NOON + timedelta(minutes=5, milliseconds=1))
    assert refused.value.fields == {"at": "Give a time that has passed."}


def test_a_time_without_its_zone_is_refused(bob):
    with pytest.raises(InvalidFacts, match="needs its time zone"):
        an_incident(by=bob, at=datetime(2026, 3, 10, 9))


def test_a_record_in_memory_holds_what_the_database_will_give_back(bob):
    incident = an_incident(by=bob, at=datetime(2026, 3, 10, 9, 0, 0, 123456, tzinfo=UTC))
    assert incident.opened_at == Incident.objects.get().opened_at
    actions.change(incident, by=bob, category="mail")  # would tell of opened_at as well, had it been cut later
    assert list(history(incident)[1].changes) == ["category"]


# --- the people behind it -------------------------------------------------------------------------


def test_people_are_records_like_all_others(olga):
    person = Person.objects.get(pk=olga.pk)
    actions.change(person, by=olga, phone="+86 10 5550 0100")
    assert entries(person)[-1] == (2, "person:changed", olga.number)


def test_what_the_kind_adds_is_told_with_what_was_given(bob):
    incident = an_incident(by=bob, impact=1, urgency=2)
    actions.change(incident, by=bob, urgency=1)
    assert history(incident)[1].changes == {"urgency": [2, 1], "priority": [2, 1]}


def test_a_kind_is_recorded_with_nothing_but_what_it_needs(bob):
    assert actions.record(INCIDENT, by=bob, title="  Nothing works\t").title == "Nothing works"


def test_people_who_join_make_no_form_stale_not_even_one_that_names_its_version(bob, carol, dave):
    """An outage brings “affects me too” by the dozen while an agent writes; words said meanwhile still count."""
    incident = an_incident("No mail", by=bob)
    seen = incident.version
    for person in (carol, dave):
        actions.join(type(incident).objects.get(pk=incident.pk), person, "affected", by=SYSTEM)
    actions.change(incident, by=bob, expect=seen, category="mail")
    assert incident.version == seen + 3
    assert [entry.verb for entry in history(incident)][-3:] == [
        "incident:joined",
        "incident:joined",
        "incident:changed",
    ]
    actions.comment(type(incident).objects.get(pk=incident.pk), "Me too", by=bob)
    with pytest.raises(StaleRecord):
        actions.change(incident, by=bob, expect=seen + 3, category="post")
