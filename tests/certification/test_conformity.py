"""Conformity of any day: as it was found then, or computed now without pretending otherwise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from tests.certification.conftest import Evidence, incidents

from gnomon.certification.actions import run_checks
from gnomon.certification.clockwork import check_everything
from gnomon.certification.models import ConformityRun
from gnomon.certification.queries import assess, conformity, misdeclared_checks, moment_asked
from gnomon.certification.queries.conformity import NoRunThen
from gnomon.organization.actions import make_token
from gnomon.organization.models import Person
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.standard.plugs import Finding

SPRING = datetime(2026, 3, 31, 16, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def one(requirement: str, as_of: datetime | None = None) -> dict[str, object]:
    (found,) = conformity(as_of, requirement)
    return found


@pytest.mark.clause("9.1")
def test_one_object_a_requirement_tells_the_status_and_the_records_behind_it(evidence: Evidence) -> None:
    evidence.says("8.6.1-b", Finding(incidents(1, 100), late=incidents(3, 3), failed=incidents(1, 2)))
    found = one("8.6.1-b")
    assert found["requirement"] == "8.6.1-b"
    assert found["clause"] == "8.6.1"
    # 98 of 100 hold, and at least 98 % must
    assert found["status"] == "observation"
    assert (found["seen"], found["late"], found["failed"]) == (100, ["INC-000003"], ["INC-000001", "INC-000002"])
    assert found["because"] == "98 of 100 records hold (98 %). 2 failed, 1 was late."
    (check,) = found["checks"]  # type: ignore[misc]
    assert check["because"] == (
        "98 of 100 records hold (98 %). 2 failed, 1 was late. Demanded: at least 98 % of the records."
    )


def test_every_requirement_of_the_clause_is_there_in_the_order_of_the_standard(evidence: Evidence) -> None:
    assert [each["requirement"] for each in conformity(clause="8.6.1")] == [
        "8.6.1-a1", "8.6.1-a2", *(f"8.6.1-{letter}" for letter in "bcdefghijkl"),
    ]  # fmt: skip
    everything = conformity()
    assert len(everything) == 434
    assert {each["status"] for each in everything} == {"not_checked"}


def test_a_share_just_below_all_is_not_rounded_up(evidence: Evidence) -> None:
    evidence.says("8.6.1-e", Finding(incidents(1, 30_000), failed=incidents(1, 1)))
    # 29,999 of 30,000 is 99.9966… %
    assert "29,999 of 30,000 records hold (99.99 %)" in str(one("8.6.1-e")["because"])
    with translation.override("zh-hans"):
        assert one("8.6.1-e")["title"] == "事件按规定关闭。"


def test_records_that_only_a_supporting_check_saw_stay_out_of_the_requirements_counts(evidence: Evidence) -> None:
    evidence.says("8.6.1-d", Finding(incidents(1, 10)))
    evidence.says("8.6.1-d", Finding(incidents(1, 10), failed=incidents(1, 5)), rule=2)
    found = one("8.6.1-d")
    assert (found["status"], found["seen"], found["failed"]) == ("observation", 10, [])
    assert found["checks"][1]["failed"] == incidents(1, 5)  # type: ignore[index]


def test_now_is_computed_now_even_if_a_run_was_made_a_minute_ago(evidence: Evidence, mona: Person) -> None:
    evidence.says("8.6.1-e", Finding(incidents(1, 10)))
    run_checks(by=mona)
    evidence.says("8.6.1-e", Finding(incidents(1, 10), failed=incidents(1, 1)))
    assert (one("8.6.1-e")["status"], one("8.6.1-e")["run"]) == ("nonconforming", None)


def test_an_earlier_day_is_answered_by_the_run_made_for_it(evidence: Evidence, mona: Person) -> None:
    evidence.says("8.6.1-e", Finding(incidents(1, 10), failed=incidents(1, 1)))
    run = run_checks(SPRING - timedelta(hours=20), by=mona)
    evidence.says("8.6.1-e", Finding(incidents(1, 10)))
    found = one("8.6.1-e", SPRING)
    assert (found["status"], found["run"], found["failed"]) == ("nonconforming", run.number, ["INC-000001"])


def test_a_run_speaks_for_a_day_and_a_half_at_most(evidence: Evidence, mona: Person) -> None:
    evidence.says("8.6.1-e", Finding(incidents(1, 10), failed=incidents(1, 1)))
    run = run_checks(SPRING - timedelta(hours=36), by=mona)
    with pytest.raises(NoRunThen, match=f"{run.number}, is as of 2026-03-30T04:00:00.000Z: ask for that"):
        one("8.6.1-e", SPRING)
    assert one("8.6.1-e", SPRING - timedelta(seconds=1))["run"] == run.number


def test_a_run_of_another_clause_does_not_answer(evidence: Evidence, mona: Person) -> None:
    evidence.says("8.6.1-e", Finding(incidents(1, 10)))
    run_checks(SPRING, "8.7", by=mona)
    with pytest.raises(NoRunThen):
        one("8.6.1-e", SPRING)
    above = run_checks(SPRING, "8.6", by=mona)
    assert one("8.6.1-e", SPRING)["run"] == above.number


def test_an_earlier_day_without_a_run_is_not_computed_now(evidence: Evidence) -> None:
    evidence.says("8.6.1-e", Finding(incidents(1, 10)))
    with pytest.raises(NoRunThen, match=r"No run of the checks was made by 2026-03-31T16:00:00.000Z"):
        assess(SPRING, "8.6.1")
    assert evidence.asked == []
    assert not ConformityRun.objects.exists()


def program(person: Person, **facts: Any) -> Client:
    _token, secret = make_token(person, name="test", by=SYSTEM, **facts)
    return Client(headers={"Authorization": f"Bearer {secret}"})


def test_rest_answers_as_the_command_does(evidence: Evidence, mona: Person) -> None:
    monas = program(mona)
    evidence.says("8.6.1-e", Finding(incidents(1, 10), failed=incidents(1, 1)))
    run = run_checks(SPRING - timedelta(hours=2), by=mona)
    told = monas.get("/api/v1/conformity?as_of=2026-03-31&clause=8.6.1-e").json()
    assert (told["run"], told["made"]) == (run.number, "full")
    assert told["requirements"] == conformity(SPRING, "8.6.1-e")
    none = monas.get("/api/v1/conformity?as_of=2026-03-01")
    assert none.status_code == 422
    assert "No run of the checks was made by" in none.json()["detail"]
    assert monas.get("/api/v1/conformity?as_of=soon").status_code == 422
    assert monas.get("/api/v1/conformity?clause=11").status_code == 422


def test_eve_learns_nothing_by_rest(eve: Person) -> None:
    assert program(eve).get("/api/v1/conformity").status_code == 404


def test_a_token_without_the_scope_is_told_so_in_the_language_of_its_person(mona: Person) -> None:
    actions.change(mona, by=SYSTEM, language="zh-hans")
    refused = program(mona, scopes=["incident:read"]).get("/api/v1/conformity")
    assert refused.status_code == 403
    assert refused.json()["detail"] == "此令牌没有“conformity_run:read”范围。请生成含有该范围的令牌。"
    assert 'error="insufficient_scope", scope="conformity_run:read"' in refused["WWW-Authenticate"]


def test_the_future_is_now(evidence: Evidence) -> None:
    assert assess(datetime.now(UTC) + timedelta(days=9), "4.1").as_of <= datetime.now(UTC)


def test_a_day_means_its_end_here(settings: object) -> None:
    # Shanghai is eight hours ahead: 31 March ends there at 16:00 UTC
    assert moment_asked("2026-03-31") == SPRING
    assert moment_asked("2026-03-31T12:00:00+08:00") == datetime(2026, 3, 31, 4, tzinfo=UTC)
    assert moment_asked("2026-03-31T12:00") == datetime(2026, 3, 31, 4, tzinfo=UTC)
    with pytest.raises(ValueError, match="“last week” is no date; write it as 2026-01-31"):
        moment_asked("last week")


def test_the_nightly_job_may_run_twice_and_makes_one_run(evidence: Evidence) -> None:
    check_everything()
    check_everything()
    run = ConformityRun.objects.get()
    assert (run.clause, run.requirements.count()) == ("", 434)


def test_a_check_of_no_rule_is_named(evidence: Evidence) -> None:
    evidence.says("8.6.1-b", Finding(()))
    assert misdeclared_checks() == []
    evidence.says("8.6.1-b", Finding(()), rule=7)
    assert misdeclared_checks() == ["“8.6.1-b holds” decides 8.6.1-b/7, which is no rule of the catalogue."]


def test_all_checks_of_the_installed_apps_decide_rules_of_the_catalogue() -> None:
    assert misdeclared_checks() == []


def test_a_run_by_the_system_is_allowed(evidence: Evidence) -> None:
    assert run_checks(SPRING, "4.1", by=SYSTEM).number.startswith("RUN-")


def test_what_is_missing_is_told_apart_from_what_failed(evidence: Evidence) -> None:
    evidence.says("9.1-c", Finding(["MON-000001", "MON-000002"]))
    evidence.says("9.1-c", Finding(()), rule=2)
    assert one("9.1-c")["because"] == ("The 2 records seen hold, but others that the requirement asks for are missing.")
