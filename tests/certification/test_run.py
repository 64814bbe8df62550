"""A run freezes what the checks saw, and nothing that goes wrong makes it look better."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from tests.certification.conftest import Evidence, incidents

from gnomon.certification.actions import begin_operation, plan_activity, run_checks, set_limits
from gnomon.certification.models import CheckResult, ConformityRun, RequirementResult
from gnomon.certification.numbers import digest
from gnomon.certification.queries import altered_runs, is_whole, outcomes_of, results_of
from gnomon.certification.queries.stored import results_text, sealed_text
from gnomon.organization.models import Person
from gnomon.records.actors import SYSTEM
from gnomon.records.models import LedgerEntry
from gnomon.records.refusals import InvalidFacts, NotAllowed
from gnomon.standard.periods import Period
from gnomon.standard.plugs import Finding, Limit

NOON = datetime(2026, 3, 31, 12, tzinfo=UTC)
HUNDRED = incidents(1, 100)

pytestmark = pytest.mark.django_db


def status_of(run: ConformityRun, requirement: str) -> str:
    return run.requirements.get(requirement=requirement).status


@pytest.mark.clause("9.1")
def test_a_run_freezes_what_each_check_saw(evidence: Evidence, mona: Person) -> None:
    evidence.says("8.6.1-b", Finding(HUNDRED, late=incidents(1, 1), failed=incidents(2, 2)), version=3)
    run = run_checks(NOON, by=mona)

    result = run.checks.get(requirement="8.6.1-b", rule=1)
    assert (result.seen, result.late, result.failed) == (100, ["INC-000001"], ["INC-000002"])
    assert result.population == HUNDRED
    assert result.population_digest == digest(HUNDRED)
    assert result.check_version == 3
    assert Period(result.period_start, result.period_end) == Period.last(90, NOON)
    # 99 of 100 hold, and at least 98 % must
    assert (result.status, result.threshold) == ("observation", "≥98%")
    assert result.limits_used == (Limit(30, "minutes"),)
    assert run.edition == "iso-20000-1-2018"
    assert run.as_of == NOON


def test_a_run_judges_every_requirement_and_says_honestly_what_has_no_check(evidence: Evidence, mona: Person) -> None:
    evidence.says("8.6.1-b", Finding(HUNDRED))
    run = run_checks(NOON, by=mona)
    assert run.counts == {"conforming": 1, "not_checked": 433}
    assert sum(result.status == "not_checked" for result in results_of(run).values()) == 433


def test_a_clause_may_be_run_alone(evidence: Evidence, mona: Person) -> None:
    run = run_checks(NOON, "8.6.1", by=mona)
    assert (run.clause, run.requirements.count()) == ("8.6.1", 13)
    with pytest.raises(LookupError, match=r"no clause 11; name one from 4 to 10\.2"):
        run_checks(NOON, "11", by=mona)


def test_a_check_that_raises_is_an_error_and_hides_no_other(evidence: Evidence, mona: Person) -> None:
    evidence.says("8.6.1-b", ZeroDivisionError("a percentage of nothing"))
    evidence.says("8.6.1-e", Finding(HUNDRED))
    run = run_checks(NOON, by=mona)
    assert status_of(run, "8.6.1-b") == "error"
    assert run.checks.get(requirement="8.6.1-b").error == "ZeroDivisionError: a percentage of nothing"
    assert status_of(run, "8.6.1-e") == "conforming"


def test_a_check_whose_query_fails_leaves_the_transaction_usable(evidence: Evidence, mona: Person) -> None:
    def broken(_question: object) -> Finding:
        return Finding([str(row.pk) for row in CheckResult.objects.raw("SELECT * FROM no_such_table")])

    evidence.says("8.6.1-b", broken)
    assert status_of(run_checks(NOON, by=mona), "8.6.1-b") == "error"


def test_a_check_that_names_strangers_is_an_error(evidence: Evidence, mona: Person) -> None:
    evidence.says("8.6.1-b", Finding(HUNDRED, failed=["INC-000999"]))
    run = run_checks(NOON, by=mona)
    assert status_of(run, "8.6.1-b") == "error"
    assert "INC-000999, which is not among the records" in run.checks.get().error


def test_a_check_that_owes_groups_is_an_error(evidence: Evidence, mona: Person) -> None:
    evidence.says("9.1-a", Finding(["MON-000001"]))
    assert status_of(run_checks(NOON, by=mona), "9.1-a") == "error"
    evidence.says("9.1-a", Finding(["MON-000001"], groups={"sms": 1, "service": 0, "process": 0}))
    assert status_of(run_checks(NOON, by=mona), "9.1-a") == "nonconforming"


def test_checks_are_asked_with_window_and_limits(evidence: Evidence, mona: Person) -> None:
    evidence.says("8.6.1-j", Finding(()))
    run_checks(NOON, by=mona)
    ((_name, question),) = evidence.asked
    assert question.period == Period(datetime(2025, 3, 31, 12, tzinfo=UTC), NOON)
    assert (question.as_of, question.limits) == (NOON, (Limit(2, "hours"),))


def test_the_organization_sets_its_own_limits_from_a_moment_on(evidence: Evidence, mona: Person) -> None:
    evidence.says("8.6.1-b", Finding(HUNDRED, failed=incidents(1, 4)))
    set_limits("8.6.1-b", 1, by=mona, values=[60], share=95, at=NOON, because="Agreed with the desk.")

    # 96 of 100: enough for 95 %, too little for the catalogue's 98 %
    after, before = run_checks(NOON, by=mona), run_checks(NOON - timedelta(days=1), by=mona)
    assert (status_of(after, "8.6.1-b"), status_of(before, "8.6.1-b")) == ("observation", "nonconforming")
    assert [question.limits for _name, question in evidence.asked] == [(Limit(60, "minutes"),), (Limit(30, "minutes"),)]
    assert after.checks.get().threshold == "≥95%"


@pytest.mark.parametrize(
    ("requirement", "facts", "sentence"),
    [
        ("8.6.1-b", {"values": [1, 2]}, "This rule has 1 limits; give as many numbers."),
        ("8.6.1-b", {"values": [0]}, "A limit is a number above zero."),
        ("8.6.1-e", {"share": 90}, "the obligation leaves no share to set"),
        ("8.6.1-q", {"values": [1]}, "There is no rule 1 of 8.6.1-q."),
    ],
)
def test_limits_that_make_no_sense_are_refused(
    mona: Person, requirement: str, facts: dict[str, object], sentence: str
) -> None:
    with pytest.raises(InvalidFacts, match=sentence):
        set_limits(requirement, 1, by=mona, **facts)  # type: ignore[arg-type]


def test_an_interval_that_nobody_planned_is_an_observation_until_it_is(evidence: Evidence, mona: Person) -> None:
    evidence.says("8.3.3-b", Finding(["SLA-000001"]))
    assert status_of(run_checks(NOON, by=mona), "8.3.3-b") == "observation"
    # the catalogue's default for the review of service levels: 30 days and 10 of tolerance
    assert evidence.asked[-1][1].period == Period.last(40, NOON)

    plan_activity("sla_review", 90, tolerance_days=5, by=mona, at=NOON - timedelta(days=1))
    assert status_of(run_checks(NOON, by=mona), "8.3.3-b") == "conforming"
    assert evidence.asked[-1][1].period == Period.last(95, NOON)


def test_before_the_first_interval_has_ended_nothing_recurring_is_due(evidence: Evidence, mona: Person) -> None:
    evidence.says("9.1-e", Finding(()))
    assert status_of(run_checks(NOON, by=mona), "9.1-e") == "nonconforming"
    begin_operation(NOON - timedelta(days=100), by=mona)
    assert status_of(run_checks(NOON, by=mona), "9.1-e") == "undetermined"
    assert evidence.asked[-1][1].period == Period.last(100, NOON)


def test_what_is_stored_reads_back_as_it_was_computed(evidence: Evidence, mona: Person) -> None:
    evidence.says("8.6.1-a1", Finding(HUNDRED, failed=incidents(5, 6)))
    evidence.says("8.6.1-a1", Finding(["CON-000001", "CON-000002"], late=["CON-000002"]), rule=2)
    run = run_checks(NOON, "8.6.1", by=mona)
    outcome = outcomes_of(run, "8.6.1-a1")[0]
    assert (len(outcome.population), outcome.late, outcome.failed) == (102, ["CON-000002"], incidents(5, 6))
    # the third rule, on monitoring events, has no check: what was checked holds, yet nothing is proven
    assert (outcome.verdict.status, outcome.verdict.reason) == ("undetermined", "not_all_checked")
    result = run.requirements.get(requirement="8.6.1-a1")
    assert (result.seen, result.late_count, result.failed_count) == (102, 1, 2)


def test_results_are_sealed_by_the_ledger(evidence: Evidence, mona: Person) -> None:
    evidence.says("8.6.1-b", Finding(HUNDRED, failed=incidents(1, 1)))
    run = run_checks(NOON, by=mona)
    entry = LedgerEntry.objects.get(number=run.number)
    assert (entry.actor, entry.changes["digest"]) == (mona.number, [None, run.digest])
    assert is_whole(ConformityRun.objects.get(pk=run.pk))

    with connection.cursor() as cursor:
        cursor.execute("UPDATE certification_requirementresult SET status = 'conforming' WHERE status = 'observation'")
    assert altered_runs() == [run.number]


def test_results_are_never_changed_or_deleted(evidence: Evidence, mona: Person) -> None:
    evidence.says("8.6.1-b", Finding(HUNDRED))
    result = run_checks(NOON, by=mona).checks.get()
    with pytest.raises(TypeError, match="is evidence and is never changed"):
        result.save()
    with pytest.raises(TypeError, match="is evidence and is never changed"):
        RequirementResult.objects.update(status="conforming")
    for written in (result, CheckResult.objects.all()):
        with pytest.raises(TypeError, match="is evidence and is never deleted"):
            written.delete()


def test_only_those_who_answer_for_conformity_may_run_the_checks(bob: Person, eve: Person) -> None:
    for person in (bob, eve):
        with pytest.raises(NotAllowed):
            run_checks(NOON, by=person)
    assert run_checks(NOON, "4.1", by=SYSTEM).requirements.count() == 3


def test_a_run_is_not_made_by_hand(mona: Person) -> None:
    from gnomon.certification.kinds import CONFORMITY_RUN
    from gnomon.records.actions import record

    with pytest.raises(InvalidFacts, match="A run is made by “Check now” on the conformity board, not by hand"):
        record(CONFORMITY_RUN, by=mona, title="All is well")


def test_a_run_sealed_before_questions_were_counted_still_holds(evidence: Evidence, mona: Person) -> None:
    """Then the digest told nothing of how many records were asked about again; it is taken as it was taken then."""
    evidence.says("8.6.1-b", Finding(HUNDRED))
    run = run_checks(NOON, by=mona)
    assert json.loads(sealed_text(run))[0][-1] is None  # asked about all
    of_then = results_text(run.checks.all(), run.requirements.all(), asked=False)
    run.digest = hashlib.sha256(of_then.encode()).hexdigest()
    assert is_whole(run)
    assert sealed_text(run) == of_then
    with connection.cursor() as cursor:
        cursor.execute("UPDATE certification_checkresult SET failed_digest = 'x'")
    assert not is_whole(run)
