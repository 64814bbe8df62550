"""9.1: figures put together from what was counted before are those that the records give."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.evaluation.figures_told import directly, told
from tests.evaluation.living import live_on
from tests.makers import a_team
from tests.resolution.stage import an_incident, at, resolve
from typer.testing import CliRunner

from gnomon.evaluation.actions import amend_tallies, tallies
from gnomon.evaluation.clockwork import count_days
from gnomon.evaluation.models import TalliedColumn, TalliedRecords, TallyMark
from gnomon.evaluation.planes import numbers_of
from gnomon.evaluation.queries import differences, spreads
from gnomon.evaluation.queries import measures as measuring
from gnomon.evaluation.queries.kept_columns import Kept
from gnomon.evaluation.queries.measures import measures
from gnomon.evaluation.queries.positions import tip
from gnomon.evaluation.queries.sources import Sources
from gnomon.evaluation.queries.stretches import Column, column_packed, column_unpacked
from gnomon.evaluation.series import is_tallied
from gnomon.project.command import application
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.resolution.models import Incident
from gnomon.standard.periods import Period

pytestmark = [pytest.mark.django_db, pytest.mark.clause("9.1")]

NOW = at("07-20 09:17")
WHOLE = Period(datetime(2026, 5, 3, 16, tzinfo=UTC), datetime(2026, 7, 20, 16, tzinfo=UTC))  # midnights of Shanghai
JUNE = Period(datetime(2026, 5, 31, 16, tzinfo=UTC), datetime(2026, 6, 30, 16, tzinfo=UTC))


@pytest.mark.parametrize("seed", range(6))
def test_figures_of_what_was_counted_are_those_of_the_records(seed: int) -> None:
    draw = random.Random(seed)
    incidents: list[Incident] = []
    teams = [a_team("Desk"), a_team("Network"), None]
    for step in range(45):
        live_on(draw, incidents, teams)
        if draw.random() < 0.25:
            amend_tallies(anew=draw.random() < 0.2)
        if step % 9 == 8:
            assert told(NOW, [WHOLE, JUNE]) == directly(NOW, [WHOLE, JUNE])
    amend_tallies()
    kept = all_kept()
    amend_tallies(anew=True)
    assert kept == all_kept()


def all_kept() -> Any:
    """The rows of all stretches, and by which lines records were counted."""
    rows: dict[Any, list[tuple[Any, ...]]] = defaultdict(list)
    for one in TalliedColumn.objects.order_by("name"):
        planes, values = column_unpacked(one.planes, one.size)
        numbers = numbers_of(planes, one.size)
        rows[one.kind, one.moment, one.stretch].append((one.name, *(values[at] if values else at for at in numbers)))
    assert rows
    kept = {at: sorted(zip(*columns, strict=True), key=str) for at, columns in rows.items()}
    return kept, {(one.kind, one.block): bytes(one.rows) for one in TalliedRecords.objects.all()}


def nobody_counts(name: str) -> None:
    """Tamper with what is kept of a series: none of its records counts any more."""
    for one in TalliedColumn.objects.filter(name=name):
        one.planes = column_packed(Column([0], []), one.size)
        one.save(update_fields=["planes"])


def test_what_changed_since_is_asked_of_the_records() -> None:
    incident = an_incident("06-02 09:00")
    amend_tallies()
    assert _june("incidents_opened") == 1
    resolve(incident, "06-10 09:00")
    an_incident("06-01 08:00", told="06-30 09:00")  # told four weeks late
    assert (_june("incidents_opened"), _june("incidents_resolved")) == (2, 1)
    actions.move(incident, "reopen", by=SYSTEM, at=at("06-12 09:00"), because="It is back.")
    assert _june("incidents_resolved") == 0


def test_what_was_counted_is_believed() -> None:
    """A column that was tampered with shows: the figures do come from there."""
    an_incident("06-02 09:00")
    amend_tallies()
    nobody_counts("incidents_opened")
    assert _june("incidents_opened") == 0
    assert amend_tallies() == 0  # nothing was told since
    count_days()
    amend_tallies(anew=True)
    assert _june("incidents_opened") == 1


def test_a_change_is_a_difference_to_what_was_counted() -> None:
    """A column that was tampered with shows: it is not counted anew for what else happens."""
    an_incident("06-02 09:00")
    amend_tallies()
    nobody_counts("incidents_opened")
    an_incident("06-02 10:00")
    assert _june("incidents_opened") == 1
    amend_tallies()
    assert _june("incidents_opened") == 1


def test_of_two_who_count_at_once_one_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both would add the same difference."""
    an_incident("06-02 09:00")
    amend_tallies()
    an_incident("06-02 10:00")

    def as_another_does(*given: Any) -> Any:
        monkeypatch.undo()
        assert amend_tallies() > 0
        return tallies._changed(*given)

    monkeypatch.setattr(tallies, "_changed", as_another_does)
    assert amend_tallies() == 0
    assert {one.size for one in TalliedColumn.objects.filter(name="incidents_opened")} == {2}


def test_spreads_groups_and_ages_do_come_from_there() -> None:
    """Columns that were tampered with show."""
    resolve(an_incident("06-02 09:00"), "06-02 11:00")
    an_incident("06-03 09:00")
    amend_tallies()
    for name in ("incident_mttr", "incidents_opened", "backlog_age:begun"):
        nobody_counts(name)
    opened, mttr, backlog = (measures()[name] for name in ("incidents_opened", "incident_mttr", "incident_backlog"))
    sources = Sources([opened, mttr, backlog], [JUNE], {}, NOW)
    assert sources.whole(mttr, JUNE).median is None
    assert sources.shares_by(opened, JUNE, ["priority"]) == {"priority": []}
    assert sum(part.count for part in spreads.ages(backlog, sources, JUNE)) == 0


def test_who_is_overtaken_by_a_worker_reads_rows_of_one_turn() -> None:
    """In a transaction of PostgreSQL the mark may be older than the columns."""
    an_incident("06-02 09:00")
    amend_tallies()
    kept = Kept(TallyMark.objects.get(kind="incident"))
    [stretch] = kept.stretches("opened_at")
    kept.columns("opened_at", [stretch], ["at"])
    an_incident("06-02 10:00")
    amend_tallies()
    columns = kept.columns("opened_at", [stretch], ["at", "incidents_opened"])[stretch]
    assert numbers_of(columns["incidents_opened"].planes, 3) == [1, 1, 0]
    assert [number > 0 for number in numbers_of(columns["at"].planes, 3)] == [True, True, False]


def test_all_is_counted_anew_once_a_day() -> None:
    an_incident("06-02 09:00")
    amend_tallies(now=NOW)
    nobody_counts("incidents_opened")
    amend_tallies(now=NOW + timedelta(hours=23))
    assert _june("incidents_opened") == 0
    amend_tallies(now=NOW + timedelta(hours=25))
    assert _june("incidents_opened") == 1


def test_a_changed_definition_is_counted_from_the_records(monkeypatch: pytest.MonkeyPatch) -> None:
    an_incident("06-02 09:00", impact=1)
    an_incident("06-03 09:00", impact=3)
    amend_tallies()
    opened = measures()["incidents_opened"]
    other = {**measures(), "incidents_opened": replace(opened, among={**opened.among, "impact": "1"}, version=2)}
    for module in (measuring, tallies, __import__("gnomon.evaluation.queries.sources", fromlist=["x"])):
        name = "every_measure" if module.__name__.endswith("sources") else "measures"
        monkeypatch.setattr(module, name, lambda: other)
    assert _june("incidents_opened") == 1
    amend_tallies()
    assert _june("incidents_opened") == 1


def test_what_was_counted_of_another_ledger_is_not_believed() -> None:
    an_incident("06-02 09:00")
    amend_tallies()
    nobody_counts("incidents_opened")
    TallyMark.objects.filter(kind="incident").update(digest="0" * 64)
    assert _june("incidents_opened") == 1
    amend_tallies()
    assert _june("incidents_opened") == 1


def test_after_very_much_the_records_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    an_incident("06-02 09:00")
    amend_tallies()
    nobody_counts("incidents_opened")
    monkeypatch.setattr(differences, "MANY", 1)
    for day in ("06-03", "06-04"):
        an_incident(f"{day} 09:00")
    assert _june("incidents_opened") == 3
    amend_tallies()
    assert _june("incidents_opened") == 3


def test_what_rests_on_other_records_is_never_counted_before() -> None:
    """Whether a major incident was reviewed changes without an entry of its own."""
    assert not is_tallied(measures()["major_incidents_reviewed"])
    assert is_tallied(measures()["incident_mttr"])


def test_an_entry_that_commits_late_is_seen() -> None:
    """On PostgreSQL a writer may come to stand behind later ones."""
    incident = an_incident("06-02 09:00")
    amend_tallies()
    resolve(incident, "06-03 09:00")
    sequence, digest = tip("incident")
    # as if a later entry had been there when the records were counted, and this one not
    mark = TallyMark.objects.filter(kind="incident")
    mark.update(sequence=sequence, digest=digest, settled=sequence, between=0)
    assert _june("incidents_resolved") == 0
    mark.update(settled=0, between=sequence - 2)
    assert _june("incidents_resolved") == 1
    amend_tallies()
    assert _june("incidents_resolved") == 1


def test_gnomon_snapshots_fill_counts_all() -> None:
    an_incident("06-02 09:00")
    answer = CliRunner().invoke(application(), ["snapshots", "fill", "--json"])
    assert answer.exit_code == 0, answer.output
    assert TalliedColumn.objects.filter(name="incidents_opened").count() == 1


def _june(name: str) -> Any:
    measure = measuring.measures()[name]
    return Sources([measure], [JUNE], {}, NOW).figure(measure, JUNE).value
