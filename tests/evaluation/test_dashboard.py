"""The dashboards: the frame that they share, to whom each is shown, of which period, and at what cost."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from tests.conftest import SignIn
from tests.evaluation.conftest import BEGIN, make_mixed_year
from tests.resolution.stage import an_incident, resolve

from gnomon.evaluation.actions import amend_tallies
from gnomon.evaluation.boards.sheet import Control, Graph
from gnomon.evaluation.choices import PERIODS, Choice, choice
from gnomon.evaluation.queries.dashboard import READ, board, periods_of, span_of_records
from gnomon.evaluation.queries.measures import evaluate, measure_named
from gnomon.evaluation.queries.sources import Sources
from gnomon.organization.actions import change_own_settings
from gnomon.organization.models import Person
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named
from gnomon.records.listing import Listing
from gnomon.ui.charts import Band, Chart, Series

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 15, 3, 30, tzinfo=UTC)
ADDRESSES = {name: f"/evaluation/dashboards/{name}/" for name in ("desk", "process", "service", "management")}
PROCESS = ADDRESSES["process"]
TITLES = {
    "desk": ("Desk, now", "服务台现况"), "process": ("Process", "过程"), "service": ("Service", "服务"),
    "management": ("Management", "管理层"),
}  # fmt: skip
# Session, person, span of records; then what the board reads, and the choices of the form.
QUERIES = {"desk": 17, "process": 45, "service": 31, "management": 18}
NARROWED = {
    "process": {"team": "XT-1", "priority": "2"}, "service": {"service": "XS-0", "customer": "XC-1"},
    "desk": {"team": "XT-1", "service": "XS-0"},
}  # fmt: skip
NARROWED_QUERIES = {"process": 17, "service": 19, "desk": 21}
# PostgreSQL is asked, too, up to which entry and beside whom nothing can come to stand any more.
SETTLING = 2 if connection.vendor == "postgresql" else 0
ASKED: list[dict[str, str]] = [
    {"period": "all"},
    {"period": "30"},
    {"period": "month"},
    {"period": "custom", "from": "2026-02-10", "to": "2026-07-20"},
    {"period": "custom", "from": "2026-03-01", "to": "2026-03-10", "priority": "1"},
    {"period": "all", "service": "XS-0", "team": "none"},
]


def chosen(asked: dict[str, str]) -> Any:
    first, newest = span_of_records()
    return choice(asked, first=first, newest=newest, now=NOW)


def sources_of(a_choice: Choice) -> Sources:
    return Sources([measure_named(name) for name in READ], periods_of(a_choice), a_choice.within, NOW)


def counted_by_list(url: str) -> int:
    return Listing(kind_named("incident"), SYSTEM, parse_qs(urlsplit(url).query, strict_parsing=True)).count()


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_what_is_read_together_is_what_each_measure_says_alone(asked: dict[str, str]) -> None:
    make_mixed_year()
    a_choice = chosen(asked)
    found = board(a_choice, sources_of(a_choice))
    for reading in found.readings:
        alone = evaluate(reading.measure.name, a_choice.period, within=a_choice.within, now=NOW)
        assert reading.figure == alone.figure, reading.measure.name
        assert reading.url == alone.url
    steps = evaluate("incident_mttr", a_choice.period, a_choice.step, within=a_choice.within, now=NOW)
    assert list(found.time_to_resolve) == list(steps.groups)
    priorities = evaluate("incident_sla", a_choice.period, "priority", within=a_choice.within, now=NOW)
    assert list(found.ours["priority"]) == list(priorities.groups)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("name", ADDRESSES)
def test_the_page_opens_in_both_languages_for_every_period(
    bob: Person, sign_in: SignIn, language: str, name: str
) -> None:
    make_mixed_year(60)
    bob.roles = ["agent", "sms_manager"]
    bob.save(update_fields=["roles"])
    change_own_settings(bob, language=language)
    for period in [*PERIODS, ""]:
        opened = sign_in(bob).get(ADDRESSES[name], {"period": period, "from": "2026-02-01", "to": "2026-05-01"})
        assert opened.status_code == 200
        text = opened.content.decode()
        assert TITLES[name][language != "en"] in text
        assert text.count('class="tile') >= 8 or name == "management"
        assert "<figure" in text


def test_every_link_of_the_page_opens(bob_browser: Client) -> None:
    make_mixed_year(60)
    page = bob_browser.get(PROCESS, {"period": "custom", "from": "2026-02-01", "to": "2026-03-01"})
    text = page.content.decode()
    links = {unescape(link) for link in re.findall(r'href="(/resolution/incidents/\?[^"]+)"', text)}
    assert len(links) > 40
    for link in links:
        counted_by_list(link)
    for link in sorted(links)[::25]:
        assert bob_browser.get(link).status_code == 200


@pytest.mark.parametrize("name", ADDRESSES)
def test_the_number_of_queries_does_not_grow_with_the_records(bob: Person, bob_browser: Client, name: str) -> None:
    bob.roles = ["agent", "sms_manager"]
    bob.save(update_fields=["roles"])
    some = make_mixed_year(40)
    queries_of_the_page(bob_browser, name)  # looks up what levels are called
    few = queries_of_the_page(bob_browser, name)
    for at, one in enumerate(some * 4):
        one.pk, one.number = None, f"INC-9{at:05d}"
        one.save(force_insert=True)
    assert [few, queries_of_the_page(bob_browser, name)] == [QUERIES[name] + SETTLING] * 2


@pytest.mark.parametrize("name", NARROWED)
def test_narrowed_pages_ask_as_often_however_many_records_were_counted(
    bob: Person, bob_browser: Client, name: str
) -> None:
    bob.roles = ["agent", "sms_manager"]
    bob.save(update_fields=["roles"])
    some = make_mixed_year(40)
    found = []
    for turn in range(2):
        amend_tallies(anew=True)
        queries_of_the_page(bob_browser, name, **NARROWED[name])  # reads what was counted
        found.append(queries_of_the_page(bob_browser, name, **NARROWED[name]))
        for at, one in enumerate(some * 4):
            one.pk, one.number = None, f"INC-9{turn}{at:04d}"
            one.save(force_insert=True)
    assert found == [NARROWED_QUERIES[name] + SETTLING] * 2


def queries_of_the_page(browser: Client, name: str, **narrowed: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        answer = browser.get(ADDRESSES[name], {"period": "all", **(narrowed or {"service": "XS-0"})})
    assert answer.status_code == 200
    return len(seen)


def test_nobody_without_a_role_at_the_desk_learns_that_it_exists(
    carol_browser: Client, eve_browser: Client, nobody_browser: Client
) -> None:
    for address in ["/evaluation/", *ADDRESSES.values()]:
        assert carol_browser.get(address).status_code == 404
        assert eve_browser.get(address).status_code == 404
        assert nobody_browser.get(address).status_code == 302


def test_each_opens_the_dashboard_that_is_meant_for_them(
    bob_browser: Client, alice_browser: Client, dave_browser: Client
) -> None:
    for browser, name in ((bob_browser, "desk"), (alice_browser, "service"), (dave_browser, "management")):
        assert browser.get("/evaluation/", {"period": "all"})["Location"] == f"{ADDRESSES[name]}?period=all"
    # Management is not for the desk, and the desk's hurry not for auditors.
    assert bob_browser.get(ADDRESSES["management"]).status_code == 404
    assert dave_browser.get(ADDRESSES["desk"]).status_code == 404
    assert bob_browser.get("/evaluation/dashboards/nonsense/").status_code == 404


def test_switching_keeps_the_period_and_the_narrowing(alice_browser: Client) -> None:
    make_mixed_year(20)
    text = alice_browser.get(ADDRESSES["service"], {"period": "all", "service": "XS-0"}).content.decode()
    assert 'href="/evaluation/dashboards/process/?period=all&amp;service=XS-0"' in text


def test_an_empty_house_says_what_to_do(dave_browser: Client) -> None:
    for name in ("process", "service", "management"):
        text = dave_browser.get(ADDRESSES[name]).content.decode()
        assert "There are no incidents yet" in text
        assert "<figure" not in text


def test_an_empty_period_is_no_row_of_zeros(bob_browser: Client) -> None:
    make_mixed_year(20)
    page = bob_browser.get(PROCESS, {"period": "custom", "from": "2020-01-01", "to": "2020-02-01"})
    text = page.content.decode()
    assert "Nothing happened in this period" in text
    assert text.count("There are no figures for this yet.") >= 5


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"period": "custom", "from": "soon"}, "“soon” is no date"),
        ({"period": "custom", "from": "2026-05-01", "to": "2026-04-01"}, "The period ends before it starts."),
        ({"period": "custom"}, "Give the first or the last day of the period."),
    ],
)
def test_dates_that_make_no_sense_are_answered_in_a_sentence(
    bob_browser: Client, asked: dict[str, str], says: str
) -> None:
    make_mixed_year(20)
    page = bob_browser.get(PROCESS, asked)
    assert page.status_code == 200
    assert says in unescape(page.content.decode())


def test_the_desk_is_asked_cheaply_whether_anything_is_new(bob_browser: Client) -> None:
    an_incident("06-01 09:00")
    first = bob_browser.get(ADDRESSES["desk"])
    watching = {"HX-Request": "true", "HX-Target": "board", "If-None-Match": first["ETag"]}
    costs = []
    for _question in range(2):
        with CaptureQueriesContext(connection) as seen:
            assert bob_browser.get(ADDRESSES["desk"], headers=watching).status_code == 304
        costs.append(len(seen))
    # session, person and the newest entry; then, for whoever was let in a moment ago, the newest entry alone
    assert costs == [3, 1]
    an_incident("06-01 10:00")
    fresh = bob_browser.get(ADDRESSES["desk"], headers=watching)
    assert fresh.status_code == 200
    assert "<html" not in fresh.content.decode()
    assert fresh["ETag"] != first["ETag"]


def test_a_chart_is_drawn_once_for_all_that_it_shows_and_each_language() -> None:
    """A figure, a list behind it, a limit or a language that is another one is never shown as it was."""
    chart = Chart(
        measure_named("incidents_opened").title, ["May", "June"], [Series("opened", [1, 2], "1", ["/a", "/b"])]
    )
    graph = Graph(chart, "lines")
    drawn = graph.drawn
    assert Graph(replace(chart), "lines").drawn is drawn
    others = [
        replace(graph, form="bars"), replace(graph, chart=replace(chart, labels=["May", "July"])),
        replace(graph, chart=replace(chart, series=[replace(chart.series[0], urls=["/a", "/c"])])),
        replace(graph, chart=replace(chart, series=[replace(chart.series[0], values=[1, 2.5])])),
        replace(graph, form="control", control=Control([Band(0, 2, 1.5, None, 3.0, 1.0)], [None, 1], {})),
    ]  # fmt: skip
    assert len({drawn, *(one.drawn for one in others)}) == 6
    with translation.override("zh-hans"):
        assert "以表格显示" in graph.drawn
    assert graph.drawn is drawn


@pytest.mark.parametrize("asked", [{"service": "SVC-999999"}, {"priority": "9"}, {"period": "century"}])
def test_filters_of_nothing_show_nothing(bob_browser: Client, asked: dict[str, str]) -> None:
    make_mixed_year(20)
    assert bob_browser.get(PROCESS, asked).status_code == 200


@pytest.mark.parametrize("asked", [{"priority": "high"}, {"team": "' OR 1=1"}, {"service": "<script>"}])
def test_filters_that_are_nonsense_do_no_harm(bob_browser: Client, asked: dict[str, str]) -> None:
    page = bob_browser.get(PROCESS, asked)
    assert page.status_code in {200, 400, 422}
    assert "<script>alert" not in page.content.decode()


def test_the_last_days_end_where_the_records_end_when_that_is_long_ago(bob_browser: Client) -> None:
    old = resolve(an_incident("01-05 09:00"), "01-06 09:00")
    found = choice({}, first=old.opened_at, newest=old.resolved_at, now=NOW)
    # ninety whole days, the last of them 6 January in Shanghai
    assert [str(day) for day in found.days] == ["2025-10-09", "2026-01-06"]
    assert str(found.moved_to) == "2026-01-06"
    assert "The newest incident is of" in bob_browser.get(PROCESS).content.decode()
    fresh = choice({}, first=old.opened_at, newest=NOW - timedelta(days=29), now=NOW)
    assert (fresh.moved_to, str(fresh.days[1])) == (None, "2026-11-15")


def test_ninety_days_are_whole_days_and_the_period_before_is_as_long() -> None:
    found = choice({"period": "90"}, first=BEGIN, newest=NOW, now=NOW)
    assert found.period.length == timedelta(days=90)
    assert found.before.end == found.period.start
    assert found.before.length == found.period.length
    assert found.period.end == datetime(2026, 11, 15, 16, tzinfo=UTC)  # midnight in Shanghai


def test_htmx_gets_the_board_alone(bob_browser: Client) -> None:
    part = bob_browser.get(PROCESS, headers={"HX-Request": "true", "HX-Target": "board"}).content.decode()
    assert "<html" not in part
    assert "Every figure opens the list" in part


def test_the_list_behind_a_figure_says_in_words_what_it_holds(bob_browser: Client) -> None:
    an_incident("06-01 09:00")
    asked = {
        "open_at": "2026-06-30T16:00:00.000Z", "status.not": "cancelled", "opened_at.from": "2026-05-31T16:00:00.000Z",
    }  # fmt: skip
    page = bob_browser.get("/resolution/incidents/", asked)
    chips = {str(chip.title): str(chip.value) for chip in page.context["chips"]}
    # the first instant of July and of June where Bob is
    assert chips == {"Open at": "1 Jul, 00:00", "Status is not": "Cancelled", "Opened at from": "1 Jun, 00:00"}
