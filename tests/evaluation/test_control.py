"""Measures on control charts: whole steps only, limits that people fix, and what is too rare or too little to judge."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from tests.evaluation.test_lists_agree import counted_by_list

from gnomon.evaluation.boards.noise import control_graph
from gnomon.evaluation.kinds import control_baseline
from gnomon.evaluation.queries.control import Controlled, baselines_of, controlled, steps_until
from gnomon.evaluation.queries.measures import measure_named
from gnomon.evaluation.queries.sources import Sources
from gnomon.organization.models import Person
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.refusals import InvalidFacts
from gnomon.resolution.models import Incident

pytestmark = [pytest.mark.django_db, pytest.mark.clause("9.1")]

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)  # 08:00 in Shanghai
NOW = datetime(2026, 11, 15, 3, 30, tzinfo=UTC)


def resolved_weekly(hours: list[float], first: datetime = MONDAY) -> None:
    """One incident a week, resolved after so many hours."""
    Incident.objects.bulk_create(
        Incident(
            number=f"INC-{first:%m%d}-{at}", title="x", status="closed", recorded_at=first,
            opened_at=first + timedelta(weeks=at), resolved_at=first + timedelta(weeks=at, hours=length),
            closed_at=first + timedelta(weeks=at, hours=length),
        )
        for at, length in enumerate(hours)
    )  # fmt: skip


def charted(name: str = "incident_mttr", now: datetime = NOW, step: str = "week") -> Controlled:
    measure = measure_named(name)
    cut = steps_until(now, step)
    sources = Sources([measure], [bucket.period for bucket in cut], {}, now)
    return controlled(measure, sources, cut, baselines_of([measure], step)[name])


def said(found: Controlled) -> list[str]:
    return [str(line.text) for line in control_graph(found, "week").lines]


def test_the_running_week_is_left_out_and_so_is_what_was_before_the_records() -> None:
    resolved_weekly([10, 12] * 5)
    # 15 March is a Sunday: the week of 9 March, the tenth, is over at midnight in Shanghai and not before
    sunday = datetime(2026, 3, 15, 15, 59, tzinfo=UTC)
    assert [group.key for group in charted(now=sunday).groups] == [f"2026-W{week:02d}" for week in range(2, 11)]
    assert len(charted(now=sunday + timedelta(minutes=1)).groups) == 10


def test_limits_rest_on_all_points_until_a_person_fixes_a_baseline() -> None:
    # ten weeks of 10 and 12 hours in turn, then ten of 5 and 7
    resolved_weekly([10, 12] * 5 + [5, 7] * 5)
    now = MONDAY + timedelta(weeks=20)
    floating = charted(now=now).chart.limits
    assert floating is not None
    assert (floating.count, floating.centre) == (20, 8.5)
    actions.record(
        control_baseline, by=SYSTEM, title="As it was", measure="incident_mttr", start_date=date(2026, 1, 5),
        end_date=date(2026, 3, 15),
    )  # fmt: skip
    fixed = charted(now=now)
    # mean 11, ranges 2: 11 ± 5.32, whatever came later
    assert fixed.chart.limits is not None
    assert (fixed.chart.limits.count, fixed.chart.limits.centre) == (10, 11)
    assert fixed.chart.limits.low == pytest.approx(5.68)
    assert {signal.rule for signal in fixed.chart.signals} >= {"beyond", "eight_in_a_row"}
    assert not any(fixed.is_worse(signal) for signal in fixed.chart.signals if signal.rule != "range")
    anew = actions.record(
        control_baseline, by=SYSTEM, title="A second desk", measure="incident_mttr", start_date=date(2026, 3, 16),
        end_date=date(2026, 5, 24), reason="More people",
    )  # fmt: skip
    staged = charted(now=now)
    assert [stage.limits.centre for stage in staged.chart.stages if stage.limits] == [11, 6]
    assert any(f"Limits fixed by {anew.number}: A second desk" in line for line in said(staged))
    actions.move(anew, "retire", by=SYSTEM, because="Too early")
    assert charted(now=now).chart.limits == fixed.chart.limits


def test_a_signal_opens_the_list_of_its_week() -> None:
    resolved_weekly([10, 12] * 8 + [60])
    found = charted(now=MONDAY + timedelta(weeks=17))
    lines = control_graph(found, "week").lines
    assert str(lines[0].text) == (
        "Signal: Week of 27 Apr, 60 h – a point beyond a limit; a jump beyond the limit of the moving range."
    )
    assert counted_by_list(lines[0].url) == 1


def test_too_few_points_and_rare_events_are_said_plainly() -> None:
    resolved_weekly([10, 12, 11])
    assert said(charted(now=MONDAY + timedelta(weeks=4))) == [
        "Too few points to tell signal from noise: limits need 8, and there are 3."
    ]
    Incident.objects.filter(number="INC-0105-0").update(is_major=True, major_declared_at=MONDAY)
    assert said(charted("major_incidents", MONDAY + timedelta(weeks=20))) == [
        "Less than one in a step on average: too rare for a control chart. Choose longer steps."
    ]


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"measure": "luck"}, "measure"), ({"start_date": date(2026, 5, 1), "end_date": date(2026, 4, 1)}, "end_date")],
)
def test_a_baseline_names_a_measure_and_days_in_order(facts: dict[str, Any], field: str) -> None:
    usual = {"title": "x", "measure": "incident_mttr", "start_date": date(2026, 1, 5), "end_date": date(2026, 3, 1)}
    with pytest.raises(InvalidFacts) as refused:
        actions.record(control_baseline, by=SYSTEM, **{**usual, **facts})
    assert field in refused.value.fields


def test_the_page_offers_to_fix_a_baseline_with_the_days_filled_in(alice: Person, alice_browser: Client) -> None:
    alice.roles = ["process_manager"]
    alice.save(update_fields=["roles"])
    resolved_weekly([10, 12] * 6)
    asked = {"period": "custom", "from": "2026-01-01", "to": "2026-03-29"}
    text = unescape(alice_browser.get("/evaluation/dashboards/process/", asked).content.decode())
    start = text.index("/evaluation/control-baselines/new?measure=incident_mttr")
    form = alice_browser.get(text[start : text.index('"', start)])
    assert form.status_code == 200
    assert 'value="2026-01-05"' in form.content.decode()
