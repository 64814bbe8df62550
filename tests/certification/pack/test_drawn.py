"""Samples that auditors drew travel with the pack, and its verifier draws them again with the standard library alone."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.certification.conftest import Evidence, incidents
from tests.certification.pack.bags import Files, closed, opened, signed_anew, verdict
from tests.certification.pack.conftest import House, sealed_house

from gnomon.certification.actions import draw_sample, examine, run_checks
from gnomon.certification.models import Sample
from gnomon.certification.pack.parts import as_file
from gnomon.organization.models import Person
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import find_record
from gnomon.standard.plugs import Finding

pytestmark = [pytest.mark.django_db, pytest.mark.clause("9.2.2")]


@pytest.fixture
def audited(house: House, evidence: Evidence, dave: Person, mona: Person) -> House:
    """Dave drew at random and in strata, named a record, and withdrew one; an earlier run is behind one of them."""
    evidence.says("8.6.1-e", Finding(incidents(1, 11)))
    earlier = run_checks(by=SYSTEM)
    evidence.says("8.6.1-e", Finding(incidents(1, 12)))
    run_checks(by=SYSTEM)
    first = draw_sample("8.6.1-b", by=dave, rule=1, size=3, seed="7")
    examine(first, first.drawn[0], "nonconforming", by=dave, because="No priority <b>at all</b>")
    examine(first, first.drawn[0], "conforming", by=mona)
    draw_sample("8.6.1-e", by=dave, run=earlier, method="stratified", stratified_by="service", size=4, seed="8")
    draw_sample("8.6.1-b", by=dave, method="judgement", named={"INC-000004": "The log"}, part="seen")
    draw_sample("8.6.1-b", by=dave, method="all", part="late")
    gone = draw_sample("8.6.1-b", by=dave, size=2, seed="9")
    actions.move(gone, "withdraw", by=dave, because="Wrong month")
    draw_sample("5.2.1-a", by=dave, method="all")
    return sealed_house(house.order)


def told(pack: bytes) -> dict[str, dict[str, Any]]:
    """The samples that a pack tells, by number."""
    _top, files = opened(pack)
    return {each["number"]: each for each in json.loads(files["data/index.json"])["samples"]}


def test_all_that_were_drawn_are_told_with_seed_digest_and_judgements(audited: House, dave: Person) -> None:
    samples = told(audited.pack()[0])
    assert list(samples) == [f"SMP-00000{n}" for n in range(1, 7)]
    first = Sample.objects.get(number="SMP-000001")
    assert samples["SMP-000001"]["population"] == {"list": first.population_digest, "count": 12}
    assert (samples["SMP-000001"]["seed"], samples["SMP-000001"]["drawn"]) == ("7", first.drawn)
    assert [each["outcome"] for each in samples["SMP-000001"]["found"]] == ["nonconforming", "conforming"]
    assert samples["SMP-000001"]["drawn_by"] == dave.number
    assert samples["SMP-000005"]["status"] == "withdrawn"
    assert samples["SMP-000002"]["run"] != samples["SMP-000001"]["run"]


def test_a_pack_of_another_clause_tells_none_of_them(audited: House) -> None:
    assert list(told(audited.pack(clauses=("5.2",))[0])) == ["SMP-000006"]


def test_the_same_bytes_each_time_also_when_a_sample_is_judged_later(audited: House, mona: Person) -> None:
    before = audited.pack()[0]
    sample = Sample.objects.get(number="SMP-000003")
    examine(sample, "INC-000004", "conforming", by=mona)
    assert audited.pack()[0] == before


def test_the_single_file_draws_them_again_with_nothing_but_python(audited: House, tmp_path: Path) -> None:
    (tmp_path / "pack.zip").write_bytes(audited.pack()[0])
    _top, files = opened(audited.pack()[0])
    (tmp_path / "verify.py").write_bytes(files["verify.py"])
    ran = subprocess.run(
        [sys.executable, "-I", "-S", str(tmp_path / "verify.py"), str(tmp_path / "pack.zip")],
        capture_output=True, text=True, check=False, encoding="utf-8",
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "All 6 samples that people drew were drawn again, and are judged as the ledger says." in ran.stdout


def test_a_pack_of_some_services_tells_the_sample_and_leaves_out_the_records_of_others(
    audited: House, tmp_path: Path, capsys: Any
) -> None:
    pack = audited.pack(services=("SVC-000001",))[0]
    assert set(told(pack)["SMP-000002"]["drawn"]) <= set(incidents(1, 11))
    assert verdict(pack, tmp_path, capsys)[0] == 0


def test_the_viewer_tells_them_in_both_languages(audited: House) -> None:
    _top, files = opened(audited.pack()[0])
    english, chinese = (files[f"data/view/{lang}/samples.html"].decode() for lang in ("en", "zh"))
    assert "No priority &lt;b&gt;at all" not in english, (
        "the last word counts on the page; the first stands in the record"
    )
    assert "Chosen because:" in english
    assert "The log" in english
    assert "选取理由：" in chinese
    assert 'href="records/INC-000004.html"' in english
    assert "data/view/en/records/SMP-000001.html" in files


def test_a_pack_without_any_says_so(house: House) -> None:
    _top, files = opened(house.pack()[0])
    assert "Nobody drew a sample of their own" in files["data/view/en/samples.html"].decode()


Bend = Callable[[dict[str, Any]], None]


def _bent(bend: Bend) -> Callable[[Files], Files]:
    def forged(files: Files) -> Files:
        index = json.loads(files["data/index.json"])
        bend({each["number"]: each for each in index["samples"]} | {"": index})
        return {**files, "data/index.json": as_file(index)}

    return forged


def other_numbers(samples: dict[str, Any]) -> None:
    samples["SMP-000001"]["drawn"] = incidents(1, 3)


def other_seed(samples: dict[str, Any]) -> None:
    samples["SMP-000001"]["seed"] = "another"


def withheld(samples: dict[str, Any]) -> None:
    samples[""]["samples"] = [each for each in samples[""]["samples"] if each["number"] != "SMP-000005"]


def all_withheld(samples: dict[str, Any]) -> None:
    del samples[""]["samples"]


def invented(samples: dict[str, Any]) -> None:
    samples[""]["samples"].append({**samples["SMP-000001"], "number": "SMP-000009"})


def kinder(samples: dict[str, Any]) -> None:
    del samples["SMP-000001"]["found"][0]


def smaller_population(samples: dict[str, Any]) -> None:
    samples["SMP-000001"]["population"] = samples["SMP-000002"]["population"]


def other_strata(samples: dict[str, Any]) -> None:
    samples["SMP-000002"]["strata"][0]["taken"] = 1


def other_counts(samples: dict[str, Any]) -> None:
    samples["SMP-000001"]["from"][0]["late"] = samples["SMP-000001"]["from"][0]["failed"]


def counts_left_out(samples: dict[str, Any]) -> None:
    samples["SMP-000005"]["from"] = []


@pytest.mark.parametrize(
    ("bend", "sentence"),
    [
        (other_numbers, "The index tells SMP-000001 otherwise than the ledger does: drawn."),
        (other_seed, "The index tells SMP-000001 otherwise than the ledger does: seed."),
        (withheld, "do not agree whether SMP-000005 is a sample"),
        (all_withheld, "do not agree whether SMP-000001 is a sample"),
        (invented, "do not agree whether SMP-000009 is a sample"),
        (kinder, "otherwise than the ledger what was found in SMP-000001"),
        (smaller_population, "The index names another population for SMP-000001."),
        (other_strata, "The index tells the strata of SMP-000002 otherwise."),
        (other_counts, "The index tells 8.6.1-b/1 otherwise than RUN-"),
        (counts_left_out, "A count that SMP-000005 was drawn from is left out."),
    ],
)
def test_whoever_bends_a_sample_in_the_index_is_named(
    audited: House, tmp_path: Path, capsys: Any, bend: Bend, sentence: str
) -> None:
    top, files = opened(audited.pack()[0])
    code, says = verdict(closed(top, signed_anew(_bent(bend)(files))), tmp_path, capsys)
    assert code == 1
    assert sentence in says


@pytest.mark.parametrize(
    ("number", "facts"),
    [("SMP-000001", {"seed": "another"}), ("SMP-000002", {"size": 3}), ("SMP-000004", {"drawn": ["INC-000001"]})],
)
def test_a_sample_that_its_seed_does_not_give_is_named_even_when_the_ledger_says_so(
    house: House,
    dave: Person,
    evidence: Evidence,
    tmp_path: Path,
    capsys: Any,
    number: str,
    facts: Any,
) -> None:
    """A bent installation seals what it likes; the arithmetic still does not come out."""
    from gnomon.certification import sampling

    honest, strict = sampling.prepare_sample, sampling.check_sample

    def bent(record: Any, change: Any) -> Any:
        return {**honest(record, change), **({} if change.creates else facts)}

    kind = find_kind()
    object.__setattr__(kind, "prepare", bent)
    object.__setattr__(kind, "check", lambda record, change: {})
    try:
        run_checks(by=SYSTEM)
        order = {"SMP-000001": {"size": 4, "seed": "1"}, "SMP-000002": {"size": 4}, "SMP-000004": {"method": "all"}}
        draw_sample("8.6.1-b", by=dave, rule=1, **order[number])
    finally:
        object.__setattr__(kind, "prepare", honest)
        object.__setattr__(kind, "check", strict)
    pack = replace_house(house).pack()[0]
    code, says = verdict(pack, tmp_path, capsys)
    assert code == 1
    assert "The numbers of SMP-000001 are not those that the seed gives." in says


def find_kind() -> Any:
    from gnomon.certification.kinds import SAMPLE

    return SAMPLE


def replace_house(house: House) -> House:
    return replace(sealed_house(house.order))


def test_who_judged_their_own_work_is_named(
    house: House, dave: Person, evidence: Evidence, tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_checks(by=SYSTEM)
    incident = find_record("INC-000004")
    assert incident is not None
    sample = draw_sample("8.6.1-b", by=dave, method="judgement", named={"INC-000004": "The log"})
    monkeypatch.setattr("gnomon.certification.actions.sampling.worked_on", lambda *_own: False)
    actions.comment(incident, "Why?", by=dave)
    examine(sample, "INC-000004", "conforming", by=dave)
    assert verdict(sealed_house(house.order).pack()[0], tmp_path, capsys)[0] == 0
    both = dave
    actions.change(both, by=SYSTEM, roles=["internal_auditor", "agent"])
    actions.change(incident, by=both, impact=1, urgency=1)
    examine(sample, "INC-000004", "conforming", by=both)
    code, says = verdict(sealed_house(house.order).pack()[0], tmp_path, capsys)
    assert code == 1
    assert f"{dave.number} judged INC-000004, which is their own work." in says
