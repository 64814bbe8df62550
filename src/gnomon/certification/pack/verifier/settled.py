"""Own limits and planned activities: the index tells them as the ledger does, and leaves out none that lies here."""

# The newer ways of writing that these rules ask for are unknown to Python 3.8, which auditors still meet.
from __future__ import annotations

from gnomon.certification.pack.verifier.ledgered import facts_after
from gnomon.certification.pack.verifier.packed import Pack
from gnomon.records.ledger.verify_proof import Unreadable, part

CHOSEN = {
    "rule_limit": ("requirement", "rule", "values", "share", "since", "withdrawn_at"),
    "planned_activity": ("activity", "days", "tolerance_days", "since", "withdrawn_at"),
    "operation": ("since", "withdrawn_at"),
}


def check_chosen(pack: Pack) -> None:
    """What the organization set for itself is told as the ledger tells it."""
    told, before = pack.index.get("chosen", []), pack.report.broken
    if not isinstance(told, list):
        raise Unreadable("chosen is not a list.")
    for each in told:
        number, kind = part(each, "number", str), part(each, "kind", str)
        contents = pack.entries.get(number, [])
        facts = facts_after(contents, len(contents))
        right = bool(contents) and contents[0]["kind"] == kind and kind in CHOSEN
        for name in CHOSEN.get(kind, ()):
            right = right and each.get(name) == facts.get(name)
        if not right:
            pack.report.fails(
                f"The index tells {number} otherwise than the ledger does.", f"索引中 {number} 与台账不符。"
            )
    named = {each["number"] for each in told}
    kept = {number for number, contents in pack.entries.items() if contents and contents[0]["kind"] in CHOSEN}
    if "chosen" in pack.index:
        for number in sorted(kept - named):
            pack.report.fails(f"The index leaves out {number}.", f"索引遗漏了 {number}。")
    if told and pack.report.broken == before:
        pack.report.holds(
            f"All {len(told)} own limits and planned activities are told as the ledger tells them.",
            f"全部 {len(told)} 项自定限值与计划活动均与台账一致。",
        )
