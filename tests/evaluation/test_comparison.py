"""Before and after: figures, certainty, sentences, and the doors through which people ask."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from tests.evaluation.conftest import make_mixed_year
from tests.evaluation.test_lists_agree import counted_by_list
from tests.resolution.stage import an_incident, resolve
from typer.testing import CliRunner

from gnomon.evaluation.comparing_plain import comparison_told, two_ends
from gnomon.evaluation.comparing_words import sentences, verdict
from gnomon.evaluation.intervals import shares_differ
from gnomon.evaluation.periods import PeriodUnclear
from gnomon.evaluation.queries.comparison import compare
from gnomon.evaluation.queries.measures import NoSuchMeasure, measures
from gnomon.organization.models import Person
from gnomon.project.command import application
from gnomon.records.refusals import InvalidFacts
from gnomon.resolution.models import Incident
from gnomon.standard.periods import Period

pytestmark = [pytest.mark.django_db, pytest.mark.clause("10.2")]

NOW = datetime(2026, 11, 15, 3, 30, tzinfo=UTC)
MARCH, MAY = two_ends("2026-03-01..2026-04-01", "before"), two_ends("2026-05-01..2026-06-01", "after")


def resolved_after(hours: list[float], first: str) -> None:
    """Incidents opened one a day from a day on, each resolved after so many hours."""
    day = datetime.fromisoformat(f"2026-{first}T01:00:00+00:00")
    Incident.objects.bulk_create(
        Incident(
            number=f"INC-{first}-{at}", title="x", status="closed", recorded_at=day, opened_at=day + timedelta(days=at),
            resolved_at=day + timedelta(days=at, hours=length), closed_at=day + timedelta(days=at, hours=length),
            resolve_met=length < 5, priority=2 if at % 2 else 3,
        )
        for at, length in enumerate(hours)
    )  # fmt: skip


def test_a_shorter_time_to_resolve_is_told_in_a_sentence() -> None:
    # before 8 and 10 in turn: mean 9, variance 30 × 1 / 29; after 4 and 6: mean 5; difference −4
    # standard error √(2 × 1.03448 / 30) = 0.26261; freedom 58, t = 2.00172: reach 0.52567
    resolved_after([8, 10] * 15, "03-01")
    resolved_after([4, 6] * 15, "05-01")
    found = compare("incident_mttr", MARCH, MAY, now=NOW)
    mean = found.found[0].difference
    assert mean is not None
    assert (mean.value, mean.low, mean.high) == pytest.approx((-4, -4.52567, -3.47433), abs=1e-4)
    assert sentences(found)[0] == "Shorter by 4.0 h, 95 % certain between 3.5 and 4.5 h."
    assert sentences(found)[1].startswith("Median: Shorter by 4.0 h, 95 % certain between")
    assert verdict(found.measure, mean) == "better"
    assert found.warnings == []
    with translation.override("zh-hans"):
        assert sentences(found)[0] == "缩短 4.0 小时，95% 的把握介于 3.5 与 4.5 小时。"


def test_a_share_is_told_in_percentage_points_and_opens_its_lists() -> None:
    resolved_after([8] * 20 + [2] * 10, "03-01")
    resolved_after([2] * 28 + [8] * 2, "05-01")
    found = compare("incident_sla", MARCH, MAY, now=NOW)
    assert (found.before.figure.part, found.after.figure.part) == (10, 28)
    expected = shares_differ((10, 30), (28, 30))
    assert found.found[0].difference == expected
    assert sentences(found)[0].startswith("Higher by 60.0 percentage points, 95 % certain between ")
    assert counted_by_list(found.before.url) == 30
    assert counted_by_list(found.after.url) == 30


def test_nothing_is_claimed_where_chance_explains_it() -> None:
    resolved_after([3, 9] * 12, "03-01")
    resolved_after([9, 4] * 12, "05-01")
    found = compare("incident_mttr", MARCH, MAY, now=NOW)
    assert sentences(found)[0].startswith("No difference can be told: with 95 % certainty it lies between −")
    assert verdict(found.measure, found.found[0].difference) == ""


def test_counts_are_compared_by_the_days_that_passed() -> None:
    resolved_after([1] * 20, "03-01")
    resolved_after([1] * 10, "05-01")
    # both months have 31 days: half as many; until 11 May only 10 days passed, so 1.5 times as many each day
    assert sentences(compare("incidents_opened", MARCH, MAY, now=NOW))[0].startswith("No difference can be told")
    early = datetime(2026, 5, 10, 16, tzinfo=UTC)
    rate = compare("incidents_opened", MARCH, MAY, now=early).found[0].difference
    assert rate is not None
    assert rate.is_ratio
    assert rate.value == pytest.approx(10 / 20 * 31 / 10)


def test_what_stands_at_two_moments_has_no_interval() -> None:
    an_incident("03-10 09:00")
    found = compare("incident_backlog", MARCH, MAY, now=NOW)
    assert found.found == []
    assert sentences(found) == [
        "1 stood at the end of the first period, 1 at the end of the second. "
        "A number at one moment is no sample, so there is no interval."
    ]


def test_too_few_records_and_overlaps_are_said() -> None:
    resolved_after([1, 2, 3], "03-01")
    found = compare("incident_mttr", MARCH, two_ends("2026-03-02..2026-04-02", "after"), now=NOW)
    assert found.warnings == [
        "Only 2 records stand behind one side: that is too few to rely on the interval.",
        "The two periods overlap, so some records may count on both sides.",
    ]
    empty = compare("incident_mttr", MARCH, MAY, now=NOW)
    assert sentences(empty)[0] == "One side has fewer than two records, so nothing can be said about the difference."


def test_every_measure_compares_and_both_sides_count_their_lists() -> None:
    make_mixed_year(120)
    within: dict[str, Any] = {"service": ["XS-0"], "priority": ["1", "2"]}
    for name in measures():
        measure = measures()[name]
        narrowed = {part: values for part, values in within.items() if part in measure.dimensions}
        found = compare(name, MARCH, MAY, within=narrowed, now=NOW)
        for side in (found.before, found.after):
            assert side.figure.count == counted_by_list(side.url), name
        assert all(says.endswith(".") for says in sentences(found))


def test_what_makes_no_sense_is_answered_in_a_sentence() -> None:
    with pytest.raises(NoSuchMeasure, match="has no dimension “colour”"):
        compare("incident_mttr", MARCH, MAY, within={"colour": ["red"]}, now=NOW)
    with pytest.raises(InvalidFacts, match="Name both periods"):
        two_ends("2026-03-01", "before")
    with pytest.raises(PeriodUnclear, match="ends before it starts"):
        two_ends("2026-03-01..2026-02-01", "before")
    with pytest.raises(PeriodUnclear, match="is no date"):
        two_ends("soon..later", "before")


ASKED = {
    "measure": "incident_mttr", "before_from": "2026-03-01", "before_to": "2026-03-31", "after_from": "2026-05-01",
    "after_to": "2026-05-31",
}  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_says_what_the_query_found(bob: Person, bob_browser: Client, language: str) -> None:
    bob.language = language
    bob.save(update_fields=["language"])
    resolved_after([8, 10] * 15, "03-01")
    resolved_after([4, 6] * 15, "05-01")
    text = unescape(bob_browser.get("/evaluation/comparison/", ASKED).content.decode())
    assert ("Shorter by 4.0 h, 95 % certain" if language == "en" else "缩短 4.0 小时") in text
    assert text.count('class="tile') >= 2
    assert "<figure" in text


def test_the_page_reads_a_number_of_queries_that_does_not_grow(bob_browser: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert bob_browser.get("/evaluation/comparison/", ASKED).status_code == 200
        return len(seen)

    resolved_after([8, 10], "03-01")
    queries()  # looks up the names of levels, once
    few = queries()
    resolved_after([8, 10] * 12, "05-01")
    assert (few, queries()) == (8, 8)


def test_the_page_is_for_those_who_may_read_the_records(
    bob_browser: Client, carol_browser: Client, nobody_browser: Client
) -> None:
    assert carol_browser.get("/evaluation/comparison/").status_code == 404
    assert nobody_browser.get("/evaluation/comparison/").status_code == 302
    assert "too few" not in bob_browser.get("/evaluation/comparison/").content.decode()


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"before_from": "soon"}, "Give the first and the last day of both periods."),
        ({**ASKED, "after_to": "2026-01-01"}, "The period ends before it starts."),
        ({**ASKED, "after_to": "9999-12-31"}, "One side has fewer than two records"),
    ],
)
def test_the_page_answers_nonsense_in_a_sentence(bob_browser: Client, asked: dict[str, str], says: str) -> None:
    page = bob_browser.get("/evaluation/comparison/", asked)
    assert page.status_code == 200
    assert says in unescape(page.content.decode())


def test_the_command_and_plain_data_say_the_same() -> None:
    resolved_after([8, 10] * 15, "03-01")
    resolved_after([4, 6] * 15, "05-01")
    asked = ["compare", "incident_mttr", "--before", "2026-03-01..2026-04-01", "--after", "2026-05-01..2026-06-01"]
    told = json.loads(CliRunner().invoke(application(), [*asked, "--json"]).output)
    assert told == json.loads(json.dumps(comparison_told("incident_mttr", *asked[3::2])))
    assert told["differences"][0]["difference"] == -4
    assert (told["before"]["count"], told["after"]["value"]) == (30, 5)
    spoken = CliRunner().invoke(application(), [*asked, "--language", "zh", "--where", "priority=2"]).output
    assert "缩短 4.0 小时" not in spoken.splitlines()[0]
    assert "95% 的把握" in spoken
    refused = CliRunner().invoke(application(), ["compare", "incident_mttr", "--before", "x..y", "--after", "x..y"])
    assert refused.exit_code == 2


def test_periods_are_half_open() -> None:
    assert isinstance(MARCH, Period)
    # midnight in Shanghai, the zone of the tests
    assert (MARCH.start, MARCH.end) == (
        datetime(2026, 2, 28, 16, tzinfo=UTC), datetime(2026, 3, 31, 16, tzinfo=UTC),
    )  # fmt: skip
    resolve(an_incident("03-31 10:00"), "04-01 00:00")
    assert compare("incidents_resolved", MARCH, MAY, now=NOW).before.figure.count == 0
