"""Catalogue, checks, attestation forms and board hold together, in both directions."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from tests.certification.conftest import Evidence

from gnomon.certification import pages
from gnomon.certification.actions import run_checks
from gnomon.certification.catalogue import catalogue
from gnomon.certification.forms import judge_form_for
from gnomon.certification.queries import declared_checks, misdeclared_checks
from gnomon.certification.queries.attestations import attestations
from gnomon.certification.sentences import next_step
from gnomon.certification.verdicts import Reason, Status, Verdict
from gnomon.organization.models import Person
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kinds
from gnomon.standard.clauses import clause_of

BOOK = catalogue()


def test_every_check_decides_a_rule_and_every_rule_is_checked_or_said_to_wait() -> None:
    assert misdeclared_checks() == []
    told = pages.pages(declared_checks())[pages.COVERAGE]
    rows = dict(re.findall(r"^\| (\S+) \| [^|]+ \| (\d+) of \d+[ ,]", told, flags=re.M))
    assert list(rows) == [requirement.id for requirement in BOOK.requirements]
    for requirement in BOOK.requirements:
        checked = sum(rule.name in declared_checks() for rule in requirement.rules)
        assert rows[requirement.id] == str(checked)


def test_what_is_checked_in_part_says_what_is_lacking_and_is_not_counted_as_checked() -> None:
    lacking = {name: check for name, check in declared_checks().items() if check.lacks}
    assert lacking
    told = pages.pages(declared_checks())[pages.COVERAGE]
    whole = declared_checks().keys() - lacking.keys()
    decided = sum(all(rule.name in whole for rule in each.rules if rule.decides) for each in BOOK.requirements)
    assert f"Every deciding rule of {decided} of {len(BOOK.requirements)} requirements" in told
    for name, check in lacking.items():
        # of a part, one failure decides only what all records must keep
        assert BOOK.rules[name].threshold == "100%"
        assert str(check.lacks) in told


def test_the_next_step_of_what_is_checked_in_part_names_what_is_lacking_alone() -> None:
    in_part = Verdict(Status.UNDETERMINED, Reason.IN_PART)
    step = next_step(BOOK.requirement("7.5.2-c"), in_part, failed=0, late=0)
    assert step == "Keep these records here, so that they can prove it: who reviewed a document before it was approved."


def test_checks_stand_in_the_app_of_a_clause_that_may_know_their_records() -> None:
    """A check is found where its records are: no app looks at a later clause."""
    for check in declared_checks().values():
        assert check.run.__module__.startswith("gnomon."), check.name
        assert clause_of(check.requirement) in BOOK.titles


def test_what_a_record_is_evidence_for_is_a_requirement_with_a_check_or_a_waiting_rule() -> None:
    for kind in kinds():
        for requirement in kind.requirements:
            BOOK.requirement(requirement)


@pytest.mark.django_db
def test_the_form_of_judgement_stands_exactly_where_a_person_must_judge(mona: Person) -> None:
    forms = {each.id: judge_form_for(each, mona) for each in BOOK.requirements}
    offered = {number for number, form in forms.items() if form is not None}
    assert offered == {each.id for each in BOOK.requirements if each.level != "automatic"}
    assert offered == {each.requirement.id for each in attestations()}
    with_document = {number for number, form in forms.items() if form is not None and form.fields["document"].required}
    assert with_document == {each.id for each in BOOK.requirements if each.level == "attested"}


@pytest.mark.django_db
def test_the_form_is_on_the_page(evidence: Evidence, mona_browser: Client) -> None:
    for number, there in (("5.1-l", True), ("8.6.1-l", True), ("8.6.1-e", False)):
        page = mona_browser.get(f"/certification/requirements/{number}").content.decode()
        assert ("Keep this judgement" in page) is there


@pytest.mark.django_db
def test_every_requirement_of_clauses_four_to_ten_is_on_the_board(evidence: Evidence, mona_browser: Client) -> None:
    run_checks(by=SYSTEM)
    board = mona_browser.get("/certification/").content.decode()
    shown = re.findall(r'class="cell c-\w+" href="/certification/requirements/([^"?]+)"', board)
    assert shown == [each.id for each in BOOK.requirements]
    assert {number.partition(".")[0] for number in shown} == {"4", "5", "6", "7", "8", "9", "10"}
