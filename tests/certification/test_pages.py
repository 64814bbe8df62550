"""The board shows what the runs found, and every figure opens exactly what it counts."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from tests.certification.conftest import Evidence, incidents
from tests.makers import a_team
from tests.resolution.makers import an_incident

from gnomon.certification.actions import carry_out, run_checks, set_limits
from gnomon.certification.catalogue import Requirement, catalogue
from gnomon.certification.models import Checking, ConformityRun, Judgement, PlannedActivity, RuleLimit
from gnomon.certification.queries.board import Line
from gnomon.certification.verdicts import Reason, Status, Verdict
from gnomon.certification.views import board
from gnomon.organization.models import Person
from gnomon.records.actors import SYSTEM
from gnomon.standard.plugs import Finding

pytestmark = pytest.mark.django_db

BOARD = "/certification/"
PAGES = (BOARD, "/certification/clauses/8.6.1", "/certification/requirements/8.6.1-b")


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def words_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.fixture
def run(evidence: Evidence) -> ConformityRun:
    teams = [a_team(f"Team {name}").number for name in "ABC"]
    evidence.says("8.6.1-b", Finding([*teams, "SLA-000001/respond"], late=teams[:1], failed=teams[1:]))
    evidence.says("8.6.1-e", Finding(incidents(1, 10)))
    evidence.says("8.6.1-i", Finding(()))
    evidence.says("8.6.1-l", ZeroDivisionError("nothing to divide"))
    return run_checks(by=SYSTEM)


def test_before_the_first_run_the_board_says_so(evidence: Evidence, dave_browser: Client) -> None:
    for address in PAGES[:2]:
        assert "Nothing has been checked yet" in text_of(dave_browser, address)
    assert "No run has looked at this requirement yet." in text_of(dave_browser, PAGES[2])


def test_the_board_maps_every_requirement_with_its_verdict(run: ConformityRun, dave_browser: Client) -> None:
    page = text_of(dave_browser, BOARD)
    assert page.count('class="cell c-') == 434
    assert page.count('class="cell c-not_checked"') == 430
    for status in ("conforming", "nonconforming", "not_applicable", "error"):
        assert page.count(f'class="cell c-{status}"') == 1
    words = words_of(page)
    assert "Not ready, because" in words
    assert "1 requirement is nonconforming" in words
    # 430 less the two that are a note and information, on which readiness never hangs
    assert "428 requirements are not checked" in words


def test_the_product_never_calls_anybody_certified_or_compliant(run: ConformityRun, dave_browser: Client) -> None:
    for address in PAGES:
        words = words_of(text_of(dave_browser, address)).lower()
        assert "compliant" not in words
        assert "certified" not in words


@pytest.mark.parametrize("part", ["seen", "late", "failed"])
@pytest.mark.parametrize("rule", [0, 1])
def test_a_figure_and_the_list_that_it_opens_agree(
    run: ConformityRun, dave_browser: Client, part: str, rule: int
) -> None:
    address = f"/certification/runs/{run.number}/8.6.1-b/{rule}/{part}"
    source = "/certification/clauses/8.6.1" if rule == 0 else "/certification/requirements/8.6.1-b"
    figure = re.search(rf'href="{address}">\s*(\d+)', text_of(dave_browser, source))
    assert figure is not None
    listed = text_of(dave_browser, address)
    assert listed.count('class="list-first"') == int(figure[1]) == {"seen": 4, "late": 1, "failed": 2}[part]


def test_the_list_leads_to_the_records(run: ConformityRun, dave_browser: Client) -> None:
    listed = text_of(dave_browser, f"/certification/runs/{run.number}/8.6.1-b/1/failed")
    assert re.search(r'href="/organization/teams/TEAM-\d+">TEAM-\d+</a>', listed)
    assert "Team B" in listed


def test_a_long_list_is_paged_and_counts_all(evidence: Evidence, dave_browser: Client) -> None:
    evidence.says("8.6.1-e", Finding(incidents(1, 250)))
    run = run_checks(by=SYSTEM)
    first = text_of(dave_browser, f"/certification/runs/{run.number}/8.6.1-e/1/seen")
    last = text_of(dave_browser, f"/certification/runs/{run.number}/8.6.1-e/1/seen?page=3")
    assert "Records seen: 250" in words_of(first)
    assert (first.count('class="list-first"'), last.count('class="list-first"')) == (100, 50)
    assert "INC-000250" in last


@pytest.mark.parametrize("place", ["8.6.1-b/7/seen", "8.6.1-b/1/guessed", "8.6.1-z/1/seen", "8.6.1-z/0/seen"])
def test_a_count_that_was_never_made_has_no_list(run: ConformityRun, dave_browser: Client, place: str) -> None:
    assert dave_browser.get(f"/certification/runs/{run.number}/{place}").status_code == 404


def test_eve_bob_and_carol_cannot_learn_what_the_records_prove(
    run: ConformityRun, eve_browser: Client, bob_browser: Client, carol_browser: Client, nobody_browser: Client
) -> None:
    addresses = [*PAGES, f"/certification/runs/{run.number}/8.6.1-b/1/seen"]
    for browser in (eve_browser, bob_browser, carol_browser):
        assert {browser.get(address).status_code for address in addresses} == {404}
        assert browser.post("/certification/check").status_code == 404
    assert nobody_browser.get(BOARD).status_code in {302, 401}
    assert ConformityRun.objects.count() == 1


def test_check_now_makes_a_run_and_shows_it(evidence: Evidence, mona: Person, mona_browser: Client) -> None:
    evidence.says("8.6.1-e", Finding(incidents(1, 10)))
    answer = mona_browser.post("/certification/check", {"clause": "8.6.1"})
    assert not ConformityRun.objects.exists()
    page = text_of(mona_browser, answer["Location"])
    assert "The run waits for a worker." in page
    carry_out(Checking.objects.get().pk)
    run = ConformityRun.objects.get()
    assert mona_browser.get(answer["Location"])["Location"] == "/certification/clauses/8.6.1"
    part = mona_browser.get(answer["Location"], headers={"HX-Request": "true", "HX-Target": "checking"})
    assert part["HX-Redirect"] == "/certification/clauses/8.6.1"
    assert (run.clause, run.as_of <= datetime.now(UTC)) == ("8.6.1", True)
    assert "All 10 records seen hold." in words_of(text_of(mona_browser, "/certification/clauses/8.6.1"))


def test_an_earlier_day_can_be_checked_and_is_shown_as_such(evidence: Evidence, mona_browser: Client) -> None:
    asked = mona_browser.post("/certification/check", {"as_of": "2026-03-31"})
    carry_out(Checking.objects.get().pk)
    run = ConformityRun.objects.get()
    assert run.as_of == datetime(2026, 3, 31, 16, tzinfo=UTC)
    assert mona_browser.get(asked["Location"])["Location"] == f"/certification/?run={run.number}"
    assert "No check was run by then" in text_of(mona_browser, "/certification/?as_of=2026-03-30")
    assert run.number in text_of(mona_browser, "/certification/?as_of=2026-04-02")
    assert mona_browser.get("/certification/?as_of=whenever").status_code == 404
    assert mona_browser.get("/certification/?run=RUN-999999").status_code == 404


def test_a_nonsense_clause_is_refused_in_a_sentence(mona_browser: Client) -> None:
    answer = mona_browser.post("/certification/check", {"clause": "12"}, follow=True)
    assert "Nothing was checked: choose a day and a clause of the standard." in answer.content.decode()
    assert mona_browser.get("/certification/clauses/12").status_code == 404
    assert mona_browser.get("/certification/requirements/8.6.1-zz").status_code == 404


def test_alice_may_look_but_not_run_or_judge(run: ConformityRun, alice_browser: Client) -> None:
    page = text_of(alice_browser, "/certification/requirements/8.6.1-l")
    assert "Check now" not in page
    assert "Keep this judgement" not in page
    assert alice_browser.post("/certification/check").status_code == 403
    asked = {"verdict": "conforming", "reason": "Why not."}
    assert alice_browser.post("/certification/requirements/8.6.1-l/judge", asked).status_code == 403


@pytest.mark.parametrize("address", [f"/certification/clauses/{top}" for top in (4, 8, "8.6", "8.5.1.3", 10)])
def test_every_clause_has_its_page(run: ConformityRun, dave_browser: Client, address: str) -> None:
    text_of(dave_browser, address)


def test_a_requirement_page_tells_how_it_is_proved_in_both_languages(
    run: ConformityRun, dave: Person, dave_browser: Client
) -> None:
    page = text_of(dave_browser, "/certification/requirements/8.6.1-b")
    assert "<code>impact</code>" in page
    words = words_of(page)
    assert "2 of 4 records hold (50 %). 2 failed, 1 was late. Demanded: at least 98 % of the records." in words
    assert "30 minutes" in words
    assert "Every incident given the same priority" in words

    type(dave).objects.filter(pk=dave.pk).update(language="zh-hans")
    page = text_of(dave_browser, "/certification/requirements/8.6.1-b")
    assert "事件谁先谁后，看影响多大、有多急。" in page
    assert "所有事件优先级相同" in page


def test_an_error_is_shown_with_what_the_check_said(run: ConformityRun, dave_browser: Client) -> None:
    words = words_of(text_of(dave_browser, "/certification/requirements/8.6.1-l"))
    assert "The check failed to run: ZeroDivisionError: nothing to divide." in words


def test_script_in_an_error_stays_words(evidence: Evidence, dave_browser: Client) -> None:
    evidence.says("8.6.1-b", ValueError("<script>alert(1)</script>"))
    run_checks(by=SYSTEM)
    page = text_of(dave_browser, "/certification/requirements/8.6.1-b")
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_dave_judges_on_the_page_and_the_board_follows(evidence: Evidence, dave_browser: Client) -> None:
    evidence.says("8.6.1-l", Finding(["INC-000007"]))
    address = "/certification/requirements/8.6.1-l"
    refused = dave_browser.post(f"{address}/judge", {"verdict": "conforming", "reason": ""})
    assert refused.status_code == 422
    assert not Judgement.objects.exists()

    answer = dave_browser.post(f"{address}/judge", {"verdict": "conforming", "reason": "Read it."}, follow=True)
    judgement = Judgement.objects.get()
    assert f"8.6.1-l was judged in {judgement.number}." in words_of(answer.content.decode())
    assert 'class="cell c-conforming"' in text_of(dave_browser, BOARD)


def test_mona_sets_limits_and_intervals_on_the_page(
    evidence: Evidence, mona_browser: Client, dave_browser: Client
) -> None:
    address = "/certification/requirements/8.6.1-b/limits/1"
    asked = {"value_0": "45", "share": "95", "because": "Agreed."}
    assert dave_browser.post(address, asked).status_code == 403
    assert mona_browser.post(address, asked).status_code == 302
    limit = RuleLimit.objects.get()
    assert (limit.requirement, limit.rule, limit.values, limit.share) == ("8.6.1-b", 1, [45.0], 95)

    refused = mona_browser.post(address, {**asked, "value_0": "-1"}, follow=True)
    assert "Limit (minutes): Ensure this value is greater than" in words_of(refused.content.decode())
    assert mona_browser.post("/certification/requirements/8.6.1-b/limits/9", asked).status_code == 404

    mona_browser.post("/certification/requirements/8.3.3-a/interval", {"days": "60", "tolerance_days": "5"})
    plan = PlannedActivity.objects.get()
    assert (plan.activity, plan.days, plan.tolerance_days) == ("sla_review", 60, 5)


def test_the_trend_shows_run_by_run(evidence: Evidence, mona: Person, dave_browser: Client) -> None:
    now = datetime.now(UTC)
    evidence.says("8.6.1-e", Finding(incidents(1, 10), failed=incidents(1, 1)))
    run_checks(now - timedelta(days=1), by=mona)
    evidence.says("8.6.1-e", Finding(incidents(1, 10)))
    run_checks(now, by=mona)
    page = text_of(dave_browser, "/certification/requirements/8.6.1-e")
    cells = re.findall(r'class="cell c-(\w+)" href="\?run=', page)
    assert cells == ["nonconforming", "conforming"]
    assert 'class="run-trend"' in text_of(dave_browser, BOARD)


def test_what_to_do_next_begins_with_the_worst(run: ConformityRun, dave_browser: Client) -> None:
    words = words_of(text_of(dave_browser, BOARD))
    to_do = words[words.index("What to do next") :]
    assert to_do.index("8.6.1-b") < to_do.index("8.6.1-l")
    assert "Open 2 records that break this: 8.6.1-b holds." in to_do
    assert "The check “8.6.1-l holds” failed to run: have it mended." in to_do


def test_ready_is_said_only_when_every_binding_requirement_is_settled(
    run: ConformityRun, dave_browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled = [_line(requirement, Status.CONFORMING) for requirement in catalogue().requirements]
    # 4.2-c comes from a note: it is undetermined, and readiness does not hang on it
    settled[5] = _line(catalogue().requirement("4.2-c"), Status.UNDETERMINED)
    monkeypatch.setattr(board, "lines_of", lambda _run: settled)
    words = words_of(text_of(dave_browser, BOARD))
    assert "Not ready" not in words
    assert "Whether a certificate follows is for the certification body to decide." in words

    for status in (Status.NONCONFORMING, Status.ERROR, Status.UNDETERMINED, Status.NOT_CHECKED):
        settled[0] = _line(catalogue().requirement("4.1-a"), status)
        assert "Not ready, because" in text_of(dave_browser, BOARD)


def _line(requirement: Requirement, status: Status) -> Line:
    return Line(requirement, Verdict(status, Reason.HELD), seen=1, late=0, failed=0)


def test_pages_ask_the_database_a_fixed_number_of_questions(
    run: ConformityRun, dave_browser: Client, django_assert_max_num_queries: object
) -> None:
    for address in PAGES:
        with django_assert_max_num_queries(16):  # type: ignore[operator]
            dave_browser.get(address)


def test_limits_set_before_a_run_show_on_the_rule(evidence: Evidence, mona: Person, dave_browser: Client) -> None:
    evidence.says("8.6.1-b", Finding(incidents(1, 10)))
    set_limits("8.6.1-b", 1, by=mona, values=[45], share=90, because="Agreed.")
    run_checks(by=mona)
    words = words_of(text_of(dave_browser, "/certification/requirements/8.6.1-b"))
    assert "45 minutes" in words
    assert "at least 90 % of the records" in words


@pytest.mark.parametrize("binding", ["", "&binding=1"])
def test_the_count_of_a_verdict_opens_the_requirements_that_have_it(
    run: ConformityRun, dave_browser: Client, binding: str
) -> None:
    address = f"/certification/requirements?status=not_checked{binding}".replace("&", "&amp;")
    figure = re.search(rf'href="{re.escape(address)}">(\d+)', text_of(dave_browser, BOARD))
    assert figure is not None
    listed = text_of(dave_browser, address.replace("&amp;", "&"))
    assert listed.count('class="list-first"') == int(figure[1]) == (428 if binding else 430)


def test_pages_go_on_showing_the_run_that_was_asked_for(run: ConformityRun, mona: Person, dave_browser: Client) -> None:
    run_checks(by=mona)
    page = text_of(dave_browser, f"/certification/?run={run.number}")
    assert f'href="/certification/requirements/8.6.1-b?run={run.number}"' in page
    assert f'href="/certification/clauses/8.6.1?run={run.number}"' in page
    assert "?run=" not in text_of(dave_browser, BOARD)


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "1969-12-30", "0001-01-01T00:00:00+14:00"])
def test_a_day_where_no_record_can_lie_is_refused(mona_browser, day):
    assert mona_browser.get(BOARD, {"as_of": day}).status_code == 404
    assert mona_browser.post(f"{BOARD}check", {"as_of": day}).status_code == 302
    assert ConformityRun.objects.count() == 0


def test_a_record_leads_to_the_requirements_that_it_is_evidence_for(dave_browser):
    page = text_of(dave_browser, an_incident().get_absolute_url())
    assert 'href="/certification/requirements/8.6.1-b"' in page
    assert 'href=""' not in page
