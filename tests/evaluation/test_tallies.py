"""9.1: figures put together from days that were counted before are those that the records give."""

from __future__ import annotations

import random
from array import array
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from tests.evaluation.living import live_on
from tests.makers import a_team
from tests.resolution.stage import an_incident, at, resolve
from typer.testing import CliRunner

from gnomon.evaluation.actions import amend_tallies, tallies
from gnomon.evaluation.clockwork import count_days
from gnomon.evaluation.figures import Figure
from gnomon.evaluation.models import DayTally, TalliedRecords, TallyMark
from gnomon.evaluation.periods import buckets
from gnomon.evaluation.queries import differences, spreads
from gnomon.evaluation.queries import measures as measuring
from gnomon.evaluation.queries.day_cells import by_packed, by_unpacked, numbers_packed, numbers_unpacked
from gnomon.evaluation.queries.measures import measures
from gnomon.evaluation.queries.positions import tip
from gnomon.evaluation.queries.sources import Sources
from gnomon.evaluation.series import Series, is_daily
from gnomon.project.command import application
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.resolution.models import Incident
from gnomon.standard.periods import Period

pytestmark = [pytest.mark.django_db, pytest.mark.clause("9.1")]

NOW = at("07-20 09:17")
WHOLE = Period(datetime(2026, 5, 3, 16, tzinfo=UTC), datetime(2026, 7, 20, 16, tzinfo=UTC))  # midnights of Shanghai
JUNE = Period(datetime(2026, 5, 31, 16, tzinfo=UTC), datetime(2026, 6, 30, 16, tzinfo=UTC))


def told(now: datetime = NOW, periods: Sequence[Period] = (WHOLE, JUNE)) -> dict[str, Any]:
    """Everything that is put together from days: sums, spreads, groups and ages."""
    chosen = [one for one in measures().values() if not one.is_of_register]
    cut = [*periods, *(bucket.period for bucket in buckets(WHOLE, "week"))]
    sources = Sources(chosen, cut, {}, now)
    found: dict[str, Any] = {one.name: [_near(sources.figure(one, period)) for period in cut] for one in chosen}
    for one in chosen:
        found[f"{one.name} whole"] = [_near(sources.whole(one, period)) for period in periods]
        names = Series(one).dimensions if one.at and one.how != "mean" else ()
        found[f"{one.name} by"] = [sources.shares_by(one, period, names) for period in periods]
        if one.standing:
            found[f"{one.name} ages"] = [spreads.ages(one, sources, period) for period in cut]
    often = measures()["reassignment_count"]
    found["often"] = [spreads.times(often, "reassignment_count", sources, period) for period in periods]
    return found


def directly(now: datetime = NOW, periods: Sequence[Period] = (WHOLE, JUNE)) -> dict[str, Any]:
    """The same where nothing was ever counted."""
    kept = list(TallyMark.objects.all())
    TallyMark.objects.all().delete()
    try:
        return told(now, periods)
    finally:
        TallyMark.objects.bulk_create(kept)


@pytest.mark.parametrize("seed", range(6))
def test_figures_of_counted_days_are_those_of_the_records(seed: int) -> None:
    draw = random.Random(seed)
    incidents: list[Incident] = []
    teams = [a_team("Desk"), a_team("Network"), None]
    for step in range(45):
        live_on(draw, incidents, teams)
        if draw.random() < 0.25:
            amend_tallies(anew=draw.random() < 0.2)
        if step % 9 == 8:
            assert told() == directly()
    amend_tallies()
    kept = kept_days()
    amend_tallies(anew=True)
    assert kept == kept_days()


def kept_days() -> Any:
    """All that is kept of days, and by which lines records were counted."""
    days = {
        (one.series, one.day): (
            one.whole, one.part, one.ended, one.last_end, numbers_unpacked(one.spread).tolist(),
            {name: sorted(of, key=str) for name, of in by_unpacked(one.by).items()},
        )
        for one in DayTally.objects.all()
    }  # fmt: skip
    assert days
    return days, {(one.kind, one.block): bytes(one.rows) for one in TalliedRecords.objects.all()}


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Kolkata"])
def test_readers_elsewhere_have_days_of_their_own(zone: str) -> None:
    draw, incidents = random.Random(zone), list[Incident]()
    for _step in range(25):
        live_on(draw, incidents)
    amend_tallies()
    with timezone.override(ZoneInfo(zone)):
        start = datetime(2026, 6, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)
        periods = [Period(start, start + timedelta(days=30)), Period(start + timedelta(hours=5, minutes=3), NOW)]
        assert told(NOW, periods) == directly(NOW, periods)


def _near(figure: Figure) -> Figure:
    """Sums of whole milliseconds are exact; only their quotient may differ in its last binary place."""
    return replace(figure, value=None if figure.value is None else round(figure.value, 9))


def test_what_changed_since_is_asked_of_the_records() -> None:
    incident = an_incident("06-02 09:00")
    amend_tallies()
    assert _june("incidents_opened") == 1
    resolve(incident, "06-10 09:00")
    an_incident("06-01 08:00", told="06-30 09:00")  # told four weeks late
    assert (_june("incidents_opened"), _june("incidents_resolved")) == (2, 1)
    actions.move(incident, "reopen", by=SYSTEM, at=at("06-12 09:00"), because="It is back.")
    # the day on which it had been resolved is counted anew, though nothing lies on it any more
    assert _june("incidents_resolved") == 0


def test_days_that_were_counted_are_believed() -> None:
    """A row that was tampered with shows: the figures do come from the days."""
    an_incident("06-02 09:00")
    amend_tallies()
    DayTally.objects.filter(series="incidents_opened").update(whole=7)
    assert _june("incidents_opened") == 7
    assert amend_tallies() == 0  # nothing was told since
    count_days()
    amend_tallies(anew=True)
    assert _june("incidents_opened") == 1


def test_a_change_is_a_difference_to_what_was_counted() -> None:
    """A day that was tampered with shows: it is not counted anew for what else happens on it."""
    an_incident("06-02 09:00")
    amend_tallies()
    DayTally.objects.filter(series="incidents_opened").update(whole=7)
    an_incident("06-02 10:00")
    assert _june("incidents_opened") == 8
    amend_tallies()
    assert DayTally.objects.get(series="incidents_opened").whole == 8
    assert _june("incidents_opened") == 8


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
    assert DayTally.objects.get(series="incidents_opened").whole == 2


def test_spreads_groups_and_ages_do_come_from_the_days() -> None:
    """Rows that were tampered with show."""
    resolve(an_incident("06-02 09:00"), "06-02 11:00")
    an_incident("06-03 09:00")
    amend_tallies()
    DayTally.objects.filter(series="incident_mttr").update(spread=numbers_packed(array("q", [3_600_000, 10_800_000])))
    DayTally.objects.filter(series="incidents_opened").update(by=by_packed({"priority": {1: (5, 5)}}))
    DayTally.objects.filter(series="backlog_age:begun", last_end=None).update(whole=8)
    opened, mttr, backlog = (measures()[name] for name in ("incidents_opened", "incident_mttr", "incident_backlog"))
    sources = Sources([opened, mttr, backlog], [JUNE], {}, NOW)
    assert sources.whole(mttr, JUNE).median == 2.0  # hours, between one and three
    assert [(one.key, one.figure.count) for one in sources.shares_by(opened, JUNE, ["priority"])["priority"]] == [
        ("1", 10)
    ]
    assert sum(part.count for part in spreads.ages(backlog, sources, JUNE)) == 8


def test_all_days_are_counted_anew_once_a_day() -> None:
    an_incident("06-02 09:00")
    amend_tallies(now=NOW)
    DayTally.objects.filter(series="incidents_opened").update(whole=7)
    amend_tallies(now=NOW + timedelta(hours=23))
    assert _june("incidents_opened") == 7
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


def test_days_of_another_ledger_are_not_believed() -> None:
    an_incident("06-02 09:00")
    amend_tallies()
    DayTally.objects.filter(series="incidents_opened").update(whole=7)
    TallyMark.objects.filter(kind="incident").update(digest="0" * 64)
    assert _june("incidents_opened") == 1
    amend_tallies()
    assert DayTally.objects.get(series="incidents_opened").whole == 1


def test_after_very_much_the_records_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    an_incident("06-02 09:00")
    amend_tallies()
    DayTally.objects.filter(series="incidents_opened").update(whole=7)
    monkeypatch.setattr(differences, "MANY", 1)
    for day in ("06-03", "06-04"):
        an_incident(f"{day} 09:00")
    assert _june("incidents_opened") == 3
    amend_tallies()
    assert _june("incidents_opened") == 3


def test_what_rests_on_other_records_is_never_counted_by_day() -> None:
    """Whether a major incident was reviewed changes without an entry of its own."""
    assert not is_daily(measures()["major_incidents_reviewed"])
    assert is_daily(measures()["incident_mttr"])


def test_an_entry_that_commits_late_is_seen() -> None:
    """On PostgreSQL a writer may come to stand behind later ones."""
    incident = an_incident("06-02 09:00")
    amend_tallies()
    resolve(incident, "06-03 09:00")
    sequence, digest = tip("incident")
    # as if a later entry had been there when the days were counted, and this one not
    mark = TallyMark.objects.filter(kind="incident")
    mark.update(sequence=sequence, digest=digest, settled=sequence, between=0)
    assert _june("incidents_resolved") == 0
    mark.update(settled=0, between=sequence - 2)
    assert _june("incidents_resolved") == 1
    amend_tallies()
    assert DayTally.objects.get(series="incidents_resolved").whole == 1


def test_gnomon_snapshots_fill_counts_every_day() -> None:
    an_incident("06-02 09:00")
    answer = CliRunner().invoke(application(), ["snapshots", "fill", "--json"])
    assert answer.exit_code == 0, answer.output
    assert DayTally.objects.filter(series="incidents_opened").count() == 1


def _june(name: str) -> Any:
    measure = measuring.measures()[name]
    return Sources([measure], [JUNE], {}, NOW).figure(measure, JUNE).value
