"""9.1: what measures said day by day is kept once, as it was said, and told at every door."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.evaluation.conftest import make_mixed_year
from tests.resolution.stage import a_service, an_incident, at, resolve
from typer.testing import CliRunner, Result

from gnomon.evaluation.actions import backfill_snapshots, snapshots, take_due_snapshots, take_snapshots
from gnomon.evaluation.clockwork import take_snapshots as job
from gnomon.evaluation.figures import Figure
from gnomon.evaluation.models import MeasureSnapshot, SnapshotKept
from gnomon.evaluation.periods import PeriodUnclear, midnight
from gnomon.evaluation.queries.measures import evaluate, measures
from gnomon.evaluation.queries.snapshots import gaps, series, series_by, together
from gnomon.organization.actions import make_token
from gnomon.organization.models import Person
from gnomon.project.command import application
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.standard.periods import Period

pytestmark = [pytest.mark.django_db, pytest.mark.clause("9.1")]

NOON = datetime(2026, 6, 5, 4, tzinfo=UTC)  # of the 5th in Shanghai
FIRST = date(2026, 6, 4)


def days(name: str, **more: Any) -> list[tuple[str, float | None]]:
    return [(each.day.isoformat(), each.figure.value) for each in series(measures()[name], **more)]


def test_yesterday_is_kept_once_and_says_by_which_definition() -> None:
    mail = a_service()
    resolve(an_incident("06-04 02:00", service=mail), "06-04 04:00")
    made = take_due_snapshots(now=NOON)
    assert made == MeasureSnapshot.objects.count()
    assert days("incident_mttr") == [("2026-06-04", 2)]
    (kept,) = series(measures()["incident_mttr"])
    assert (kept.version, len(kept.definition), kept.taken_at) == (1, 16, NOON)
    assert take_due_snapshots(now=NOON + timedelta(hours=1)) == 0
    assert list(series_by(measures()["incident_mttr"], "service")) == [mail.number]


def test_the_worker_keeps_yesterday() -> None:
    job()
    assert {each.day for each in series(measures()["incident_backlog"])} == {timezone.localdate() - timedelta(days=1)}


def test_a_snapshot_stays_as_it_was_said() -> None:
    incident = resolve(an_incident("06-04 02:00"), "06-04 04:00")
    take_due_snapshots(now=NOON)
    actions.move(incident, "reopen", by=SYSTEM, at=at("06-05 05:00"), because="It is back.")
    assert evaluate("incident_mttr", Period(midnight(FIRST), midnight(FIRST + timedelta(days=1)))).figure.count == 0
    assert take_snapshots(FIRST, now=NOON + timedelta(days=1)) == 0
    assert days("incident_mttr") == [("2026-06-04", 2)]
    (one, *_others) = MeasureSnapshot.objects.filter(measure="incident_mttr")
    for spoil in (
        one.save,
        one.delete,
        MeasureSnapshot.objects.all().delete,
        lambda: MeasureSnapshot.objects.update(count=9),
    ):
        with pytest.raises(SnapshotKept, match="never"):
            spoil()


def test_days_that_a_sleeping_worker_missed_are_taken_when_it_wakes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "MOST_MISSED", 5)
    an_incident("06-04 02:00")
    take_due_snapshots(now=NOON)
    take_due_snapshots(now=NOON + timedelta(days=3))
    assert [day for day, _value in days("incident_backlog")] == ["2026-06-04", "2026-06-05", "2026-06-06", "2026-06-07"]
    take_due_snapshots(now=NOON + timedelta(days=90))
    # so many at most by itself; the rest is asked for by name
    assert len(days("incident_backlog")) == 4 + 6
    assert gaps(series(measures()["incident_backlog"]))[0] == date(2026, 6, 8)


def test_the_past_is_filled_in_by_what_is_known_now_or_was_known_then() -> None:
    incident = resolve(an_incident("06-02 02:00"), "06-02 04:00")
    actions.move(incident, "reopen", by=SYSTEM, at=at("06-04 09:00"), because="It is back.")
    first, last = date(2026, 6, 1), date(2026, 6, 3)
    assert backfill_snapshots(first, last, names=["incident_mttr"], now=NOON) == 3
    assert days("incident_mttr") == [("2026-06-01", None), ("2026-06-02", None), ("2026-06-03", None)]
    assert backfill_snapshots(first, last, names=["incident_mttr"], then=True, now=NOON) == 0
    backfill_snapshots(first, last, names=["incident_backlog", "incidents_resolved"], then=True, now=NOON)
    assert days("incidents_resolved") == [("2026-06-01", 0), ("2026-06-02", 1), ("2026-06-03", 0)]
    assert days("incident_backlog") == [("2026-06-01", 0), ("2026-06-02", 0), ("2026-06-03", 0)]


def test_only_days_that_are_over_can_be_filled_in() -> None:
    with pytest.raises(PeriodUnclear, match="days that are over"):
        backfill_snapshots(FIRST, date(2026, 6, 5), now=NOON)
    with pytest.raises(PeriodUnclear, match="ends before it starts"):
        backfill_snapshots(FIRST, FIRST - timedelta(days=1), now=NOON)


def test_days_add_up_to_what_the_period_says() -> None:
    make_mixed_year(120)
    first, last = date(2026, 3, 1), date(2026, 3, 20)
    names = ["incidents_opened", "incident_mttr", "reopen_rate", "incident_backlog"]
    backfill_snapshots(first, last, names=names, now=NOON.replace(month=12))
    whole = Period(midnight(first), midnight(last + timedelta(days=1)))
    for name in names:
        measure = measures()[name]
        figure, added = evaluate(name, whole, now=NOON.replace(month=12)).figure, together(measure, series(measure))
        assert (added.count, added.part) == (figure.count, figure.part), name
        assert added.value == pytest.approx(figure.value), name
        by_service = series_by(measure, "service").values()
        assert sum(each.figure.count for kept in by_service for each in kept) == sum(
            each.figure.count for each in series(measure)
        )
    assert together(measures()["reopen_rate"], []) == Figure(None, 0)


# --- doors ---


def run(*words: str) -> Result:
    return CliRunner().invoke(application(), list(words))


def test_the_command_line_lists_measures_takes_snapshots_and_shows_them(olga: Person) -> None:
    known = {row["measure"]: row for row in json.loads(run("measures", "--json").stdout)}
    assert known.keys() == measures().keys()
    assert (known["csat"]["owner"], known["csat"]["process_title"]) == (
        "Business relationship manager", "Business relationship management",
    )  # fmt: skip
    an_incident("06-02 02:00")
    made = run(
        "snapshots", "backfill", "--from", "2026-06-01", "--to", "2026-06-02", "--measure", "incident_backlog", "--json"
    )
    assert json.loads(made.stdout) == {"rows": 2 + 3}  # all on two days; by service, team and priority on one
    shown = json.loads(run("snapshots", "show", "incident_backlog", "--from", "2026-06-02", "--json").stdout)
    assert [(row["day"], row["value"]) for row in shown] == [("2026-06-02", 1)]


def test_the_command_line_says_what_was_known_then_and_to_whom(carol: Person) -> None:
    an_incident("06-02 02:00")
    told = json.loads(run("measure", "incidents_opened", "--as-of", "2026-06-02", "--json").stdout)
    assert (told["value"], told["as_of"]) == (0, "2026-06-01T16:00:00.000Z")
    for words, says in (
        (("measure", "weather"), "There is no measure called “weather”"),
        (("measure", "csat", "--by", "colour"), "has no dimension “colour”"),
        (("measure", "csat", "--where", "colour=red"), "has no dimension “colour”"),
        (("snapshots", "show", "csat", "--from", "soon"), "is no day"),
        (("snapshots", "backfill", "--from", "2999-01-01"), "ends before it starts"),
    ):
        refused = run(*words)
        assert refused.exit_code == 2, words
        assert says in refused.stderr
    assert "Your roles do not permit" in str(run("measure", "csat", "--as", "carol").exception)


def program(person: Person, *scopes: str) -> Client:
    """A program that calls as somebody."""
    _token, secret = make_token(person, name="+".join(scopes) or "all", by=SYSTEM, scopes=list(scopes) or ["*:read"])
    return Client(headers={"Authorization": f"Bearer {secret}"})


def test_rest_lists_measures_and_tells_them(bob: Person, carol: Person) -> None:
    bobs, carols = program(bob), program(carol)
    an_incident("06-02 02:00")
    listed = bobs.get("/api/v1/measures").json()
    assert {"incident_mttr", "csat", "document_currency"} <= {row["measure"] for row in listed}
    (mttr,) = [row for row in listed if row["measure"] == "incident_mttr"]
    assert mttr["population"]["at"] == "resolved_at"
    assert carols.get("/api/v1/measures").json() == []
    told = bobs.get("/api/v1/measures/incidents_opened", {"by": "service", "from": "2026-06-01"}).json()
    assert (told["value"], [group["key"] for group in told["groups"]]) == (1, ["none"])
    assert bobs.get("/api/v1/measures/incident_mttr", {"to": "2026-06-01"}).json()["value"] is None
    assert carols.get("/api/v1/measures/incidents_opened").status_code == 404
    assert bobs.get("/api/v1/measures/weather").status_code == 404


def test_a_token_tells_no_measure_of_records_that_it_may_not_read(bob: Person) -> None:
    of_people = program(bob, "person:read")
    assert of_people.get("/api/v1/measures").json() == []
    answer = of_people.get("/api/v1/measures/incident_mttr")
    assert (answer.status_code, "scope “incident:read”" in answer.json()["detail"]) == (403, True)


def test_rest_refuses_in_sentences_and_shows_snapshots(bob: Person) -> None:
    bobs = program(bob)
    take_due_snapshots(now=NOON)
    for asked, says in (
        ({"by": "colour"}, "has no dimension “colour”"),
        ({"colour": "red"}, "has no dimension “colour”"),
        ({"from": "soon"}, "“soon” is no date"),
        ({"from": "2026-02-01", "to": "2026-01-01"}, "ends before it starts"),
    ):
        answer = bobs.get("/api/v1/measures/incident_mttr", asked)
        assert answer.status_code == 422, asked
        assert says in answer.json()["detail"]
    kept = bobs.get("/api/v1/measures/incident_backlog/snapshots").json()
    assert [(row["day"], row["value"]) for row in kept] == [("2026-06-04", 0)]
    assert bobs.get("/api/v1/measures/csat/snapshots", {"from": "soon"}).status_code == 422
