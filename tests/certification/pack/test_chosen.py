"""What the organization set for itself stands in the pack, by clause, as the ledger tells it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.certification.pack.bags import Files, closed, opened, signed_anew, verdict
from tests.certification.pack.conftest import House, sealed_house

from gnomon.certification.actions import plan_activity, set_limits
from gnomon.certification.pack.verifier import bagged
from gnomon.organization.models import Person
from gnomon.records.ledger import verify_proof
from gnomon.records.ledger.keys import signed_by

pytestmark = pytest.mark.django_db
SCOPE = ("4.1", "5.2", "8.6.1")


@pytest.fixture
def chosen_house(house: House, mona: Person) -> House:
    """A limit of one's own within the clauses asked for, one outside, and a plan for the review of the context."""
    set_limits("8.6.1-b", 1, values=[45], share=90, by=mona, because="Agreed with Carol")
    set_limits("9.1-c", 2, values=[5], by=mona)
    plan_activity("context_review", 180, tolerance_days=14, by=mona)
    return sealed_house(house.order)


@pytest.fixture
def quick_signatures(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (verify_proof, bagged):
        monkeypatch.setattr(module, "is_signed", signed_by)


def bent(bend: Callable[[Any], None]) -> Callable[[Files], Files]:
    def forged(files: Files) -> Files:
        index = json.loads(files["data/index.json"])
        bend(index)
        return {**files, "data/index.json": json.dumps(index).encode()}

    return forged


def laxer(index: Any) -> None:
    next(each for each in index["chosen"] if each["kind"] == "rule_limit")["share"] = "95.00"


def seldomer(index: Any) -> None:
    next(each for each in index["chosen"] if each["kind"] == "planned_activity")["days"] = 30


def of_another_kind(index: Any) -> None:
    index["chosen"][0]["kind"] = "incident"


def left_out(index: Any) -> None:
    index["chosen"] = [each for each in index["chosen"] if each["kind"] != "rule_limit"]


def test_own_limits_and_planned_activities_are_told_by_clause(
    chosen_house: House, tmp_path: Path, capsys: Any, quick_signatures: None
) -> None:
    top, files = opened(chosen_house.pack(clauses=SCOPE)[0])
    index = json.loads(files["data/index.json"])
    told = {each["kind"]: each for each in index["chosen"]}
    assert told.keys() == {"rule_limit", "planned_activity"}
    limit, plan = told["rule_limit"], told["planned_activity"]
    assert (limit["requirement"], limit["rule"], limit["values"], limit["clauses"]) == ("8.6.1-b", 1, [45], ["8.6.1"])
    assert (plan["activity"], plan["days"], plan["tolerance_days"]) == ("context_review", 180, 14)
    assert plan["clauses"] == ["4.1"]
    by_requirement = {
        requirement["id"]: requirement["chosen"]
        for clause in index["clauses"]
        for requirement in clause["requirements"]
    }
    assert by_requirement["8.6.1-b"] == [limit["number"]]
    assert f"records/{limit['number']}.html" in files["data/view/en/clauses/8.6.1.html"].decode()
    assert f"data/records/{plan['number']}.json" in files  # with the proof of its entries

    code, says = verdict(closed(top, files), tmp_path, capsys)
    assert code == 0, says
    assert "All 2 own limits and planned activities are told as the ledger tells them." in says
    for bend, number in ((laxer, limit), (seldomer, plan), (of_another_kind, index["chosen"][0])):
        code, says = verdict(closed(top, signed_anew(bent(bend)(files))), tmp_path, capsys)
        assert (code, f"The index tells {number['number']} otherwise than the ledger does." in says) == (1, True)
    code, says = verdict(closed(top, signed_anew(bent(left_out)(files))), tmp_path, capsys)
    assert (code, f"The index leaves out {limit['number']}." in says) == (1, True)
