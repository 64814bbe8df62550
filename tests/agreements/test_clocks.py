"""Clocks of real records: projections, pins, previews, and the story on the page."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from gnomon.agreements.actions import apply_to_open_records
from gnomon.agreements.clocks import rebuild
from gnomon.agreements.models import ClockProjection
from gnomon.agreements.previews import preview, preview_hours
from gnomon.agreements.rederivation import rederive as rederive_all
from gnomon.agreements.stories import stories, times_left
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.3.3")]
HOUR = 3600


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def clock(record, name="resolve"):
    return ClockProjection.objects.get(number=record.number, name=name)


def rows():
    return sorted(
        ClockProjection.objects.values_list(*[f.name for f in ClockProjection._meta.fields if f.name != "id"])
    )


def test_every_entry_leaves_the_clocks_where_they_stand(an_agreement, an_incident, resolve):
    an_agreement()
    incident = an_incident(at=at("2026-03-13 14:00"))  # a Friday; priority 3 has nine hours
    assert clock(incident).due_at == at("2026-03-16 14:00")
    actions.move(incident, "wait", by=SYSTEM, at=at("2026-03-13 17:00"), waiting_reason="user")
    assert (clock(incident).state, clock(incident).due_at) == ("paused", None)
    assert clock(incident).elapsed_seconds == 3 * HOUR
    actions.change(incident, by=SYSTEM, at=at("2026-03-14 11:00"), impact=1)  # now priority 2: five hours
    assert clock(incident).target_seconds == 5 * HOUR
    actions.move(incident, "resume", by=SYSTEM, at=at("2026-03-16 10:00"))
    assert clock(incident).due_at == at("2026-03-16 12:00")
    resolve(incident, at=at("2026-03-16 12:00"))
    assert (clock(incident).met, clock(incident).elapsed_seconds) == (True, 5 * HOUR)
    incident.refresh_from_db()
    assert (incident.due_at, incident.resolve_due_at, incident.resolve_met) == (None, at("2026-03-16 12:00"), True)


def test_clocks_begin_when_the_incident_opened_not_when_somebody_wrote_it_down(an_agreement, an_incident):
    an_agreement()
    incident = an_incident(at=at("2026-03-09 11:00"), opened_at=at("2026-03-09 09:30"))
    assert clock(incident).started_at == at("2026-03-09 09:30")


def test_a_response_counts_at_its_own_moment(an_agreement, an_incident):
    an_agreement()
    incident = an_incident(at=at("2026-03-09 09:00"), impact=1)  # priority 2: half an hour to respond
    actions.change(incident, by=SYSTEM, at=at("2026-03-09 12:00"), responded_at=at("2026-03-09 09:20"))
    assert (clock(incident, "respond").met, clock(incident, "respond").elapsed_seconds) == (True, 20 * 60)


def test_a_move_told_late_replaces_what_it_contradicts(an_agreement, an_incident, resolve):
    an_agreement()
    incident = an_incident(at=at("2026-03-09 09:00"))
    actions.move(incident, "wait", by=SYSTEM, at=at("2026-03-09 12:00"), waiting_reason="user")
    resolve(incident, at=at("2026-03-09 11:00"))  # it had been solved an hour before
    assert (clock(incident).state, clock(incident).elapsed_seconds) == ("stopped", 2 * HOUR)


def test_without_an_agreement_a_clock_has_no_target_and_no_verdict(an_incident, resolve):
    incident = an_incident()
    assert (clock(incident).state, clock(incident).due_at) == ("no_target", None)
    resolve(incident)
    assert (clock(incident).state, clock(incident).met) == ("no_target", None)


# --- golden (c) -----------------------------------------------------------------------------------


def _revised(agreement, **facts):
    day = datetime(2026, 3, 10, tzinfo=UTC)
    actions.move(agreement, "revise", by=SYSTEM, because="The harbour asked")
    actions.change(agreement, by=SYSTEM, **facts)
    return actions.move(agreement, "agree", by=SYSTEM, customer_agreed_at=day, provider_agreed_at=day)


def test_editing_an_agreement_leaves_yesterdays_verdicts_and_shows_what_open_clocks_would_change(
    an_agreement, an_incident, resolve
):
    agreement = an_agreement()
    solved = resolve(an_incident(at=at("2026-03-09 09:00")), at=at("2026-03-09 15:00"))  # six of nine hours
    waiting = an_incident(at=at("2026-03-10 09:00"))
    before = rows()
    stricter = [{"priority": 3, "resolve_minutes": 240}]

    foreseen = preview(agreement, {"targets": stricter}, now=at("2026-03-10 10:00"))
    assert [(f.number, f.clock, f.difference.due_moves_by) for f in foreseen] == [
        (waiting.number, "resolve", timedelta(hours=-5))  # from 18:00 to 13:00
    ]
    assert not foreseen[0].difference.would_breach
    assert preview(agreement, {"targets": stricter}, now=at("2026-03-10 14:00"))[0].difference.would_breach

    _revised(agreement, targets=stricter)
    rederive_all(kind_named("incident"))
    assert rows() == before
    assert clock(solved).met is True
    # What opens now obeys the new version: four hours.
    assert clock(an_incident(at=at("2026-03-11 09:00"))).due_at == at("2026-03-11 13:00")


def test_editing_service_hours_leaves_due_times_and_shows_what_would_change(an_agreement, an_incident, office):
    an_agreement()
    waiting = an_incident(at=at("2026-03-10 12:00"))  # six hours that Tuesday, three on Wednesday
    before = rows()
    shorter = office.hours | {"closed": ["2026-03-11"]}
    foreseen = preview_hours(office, shorter, now=at("2026-03-10 13:00"))
    assert [(f.number, f.difference.due_moves_by) for f in foreseen] == [(waiting.number, timedelta(days=1))]
    actions.change(office, by=SYSTEM, hours=shorter)
    rederive_all(kind_named("incident"))
    assert rows() == before


def test_applying_a_revision_to_open_records_keeps_the_verdicts_of_clocks_that_have_stopped(an_agreement, an_incident):
    agreement = an_agreement()
    incident = an_incident(impact=1)  # priority 2: half an hour to respond
    actions.move(incident, "start", by=SYSTEM)
    assert clock(incident, "respond").met is True
    _revised(agreement, targets=[{"priority": 2, "respond_minutes": 0.001, "resolve_minutes": 60}])
    assert apply_to_open_records(agreement, by=SYSTEM, because="Agreed with the harbour") == [incident.number]
    assert clock(incident).target_seconds == HOUR
    assert clock(incident).sla_version == agreement.version
    assert (clock(incident, "respond").met, clock(incident, "respond").target_seconds) == (True, 1800)
    assert apply_to_open_records(agreement, by=SYSTEM, because="Again") == []


# --- projections ----------------------------------------------------------------------------------


def _a_life(incident, start: datetime, chance: random.Random) -> None:
    """A random walk through the workflow, sometimes told out of order."""
    moment = start
    for _ in range(chance.randrange(8)):
        moment += timedelta(minutes=chance.randrange(600))
        told = moment - timedelta(minutes=chance.choice([0, 0, 0, 90]))
        move = chance.choice(incident.kind.workflow_of(incident).moves_from(incident.status) or [None])
        if move is None:
            break
        facts = {"waiting_reason": "user"} if move.name == "wait" else {}
        if move.name in {"resolve", "close"}:
            facts = {"resolution": "Done", "closure_code": "solved"}
        if move.name in {"assign", "escalate", "merge", "unmerge"}:
            continue
        if move.name == "resolve":
            told = moment
        actions.move(incident, move.name, by=SYSTEM, at=max(told, start), because="Because", **facts)
        if chance.random() < 0.3:
            actions.change(incident, by=SYSTEM, at=moment, impact=chance.randrange(1, 4))


def test_a_rebuild_gives_the_rows_that_were_kept_entry_by_entry(an_agreement, an_incident):
    an_agreement()
    chance = random.Random(20260309)
    incidents = []
    for day in range(12):
        start = at("2026-03-02 08:00") + timedelta(days=day, hours=day)
        incidents.append(an_incident(at=start))
        _a_life(incidents[-1], start, chance)
    kept, shown = rows(), list(type(incidents[0]).objects.order_by("id").values())
    assert len({row[3] for row in kept}) >= 3  # running, paused, stopped …

    ClockProjection.objects.all().delete()
    assert rederive_all(kind_named("incident")).records == len(incidents)
    assert rows() == kept
    assert list(type(incidents[0]).objects.order_by("id").values()) == shown


def test_keeping_clocks_asks_the_database_little(an_agreement, an_incident, django_assert_num_queries):
    from gnomon.agreements.clocks import rederive
    from gnomon.records.queries import history

    an_agreement()
    incident = an_incident()
    actions.move(incident, "start", by=SYSTEM)
    first, last = history(incident)
    with django_assert_num_queries(1):  # one upsert; the entry at hand is the whole history
        rederive(incident, first)
    with django_assert_num_queries(3):  # ledger, thresholds told of, upsert
        rederive(incident, last)
    several = [an_incident() for _ in range(5)]
    with django_assert_num_queries(5):  # and, of both tables, which rows are none any more
        rebuild(several)


# --- what people see ------------------------------------------------------------------------------


def test_a_story_names_who_did_what_and_which_target_counted(an_agreement, an_incident, bob):
    agreement = an_agreement()
    incident = an_incident(at=at("2026-03-09 09:00"))
    actions.move(
        incident, "wait", by=bob, at=at("2026-03-09 11:00"), waiting_reason="user", because="Asked which mailbox"
    )
    actions.move(incident, "resume", by=bob, at=at("2026-03-09 14:00"))
    actions.change(incident, by=bob, at=at("2026-03-09 15:00"), impact=1)

    story = stories(incident, now=at("2026-03-09 16:00"))[1]
    assert story.policy == f"{agreement.number}, version {agreement.version}; service hours, version 1"
    assert [(s.state, s.worked, s.because) for s in story.stretches] == [
        ("running", timedelta(hours=2), "Began with System. Priority 3: target 9 h."),
        ("paused", timedelta(hours=3), "Paused by Bob Reed. “Asked which mailbox”"),
        ("running", timedelta(hours=1), "Resumed by Bob Reed."),
        ("running", timedelta(hours=1), "Bob Reed set priority 2: target 5 h, 3 h had gone."),
    ]
    assert (story.elapsed, story.target) == (timedelta(hours=4), timedelta(hours=5))
    assert (story.left.left, story.left.due_at) == (timedelta(hours=1), at("2026-03-09 17:00"))


def test_a_list_shows_what_is_left_without_reading_histories(
    an_agreement, an_incident, resolve, django_assert_max_num_queries
):
    an_agreement()
    running, paused = an_incident(at=at("2026-03-09 09:00")), an_incident(at=at("2026-03-09 09:00"))
    actions.move(paused, "wait", by=SYSTEM, at=at("2026-03-09 11:00"), waiting_reason="user")
    solved = resolve(an_incident(at=at("2026-03-09 09:00")), at=at("2026-03-09 10:00"))
    times_left([running], at("2026-03-09 12:00"))
    with django_assert_max_num_queries(1):
        left = times_left([running, paused, solved], at("2026-03-09 12:00"))
    shown = {number: clocks["resolve"] for number, clocks in left.items()}
    assert (shown[running.number].state, shown[running.number].left) == ("running", timedelta(hours=6))
    assert shown[running.number].ticks
    assert (shown[paused.number].state, shown[paused.number].left) == ("paused", timedelta(hours=7))
    assert (shown[solved.number].state, shown[solved.number].left) == ("met", timedelta(hours=8))
    late = times_left([running], at("2026-03-10 10:30"))[running.number]["resolve"]  # 18:00, then 09:00–10:30
    assert (late.is_late, late.left) == (True, timedelta(hours=-1.5))
    night = times_left([running], at("2026-03-09 20:00"))[running.number]["resolve"]
    assert (night.is_late, night.ticks) == (False, False)
