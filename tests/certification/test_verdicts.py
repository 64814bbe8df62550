"""Verdicts follow the semantics, and nothing unproven ever shows as conforming."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnomon.certification.catalogue import EvidenceRule, Requirement, Words, catalogue
from gnomon.certification.verdicts import (
    Checked,
    Due,
    FindingUnsound,
    Reason,
    Status,
    Verdict,
    check_verdict,
    requirement_verdict,
    sound,
)
from gnomon.standard.plugs import Finding

RULE = EvidenceRule(
    requirement="8.6.1-b", position=1, source="incident", says=Words("It holds", "成立"), population="incidents",
    window="rolling 90 days", threshold="≥98%", on_empty="undetermined", weight="deciding",
)  # fmt: skip
SUPPORTING = replace(RULE, position=2, weight="supporting")
AUTOMATIC = Requirement(
    id="8.6.1-b", ref="8.6.1 b)", clause="8.6.1", text=Words("Do it.", "做。"), kind="activity", documented=False,
    frequency="continuous", level="automatic", rules=(RULE,),
)  # fmt: skip
ASSISTED = replace(AUTOMATIC, level="assisted")
HUNDRED = [f"INC-{counter:06d}" for counter in range(1, 101)]

statuses = st.sampled_from(list(Status))
checks = st.builds(Checked, st.sampled_from([RULE, SUPPORTING]), statuses)
requirements = st.sampled_from([AUTOMATIC, ASSISTED, replace(AUTOMATIC, basis="note")])
judgements = st.sampled_from([None, Status.CONFORMING, Status.OBSERVATION, Status.NONCONFORMING])
rules = st.sampled_from(list(catalogue().rules.values()))


# --- one check --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("late", "failed", "expected"),
    [
        (0, 0, Verdict(Status.CONFORMING, Reason.HELD)),
        (5, 0, Verdict(Status.OBSERVATION, Reason.DEVIATED)),
        # 98 of 100 hold
        (0, 2, Verdict(Status.OBSERVATION, Reason.DEVIATED)),
        (0, 3, Verdict(Status.NONCONFORMING, Reason.MISSED)),
    ],
)
def test_a_check_is_judged_by_its_threshold(late: int, failed: int, expected: Verdict) -> None:
    finding = Finding(HUNDRED, late=HUNDRED[50 : 50 + late], failed=HUNDRED[:failed])
    assert check_verdict(finding, RULE) == expected


@pytest.mark.parametrize("empty", ["nonconforming", "not_applicable", "undetermined"])
def test_a_part_of_what_a_rule_asks_for_can_break_it_and_never_proves_it(empty: str) -> None:
    rule = replace(RULE, threshold="100%", on_empty=empty)
    in_part = Verdict(Status.UNDETERMINED, Reason.IN_PART)
    assert check_verdict(Finding(HUNDRED, whole=False), rule) == in_part
    assert check_verdict(Finding(HUNDRED, late=HUNDRED[:3], whole=False), rule) == in_part
    assert check_verdict(Finding([], whole=False), rule) == in_part
    assert check_verdict(Finding(HUNDRED, failed=HUNDRED[:1], whole=False), rule) == Verdict(
        Status.NONCONFORMING, Reason.MISSED
    )


def test_the_organization_may_set_the_share() -> None:
    finding = Finding(HUNDRED, failed=HUNDRED[:3])
    assert check_verdict(finding, RULE, threshold="≥95%").status is Status.OBSERVATION


@pytest.mark.parametrize("on_empty", ["nonconforming", "not_applicable", "undetermined"])
def test_an_empty_population_means_what_the_catalogue_says(on_empty: str) -> None:
    verdict = check_verdict(Finding(()), replace(RULE, on_empty=on_empty))  # type: ignore[arg-type]
    assert verdict == Verdict(Status(on_empty), Reason.EMPTY)


def test_a_source_that_is_not_connected_cannot_be_told() -> None:
    finding = Finding(HUNDRED, connected=False)
    assert check_verdict(finding, RULE) == Verdict(Status.UNDETERMINED, Reason.NOT_CONNECTED)


def test_before_the_first_interval_has_ended_absence_is_not_yet_due() -> None:
    young = Due(first_is_over=False)
    monthly = replace(RULE, window="planned interval", threshold="100%", on_empty="nonconforming")
    not_yet = Verdict(Status.UNDETERMINED, Reason.NOT_YET_DUE)
    assert check_verdict(Finding(()), monthly, due=young) == not_yet
    assert check_verdict(Finding(HUNDRED, failed=HUNDRED), monthly, due=young) == not_yet
    assert check_verdict(Finding(HUNDRED), monthly, due=young).status is Status.CONFORMING
    assert check_verdict(Finding(()), monthly).status is Status.NONCONFORMING


def test_a_wrong_record_in_the_first_year_is_wrong_all_the_same() -> None:
    young, quarterly = Due(first_is_over=False), replace(RULE, window="12 months", threshold="≥4")
    assert check_verdict(Finding(HUNDRED[:3]), quarterly, due=young).reason is Reason.NOT_YET_DUE
    assert check_verdict(Finding(HUNDRED[:3], failed=HUNDRED[:1]), quarterly, due=young).reason is Reason.MISSED


def test_an_interval_that_nobody_planned_is_an_observation() -> None:
    verdict = check_verdict(Finding(HUNDRED), RULE, due=Due(planned=False))
    assert verdict == Verdict(Status.OBSERVATION, Reason.INTERVAL_UNPLANNED)


def test_a_finding_may_not_name_records_that_it_did_not_look_at() -> None:
    with pytest.raises(FindingUnsound, match="INC-999999, which is not among the records"):
        sound(Finding(HUNDRED, failed=["INC-999999"]))


def test_a_record_that_failed_is_not_also_late() -> None:
    finding = sound(Finding([*HUNDRED, *HUNDRED], late=HUNDRED[:2], failed=HUNDRED[1:2]))
    assert (finding.seen, finding.late, finding.failed) == (100, HUNDRED[:1], HUNDRED[1:2])


@settings(max_examples=60)
@given(rules, st.booleans(), st.builds(Due, st.booleans(), st.booleans()))
def test_nothing_seen_is_never_conforming(rule: EvidenceRule, connected: bool, due: Due) -> None:
    assert not check_verdict(Finding((), connected=connected), rule, due=due).status.proven


@settings(max_examples=60)
@given(rules, st.integers(1, 30), st.data())
def test_conforming_means_that_no_record_was_late_or_failed(rule: EvidenceRule, seen: int, data: st.DataObject) -> None:
    late = data.draw(st.integers(0, seen))
    failed = data.draw(st.integers(0, seen - late))
    finding = Finding(HUNDRED[:seen], HUNDRED[:late], HUNDRED[late : late + failed], groups={"all": seen - failed})
    if check_verdict(finding, rule).status is Status.CONFORMING:
        assert late == failed == 0


# --- one requirement --------------------------------------------------------------------------


def verdict_of(
    *given_checks: tuple[EvidenceRule, Status], of: Requirement = AUTOMATIC, judged: Status | None = None
) -> Verdict:
    return requirement_verdict(of, [Checked(rule, status) for rule, status in given_checks], judged=judged)


def test_a_requirement_without_any_check_is_not_checked() -> None:
    nothing = Verdict(Status.NOT_CHECKED, Reason.NO_CHECK)
    assert verdict_of((RULE, Status.NOT_CHECKED), (RULE, Status.NOT_CHECKED)) == nothing
    # what merely supports does not prove the obligation
    assert verdict_of((RULE, Status.NOT_CHECKED), (SUPPORTING, Status.CONFORMING)) == nothing


def test_a_deciding_rule_without_a_check_leaves_the_requirement_unproven() -> None:
    verdict = verdict_of((RULE, Status.CONFORMING), (RULE, Status.NOT_CHECKED))
    assert verdict == Verdict(Status.UNDETERMINED, Reason.NOT_ALL_CHECKED)


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([Status.CONFORMING], Status.CONFORMING),
        ([Status.NOT_APPLICABLE], Status.CONFORMING),
        ([Status.OBSERVATION], Status.OBSERVATION),
        ([Status.UNDETERMINED, Status.OBSERVATION], Status.UNDETERMINED),
        ([Status.ERROR, Status.UNDETERMINED], Status.ERROR),
        ([Status.NONCONFORMING, Status.ERROR, Status.NOT_CHECKED], Status.NONCONFORMING),
    ],
)
def test_the_worst_deciding_check_decides(others: list[Status], expected: Status) -> None:
    given_checks = [(RULE, Status.CONFORMING), *((RULE, status) for status in others)]
    assert verdict_of(*given_checks).status is expected


def test_all_deciding_checks_not_applicable_make_the_requirement_so() -> None:
    assert verdict_of((RULE, Status.NOT_APPLICABLE)).status is Status.NOT_APPLICABLE
    # a failed proxy does not turn "no such event" into a claim of conformity
    assert verdict_of((RULE, Status.NOT_APPLICABLE), (SUPPORTING, Status.NONCONFORMING)).status is Status.NOT_APPLICABLE


def test_a_failed_supporting_check_is_an_observation_only() -> None:
    assert verdict_of((RULE, Status.CONFORMING), (SUPPORTING, Status.NONCONFORMING)).status is Status.OBSERVATION
    assert verdict_of((RULE, Status.CONFORMING), (SUPPORTING, Status.ERROR)).status is Status.OBSERVATION
    assert verdict_of((RULE, Status.CONFORMING), (SUPPORTING, Status.UNDETERMINED)).status is Status.CONFORMING


def test_what_a_person_must_judge_waits_for_the_judgement() -> None:
    held = (RULE, Status.CONFORMING)
    assert verdict_of(held, of=ASSISTED) == Verdict(Status.UNDETERMINED, Reason.JUDGEMENT_DUE)
    assert verdict_of(held, of=ASSISTED, judged=Status.CONFORMING).status is Status.CONFORMING
    assert verdict_of(held, of=ASSISTED, judged=Status.OBSERVATION).status is Status.OBSERVATION
    assert verdict_of(held, of=ASSISTED, judged=Status.NONCONFORMING).status is Status.NONCONFORMING
    # a kind word does not mend failed records
    failed = (RULE, Status.NONCONFORMING)
    assert verdict_of(failed, of=ASSISTED, judged=Status.CONFORMING).status is Status.NONCONFORMING


def test_a_note_is_never_a_ground_of_nonconformity() -> None:
    note = replace(AUTOMATIC, basis="note")
    assert verdict_of((RULE, Status.NONCONFORMING), of=note) == Verdict(Status.UNDETERMINED, Reason.NO_GROUND)


@settings(max_examples=100)
@given(requirements, st.lists(checks), judgements)
def test_adding_a_failed_deciding_check_never_improves(
    requirement: Requirement, before: list[Checked], judged: Status | None
) -> None:
    after = requirement_verdict(requirement, [*before, Checked(RULE, Status.NONCONFORMING)], judged=judged)
    assert after.status is (Status.NONCONFORMING if requirement.binds else Status.UNDETERMINED)


@settings(max_examples=150)
@given(requirements, st.lists(checks), judgements)
def test_what_is_not_proven_never_shows_as_met(
    requirement: Requirement, given_checks: list[Checked], judged: Status | None
) -> None:
    verdict = requirement_verdict(requirement, given_checks, judged=judged)
    deciding = {each.status for each in given_checks if each.rule.decides}
    if verdict.status.proven:
        assert deciding <= {Status.CONFORMING, Status.OBSERVATION, Status.NOT_APPLICABLE} or not deciding
        seen = deciding or {each.status for each in given_checks}
        assert seen & {Status.CONFORMING, Status.OBSERVATION}
        assert requirement.level == "automatic" or judged is not None


@settings(max_examples=100)
@given(requirements, st.lists(checks), judgements, st.randoms())
def test_the_order_of_checks_does_not_matter(
    requirement: Requirement, given_checks: list[Checked], judged: Status | None, chance: object
) -> None:
    shuffled = list(given_checks)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert requirement_verdict(requirement, shuffled, judged=judged) == requirement_verdict(
        requirement, given_checks, judged=judged
    )
