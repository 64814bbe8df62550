"""From very many records a worker draws: what was ordered is drawn, whoever dies over it and whatever changes meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from tests.api.conftest import Program
from tests.certification.conftest import Evidence, incidents
from tests.resolution.makers import a_service, an_incident
from typer.testing import CliRunner

from gnomon.certification import samples, sampling
from gnomon.certification.actions import draw_ordered, draw_sample, examine, run_checks
from gnomon.certification.actions.sampling import REDRAW, answer_redrawing
from gnomon.certification.models import ConformityRun, Redrawing, Sample, SampleStratum
from gnomon.certification.queries.samples import redraw
from gnomon.certification.samples import draw, draw_from_strata
from gnomon.jobs.models import QueuedJob
from gnomon.organization.actions import make_token
from gnomon.organization.models import Person
from gnomon.project.command import application
from gnomon.records.actions import change, move
from gnomon.records.actors import SYSTEM
from gnomon.records.models import LedgerEntry
from gnomon.records.refusals import MoveRefused
from gnomon.resolution.models import Incident
from gnomon.standard.plugs import Finding

pytestmark = [pytest.mark.django_db, pytest.mark.clause("9.2")]


@pytest.fixture
def desk() -> list[Incident]:
    """Twelve incidents: nine of Mail, and every third of Web."""
    mail, web = a_service("Mail"), a_service("Web")
    return [an_incident(f"Case {n}", service=mail if n % 3 else web) for n in range(1, 13)]


@pytest.fixture
def run(evidence: Evidence, desk: list[Incident], monkeypatch: pytest.MonkeyPatch) -> ConformityRun:
    """Twelve records are very many here."""
    monkeypatch.setattr(sampling, "AT_ONCE", 11)
    evidence.says("8.6.1-b", Finding(incidents(1, 12), failed=incidents(1, 2)))
    return run_checks(by=SYSTEM)


def in_strata(by: Person, **more: Any) -> Sample:
    return draw_sample("8.6.1-b", by=by, method="stratified", stratified_by="service", size=4, seed="7", **more)


def program(person: Person) -> Program:
    return Program(make_token(person, name="test", by=SYSTEM)[1])


def waiting(name: str) -> list[dict[str, Any]]:
    return [each.facts for each in QueuedJob.objects.filter(name=name).order_by("id")]


def test_an_order_says_all_that_the_draw_follows_from(run: ConformityRun, dave: Person) -> None:
    sample = draw_sample("8.6.1-b", by=dave, rule=1, size=4, seed="spring")
    assert (sample.status, sample.drawn, sample.size, sample.population_count) == ("ordered", [], 4, 12)
    assert waiting(sampling.DRAW) == [{"number": sample.number}]
    drawn = draw_ordered(sample.number)
    assert (drawn.status, drawn.drawn) == ("drawn", draw(incidents(1, 12), "spring", 4))
    assert redraw(drawn).faults == []
    # the job is told twice, and draws once
    assert draw_ordered(sample.number).version == drawn.version


def test_few_are_drawn_at_once(run: ConformityRun, dave: Person) -> None:
    assert draw_sample("8.6.1-b", by=dave, part="failed", rule=1, method="all").status == "drawn"
    assert waiting(sampling.DRAW) == []


def test_strata_are_those_of_the_moment_of_the_order(run: ConformityRun, desk: list[Incident], dave: Person) -> None:
    first, web = desk[0], desk[2].service
    ordered = in_strata(dave)
    change(first, by=SYSTEM, service=web)
    change(first, by=SYSTEM, service=None)
    change(desk[5], by=SYSTEM, service=first.service, title="Another name")
    drawn = draw_ordered(ordered.number)
    there = {each.key: list(each.numbers) for each in SampleStratum.objects.filter(sample=drawn)}
    assert there == {
        "SVC-000001": [f"INC-{n:06d}" for n in range(1, 13) if n % 3],
        "SVC-000002": [f"INC-{n:06d}" for n in range(3, 13, 3)],
    }
    # by hand: 8 and 4 of 12 have 2.67 and 1.33 of 4 places: 3 and 1
    assert [row[:3] for row in drawn.strata] == [["SVC-000001", 8, 3], ["SVC-000002", 4, 1]]
    assert redraw(drawn).faults == []


@pytest.mark.parametrize("by", ["priority", "category", "month"])
def test_every_field_stands_as_it_stood(run: ConformityRun, desk: list[Incident], dave: Person, by: str) -> None:
    ordered = draw_sample("8.6.1-b", by=dave, method="stratified", stratified_by=by, size=9, seed="7")
    before = sampling.strata_of(sampling.population_of(ordered), by)
    change(desk[3], by=SYSTEM, impact=1, urgency=1, category="network", opened_at=datetime(2025, 1, 1, tzinfo=UTC))
    assert sampling.strata_of(sampling.population_of(ordered), by) != before
    drawn = draw_ordered(ordered.number)
    assert {each.key: each.numbers for each in SampleStratum.objects.filter(sample=drawn)} == before


def test_a_worker_that_dies_over_it_changes_nothing(
    run: ConformityRun, desk: list[Incident], dave: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordered = in_strata(dave)
    strata = sampling.strata_of(sampling.population_of(ordered), "service")
    ranked = samples.rank
    left = [5]

    def dies(number: str, seed: str) -> bytes:
        left[0] -= 1
        if not left[0]:
            raise SystemExit
        return ranked(number, seed)

    monkeypatch.setattr(samples, "rank", dies)
    with pytest.raises(SystemExit):
        draw_ordered(ordered.number)
    ordered.refresh_from_db()
    assert (ordered.status, ordered.version, SampleStratum.objects.count()) == ("ordered", 1, 0)
    change(desk[0], by=SYSTEM, service=desk[2].service)
    drawn = draw_ordered(ordered.number)
    assert drawn.drawn == draw_from_strata(strata, "7", 4)


def test_another_run_meanwhile_is_another_population(run: ConformityRun, evidence: Evidence, dave: Person) -> None:
    ordered = draw_sample("8.6.1-b", by=dave, rule=1, size=4, seed="spring")
    evidence.says("8.6.1-b", Finding(incidents(1, 40)))
    run_checks(by=SYSTEM)
    assert draw_ordered(ordered.number).drawn == draw(incidents(1, 12), "spring", 4)


def test_what_was_withdrawn_is_not_drawn(run: ConformityRun, dave: Person) -> None:
    ordered = in_strata(dave)
    move(ordered, "withdraw", by=dave, because="Wrong month")
    assert draw_ordered(ordered.number).status == "withdrawn"


def test_more_strata_than_places_are_told_on_the_record(run: ConformityRun, dave: Person, dave_browser: Client) -> None:
    ordered = draw_sample("8.6.1-b", by=dave, method="stratified", stratified_by="service", size=1)
    refused = draw_ordered(ordered.number)
    assert refused.status == "refused"
    told = LedgerEntry.objects.get(number=ordered.number, verb="sample:refuse").because
    assert told == "There are 2 strata, and each gets a record at least. Draw 2 or more."
    assert told in dave_browser.get(ordered.get_absolute_url()).content.decode()


def test_nothing_is_judged_before_it_is_drawn(run: ConformityRun, dave: Person) -> None:
    ordered = in_strata(dave)
    with pytest.raises(MoveRefused, match="is still being drawn"):
        examine(ordered, "INC-000001", "conforming", by=dave)
    with pytest.raises(MoveRefused):
        move(ordered, "conclude", by=dave, conclusion="Fine")


def test_the_page_says_that_it_is_being_drawn_and_then_what_was_drawn(
    run: ConformityRun, dave: Person, dave_browser: Client
) -> None:
    sent = dave_browser.post(
        "/certification/samples/new?requirement=8.6.1-b&of=1-seen", {"method": "random", "size": "3", "seed": "spring"}
    )
    sample = Sample.objects.get()
    assert (sent.status_code, sent["Location"], sample.status) == (302, sample.get_absolute_url(), "ordered")
    assert "The sample is being drawn" in dave_browser.get(sample.get_absolute_url()).content.decode()
    draw_ordered(sample.number)
    page = dave_browser.get(sample.get_absolute_url()).content.decode()
    assert "The sample is being drawn" not in page
    assert "0 of 3 looked at" in page


def test_who_looks_at_the_draw_again_does_not_wait_for_it(
    run: ConformityRun, dave: Person, dave_browser: Client
) -> None:
    sample = draw_ordered(in_strata(dave).number)
    here = f"/certification/samples/{sample.number}/again"
    daves = program(dave)
    assert daves.get(f"samples/{sample.number}/redraw").status_code == 503
    assert waiting(REDRAW) == [{"number": sample.number}]
    early = dave_browser.get(here)
    assert (early.status_code, early["Retry-After"]) == (503, "3")
    assert "12 records are ranked for this" in early.content.decode()
    assert waiting(REDRAW) == [{"number": sample.number}]
    answer_redrawing(sample.number)
    page = dave_browser.get(here).content.decode()
    assert "The same 4 records were drawn." in page
    assert "Drawn by a worker" in page
    told = daves.get(f"samples/{sample.number}/redraw").json()
    assert (told["same"], told["drawn"]) == (True, sample.drawn)
    # a minute later it is drawn anew before whoever looks then
    Redrawing.objects.update(answered_at=datetime.now(UTC) - timedelta(minutes=1, seconds=1))
    assert dave_browser.get(here).status_code == 503


def test_rest_tells_an_order_and_then_its_sample(run: ConformityRun, dave: Person) -> None:
    daves = program(dave)
    made = daves.post("samples", {"requirement": "8.6.1-b", "rule": 1, "size": 2, "seed": "spring"})
    assert (made.status_code, made.json()["status"], made.json()["drawn"]) == (201, "ordered", [])
    draw_ordered(made.json()["number"])
    told = daves.get(f"samples/{made.json()['number']}").json()
    assert (told["status"], told["drawn"]) == ("drawn", draw(incidents(1, 12), "spring", 2))


def test_the_command_waits(run: ConformityRun, dave: Person) -> None:
    ran = CliRunner().invoke(
        application(), ["sample", "draw", "8.6.1-b", "--rule", "1", "--size", "2", "--seed", "spring", "--as", "dave"]
    )
    assert ran.exit_code == 0, ran.output
    assert Sample.objects.get().drawn == draw(incidents(1, 12), "spring", 2)
    ran = CliRunner().invoke(application(), ["sample", "redraw", "SMP-000001"])
    assert (ran.exit_code, "The same 2 records" in ran.output) == (0, True)
