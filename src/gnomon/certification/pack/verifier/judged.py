"""Verdicts: the index tells what the run found, and the run is the one that the ledger sealed."""

# ruff: noqa: UP006, UP035, UP045
# The newer ways of writing that these rules ask for are unknown to Python 3.8, which auditors still meet.
from __future__ import annotations

from typing import Any, Dict, Iterator, List, Optional

from gnomon.certification.pack.verifier.ledgered import facts_after
from gnomon.certification.pack.verifier.packed import Pack
from gnomon.records.ledger.verify_proof import part


def check_run(pack: Pack) -> None:
    """The results are those whose digest the ledger sealed, and the index tells them as they are."""
    basis = pack.index["basis"]
    run = part(basis, "run", str)
    name = f"data/run/{run}.json"
    digest = pack.source.digest(name) if name in pack.names else ""
    sealed = facts_after(pack.entries.get(run, ()), 1).get("digest")
    pack.report.say(
        digest == sealed == basis.get("run_digest"),
        (f"The results of {run} are those that the ledger sealed.", f"{run} 的结果与台账封存的一致。"),
        (f"{name} is not what the ledger sealed of {run}.", f"{name} 与台账封存的不一致。"),
    )
    rows = pack.json(name)
    # Runs of before do not tell, last, how many records were asked about again.
    checks = {(row[0], row[1]): row for row in rows if len(row) in (15, 16)}
    results = {row[0]: row for row in rows if len(row) == 8}
    before = pack.report.broken
    for requirement in requirements_of(pack):
        row = results.get(requirement["id"])
        told = [requirement.get(key) for key in ("id", "status", "reason", "seen", "late", "failed", "judgement")]
        if row is None or told != row[:7]:
            pack.report.fails(
                f"The index tells {requirement['id']} otherwise than {run} found it.",
                f"索引中 {requirement['id']} 的结论与 {run} 不符。",
            )
        for rule in part(requirement, "rules", list):
            check_rule(pack, requirement["id"], rule, checks.pop((requirement["id"], rule.get("rule")), None))
    missing = sorted({key[0] for key in checks if asked_for(pack, key[0])})
    for requirement in missing:
        pack.report.fails(f"The index leaves out a check of {requirement}.", f"索引遗漏了 {requirement} 的检查。")
    present = {requirement["id"] for requirement in requirements_of(pack)}
    for requirement in sorted(set(results) - present):
        if asked_for(pack, requirement):
            pack.report.fails(f"The index leaves out {requirement}.", f"索引遗漏了 {requirement}。")
    if pack.report.broken == before:
        pack.report.holds(
            f"The index tells the verdicts on {len(present)} requirements as {run} found them.",
            f"索引中 {len(present)} 项要求的结论与 {run} 一致。",
        )


def asked_for(pack: Pack, requirement: str) -> bool:
    """Whether a requirement is within the clauses that were ordered."""
    clauses, clause = part(pack.index["order"], "clauses", list), requirement.partition("-")[0]
    return not clauses or any(one in (requirement, clause) or clause.startswith(f"{one}.") for one in clauses)


def requirements_of(pack: Pack) -> Iterator[Dict[str, Any]]:
    for clause in pack.index["clauses"]:
        for requirement in part(clause, "requirements", list):
            part(requirement, "id", str)
            yield requirement


def check_rule(pack: Pack, requirement: str, rule: Dict[str, Any], row: Optional[List[Any]]) -> None:
    """A check's counts, lists and verdict are those of the run."""
    name = f"{requirement}/{rule.get('rule')}"
    if row is None:
        if rule.get("status") != "not_checked" or "seen" in rule:
            pack.report.fails(
                f"The index tells of a check {name} that was never run.", f"索引中的检查 {name} 从未运行。"
            )
        return
    told = [rule.get(key) for key in ("check_version", "threshold", "limits", "status", "reason", "error")]
    if told != [row[2], row[5], row[6], row[12], row[13], row[14]]:
        pack.report.fails(
            f"The index tells the check {name} otherwise than it was run.", f"索引中检查 {name} 与运行结果不符。"
        )
    seen, late, failed = (part(rule, key, dict) for key in ("seen", "late", "failed"))
    if [seen.get("list"), seen.get("count")] != [row[8], row[7]]:
        pack.report.fails(f"The index names another population for {name}.", f"索引中 {name} 的总体不符。")
    if [late.get("list"), failed.get("list")] != [row[9], row[10]]:
        pack.report.fails(
            f"The index names other late or failed records for {name}.", f"索引中 {name} 的迟交或未通过清单不符。"
        )
    for told_list in (seen, late, failed):
        check_count(pack, told_list, name)
    deviating = set(pack.list(row[9])) | set(pack.list(row[10]))
    if not deviating <= set(pack.list(row[8]) if deviating else ()):
        pack.report.fails(f"{name} names late or failed records that it never saw.", f"{name} 的偏差记录不在总体中。")


def check_count(pack: Pack, told: Dict[str, Any], name: str) -> None:
    found = pack.count(str(told.get("list")))
    if told.get("count") != found:
        pack.report.fails(
            f"{name} counts {told.get('count')} records, but its list holds {found}.", f"{name} 的计数与清单不符。"
        )
