"""Conformance of real records: pages, lists, exports, imported history, and only what is new is replayed."""

from __future__ import annotations

import csv
import io
import itertools
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from django.test import Client
from tests.evaluation.mining.lives import SOLVED, make_lives
from tests.evaluation.mining.test_map_and_lists import counted_by_list
from tests.resolution.makers import an_incident

from gnomon.evaluation.mining import conformance
from gnomon.evaluation.mining.asked import Question
from gnomon.evaluation.mining.conformance import fitness, judged
from gnomon.evaluation.mining.powers_then import powers_then
from gnomon.evaluation.views.mined_conformance import group_lines, newest, sort_lines, tiles
from gnomon.jobs.moments import milliseconds
from gnomon.organization.models import Person
from gnomon.organization.permitting import permit
from gnomon.records import actions
from gnomon.records.actions.entries import append
from gnomon.records.actions.history import Happening, History, HistoryWriter, born_facts
from gnomon.records.actors import SYSTEM
from gnomon.records.definitions import forget_definitions
from gnomon.records.kinds import kind_named
from gnomon.records.models import LedgerEntry
from gnomon.records.permissions import movers

pytestmark = pytest.mark.django_db
BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)


def brought_along(*states: str) -> str:
    """An incident that lived elsewhere, an hour in each state; the number that it has here."""
    kind = kind_named("incident")
    born = born_facts(kind, kind.workflow)
    facts = {name: [None, value] for name, value in born.items() if value not in (None, "", [], {}, False)}
    facts |= {
        "title": [None, "From elsewhere"],
        "status": [None, states[0]],
        "opened_at": [None, "2026-03-02T09:00:00.000Z"],
    }
    at = milliseconds(BEGIN)
    happenings = [Happening("incident:recorded", at, facts)]
    for hour, (old, new) in enumerate(itertools.pairwise(states), 1):
        happenings.append(Happening("incident:changed", at + hour * 3_600_000, {"status": [old, new]}))
    return HistoryWriter(kind, by=SYSTEM).write([History(happenings)], now=datetime.now(UTC))[0]


def the_next_millisecond() -> datetime:
    """Moments are whole milliseconds: what two people do within one of them has no order."""
    begin = milliseconds(datetime.now(UTC))
    while milliseconds(datetime.now(UTC)) == begin:
        pass
    return datetime.now(UTC)


def asked(person: Any = SYSTEM) -> Question:
    return Question(kind_named("incident"), person=person)


def test_what_was_done_here_conforms(bob: Person) -> None:
    make_lives(bob)
    found = judged(asked())
    assert (len(found.steps), found.deviations, fitness(found)) == (6, {}, 1.0)


def test_nothing_done_is_no_fitness(db: None) -> None:
    assert fitness(judged(asked())) is None


def test_imported_history_is_told_as_it_deviates(bob: Person) -> None:
    """Steps: 3, 2 and 2, of which 2, 1 and 1 deviate; with the six of an own record 4 of 9 and 1 - 4/9 = 5/9."""
    odd = brought_along("new", "pending_vendor", "in_progress")
    back = brought_along("in_progress", "resolved")
    skipping = brought_along("assigned", "new")
    own = an_incident(by=bob)
    actions.move(own, "start", by=bob)

    found = judged(asked())
    told = {line.number: line.says for line in newest(kind_named("incident"), found, "", 50)}

    assert told[odd] in {
        "From New to pending_vendor: version 2 knows no state “pending_vendor”.",
        "From pending_vendor to In progress: version 2 knows no state “pending_vendor”.",
    }
    lines = newest(kind_named("incident"), found, "", 50)
    says = {(line.number, line.says) for line in lines}
    assert (skipping, "From Assigned to New, which version 2 does not know.") in says
    assert (skipping, "Began as Assigned; version 2 begins with New.") in says
    assert (back, "Began as In progress; version 2 begins with New.") in says
    assert any(number == back and "Resolution" in text and "needs" in text for number, text in says)
    assert own.number not in told
    assert all(line.is_told_later for line in lines)
    # steps: odd 3, back 2, skipping 2, own 2; bad: odd 2, back 2, skipping 2
    assert fitness(found) == pytest.approx(1 - 6 / 9)


def test_skipped_states_are_named(bob: Person) -> None:
    number = brought_along("new", "closed")
    says = {line.says for line in newest(kind_named("incident"), judged(asked()), "", 50) if line.number == number}
    assert any(text.startswith("From New to Closed, where version 2 has between them: Resolved") for text in says)


def test_every_number_and_its_list_count_the_same(bob: Person) -> None:
    make_lives(bob)
    for states in (("new", "closed"), ("in_progress", "resolved"), ("new", "odd", "closed"), ("resolved", "new")):
        brought_along(*states)
    question = asked(bob)
    found = judged(question)

    for line in group_lines(question, found):
        assert counted_by_list(line.url, bob) == line.cases, line
    for title, records, url in sort_lines(question, found):
        assert counted_by_list(url, bob) == records, title
    assert [counted_by_list(tile.url, bob) for tile in tiles(question, found) if tile.url] == [6, 4]


def test_only_what_the_ledger_tells_more_of_is_replayed_again(bob: Person, monkeypatch: Any) -> None:
    make_lives(bob)
    judged(asked())
    replayed: list[int] = []
    real = conformance._judge
    monkeypatch.setattr(
        conformance, "_judge", lambda kind, cases, found: (replayed.extend(cases), real(kind, cases, found))
    )
    judged(asked())
    assert replayed == []
    incident = an_incident(by=bob)
    actions.move(incident, "resolve", by=bob, **SOLVED)
    found = judged(asked())
    assert [f"INC-{case:06d}" for case in replayed] == [incident.number]
    assert len(found.steps) == 7


def test_narrowed_or_not_the_same_record_is_judged_the_same(bob: Person) -> None:
    make_lives(bob)
    number = brought_along("new", "closed")
    narrow = Question(kind_named("incident"), parameters={"status": ["closed"]}, person=bob)
    before = judged(narrow)
    whole = judged(asked(bob))
    after = judged(narrow)
    assert before.deviations == after.deviations == whole.deviations
    assert before.steps == after.steps
    assert len(after.steps) == 3
    assert number.endswith(str(*before.deviations))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_and_its_csv(bob: Person, dave_browser: Client, bob_browser: Client, language: str) -> None:
    url = "/evaluation/mining/conformance/"
    headers = {"HTTP_ACCEPT_LANGUAGE": language}
    assert "empty-state" in bob_browser.get(url, **headers).content.decode()
    make_lives(bob)
    assert "message-success" in bob_browser.get(url, {"period": "all"}, **headers).content.decode()
    number = brought_along("new", "odd<b>", "closed")
    page = bob_browser.get(url, {"period": "all"}, **headers).content.decode()
    assert number in page
    assert "odd&lt;b&gt;" in page
    assert "odd<b>" not in page
    answer = bob_browser.get(url, {"period": "all", "format": "csv"}, **headers)
    if answer.status_code == 200:
        text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
        rows = list(csv.DictReader(io.StringIO(text)))
        assert {row["number"] for row in rows} == {number}
        assert [row["sort"] for row in rows] == ["unknown_state", "unknown_state"]


def test_who_may_not_export_gets_no_csv(bob: Person, carol_browser: Client, nobody_browser: Client) -> None:
    url = "/evaluation/mining/conformance/?format=csv"
    assert carol_browser.get(url).status_code == 404
    assert nobody_browser.get(url).status_code == 302


def test_what_was_erased_since_had_been_given(bob: Person) -> None:
    """An erased fact leaves its commitment behind, and an erased reason the same under its own name."""
    kind = kind_named("incident")
    decode = msgspec.json.Decoder(conformance._facts_type(("status", "resolution"))).decode
    left = "0" * 64
    line = ("INC-000001", "incident:reopen", "x", 0, 0, '{"status":["a","b"]}', "",
            f'{{":because":"{left}","resolution":"{left}"}}')  # fmt: skip

    (told,) = conformance._told(kind, iter([line]), decode)

    assert told.facts["resolution"][1]
    assert told.because


def test_roles_are_those_held_at_the_moment(bob: Person, olga: Person) -> None:
    """Bob was an agent when he resolved it; that he is none today changes nothing."""
    incident = an_incident(by=bob)
    actions.move(incident, "resolve", by=bob, **SOLVED)
    the_next_millisecond()
    actions.change(bob, by=olga, roles=["requester"])
    assert judged(asked()).deviations == {}
    entry = LedgerEntry.objects.filter(number=incident.number).latest("version")
    assert entry.actor == bob.number


def test_roles_are_judged_by_the_permissions_of_the_moment(bob: Person, olga: Person) -> None:
    """What bob did while agents might is right after they may no more; what he did while they might not stays wrong."""
    kind = kind_named("incident")
    first, second = an_incident(by=bob), an_incident(by=bob)
    actions.move(first, "cancel", by=bob, because="Not ours")
    the_next_millisecond()
    permit(kind, "cancel", "agent", allowed=False, by=olga)
    assert judged(asked()).deviations == {}

    now = the_next_millisecond()
    append(
        kind="incident", number=second.number, version=second.version + 1, verb="incident:cancel", actor=bob.number,
        recorded_at=now, happened_at=now, facts={"status": ["new", "cancelled"]}, because="Not ours",
    )  # fmt: skip
    the_next_millisecond()
    permit(kind, "cancel", "agent", allowed=True, by=olga)
    (found,) = judged(asked()).deviations.values()
    assert [(one.sort, one.detail) for one in found] == [("role", "agent")]


def test_powers_then_are_those_that_hold_now_at_the_end(bob: Person, olga: Person) -> None:
    """However often it was changed: what the ledger says of now is what permits now."""
    kind = kind_named("incident")
    make_role(code="night", based_on="agent", by=olga)
    for verb, role, allowed in [
        ("cancel", "agent", False), ("close", "night", False), ("cancel", "agent", True), ("cancel", "night", False),
        ("close", "process_manager", False),
    ]:  # fmt: skip
        permit(kind, verb, role, allowed=allowed, by=olga)
    forget_definitions()
    then = powers_then()(milliseconds(datetime.now(UTC)))
    for move in kind.workflow.moves:
        declared = kind.may.get(move.name, move.who)
        assert set(then.permitted("incident", move.name, declared)) == set(movers(kind, move)), move.name
    assert then.acting(["agent", "night"]) == {"night"}
    assert powers_then()(0).bases == {}


def make_role(*, code: str, based_on: str, by: Person) -> None:
    actions.record(kind_named("role"), by=by, title="Night desk", code=code, based_on=based_on)
