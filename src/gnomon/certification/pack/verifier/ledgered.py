"""The ledger: its checkpoint, and every entry of every record of the pack within it."""

# ruff: noqa: UP006, UP035, UP045
# The newer ways of writing that these rules ask for are unknown to Python 3.8, which auditors still meet.
from __future__ import annotations

from typing import Any, Dict, List, Optional, Sequence, Tuple

from gnomon.certification.pack.verifier.bagged import PACK_FORMAT
from gnomon.certification.pack.verifier.packed import Pack
from gnomon.certification.pack.verifier.reports import Silent
from gnomon.records.ledger.verify_proof import (
    Unreadable,
    canonical,
    check_checkpoints,
    check_entries,
    check_kept,
    check_keys,
    check_noted,
    check_whole,
    octets,
    part,
)

CHECKPOINT = "data/ledger/checkpoint.json"
INDEX = "data/index.json"


def check_ledger(pack: Pack, pinned: Sequence[str], noted: Optional[Tuple[int, bytes]]) -> None:
    """The keys, the checkpoint, and that the ledger still begins with what the auditor knows."""
    proof = pack.proof(CHECKPOINT)
    pack.report.say(
        proof.pop("canonical"),
        ("data/ledger/checkpoint.json is written as it was exported.", "检查点文件保持导出时的写法。"),
        ("data/ledger/checkpoint.json was rewritten after it was exported.", "检查点文件在导出后被改写过。"),
    )
    pack.keys = check_keys(pack.report, proof, pinned)
    check_whole(pack.report, proof, pack.keys)
    told = part(proof, "checkpoints", list)
    pack.sealed = dict(told[-1]) if told else {}
    pack.checkpoints = {part(each, "size", int): canonical(each) for each in told}
    checkpoints = check_checkpoints(pack.report, proof, pack.keys)
    check_kept(pack.report, proof, checkpoints)
    check_noted(pack.report, checkpoints, noted)
    pack.checkpoint = checkpoints[-1]


def check_index(pack: Pack) -> None:
    """The index speaks of this checkpoint and of this format."""
    index = pack.json(INDEX)
    named = part(part(index, "basis", dict), "checkpoint", dict)
    pack.report.say(
        part(index, "format", str) == PACK_FORMAT
        and named.get("size") == pack.checkpoint.get("size")
        and octets(named.get("root")) == pack.checkpoint.get("root"),
        ("The index rests on that checkpoint.", "索引以该检查点为准。"),
        ("The index (data/index.json) speaks of another checkpoint.", "索引（data/index.json）所指的检查点不同。"),
    )
    for name in ("order", "records"):
        part(index, name, dict)
    for name in ("clauses", "attachments", "documents", "measures"):
        part(index, name, list)
    pack.index = index


def check_records(pack: Pack, each: bool) -> None:
    """Every entry of every record lies in the sealed ledger, none is left out between, and no record is unasked for."""
    told, entries = pack.index["records"], 0
    before = pack.report.broken
    files = {name[len("data/records/") : -len(".json")] for name in pack.names if name.startswith("data/records/")}
    known = {number for number in told if part(told[number], "entries", int)}
    for number in sorted(known ^ files):
        pack.report.fails(
            f"data/records/{number}.json and the index do not agree whether there is such a record.",
            f"索引与 data/records/{number}.json 不一致。",
        )
    for number in sorted(known & files):
        found = check_record(pack, number)
        entries += len(found)
        if len(found) != told[number]["entries"]:
            pack.report.fails(
                f"{number} has {len(found)} entries, but the index says {told[number]['entries']}.",
                f"{number} 的条目数与索引不符。",
            )
        pack.entries[number] = found
        if each:
            print(f"      {number}: {len(found)} entries")
    if pack.report.broken == before:
        pack.report.holds(
            f"All {entries} entries of {len(known)} records are in the sealed ledger.",
            f"{len(known)} 条记录的全部 {entries} 个条目均在封存的台账中。",
        )


def check_record(pack: Pack, number: str) -> List[Dict[str, Any]]:
    """The entries of one record; the file is a proof that stands for itself too."""
    name = f"data/records/{number}.json"
    try:
        proof = pack.proof(name)
        quiet = Silent()
        quiet.say(
            proof.pop("canonical"), ("", ""), (f"{name} was rewritten after it was exported.", f"{name} 被改写过。")
        )
        check_whole(quiet, proof, pack.keys)
        # The pack's own checkpoint was verified once; its signature costs milliseconds in plain Python.
        same = part(proof, "checkpoints", list) == [pack.sealed] and not part(proof, "consistency", list)
        quiet.say(same, ("", ""), (f"{name} rests on another checkpoint.", f"{name} 以另一检查点为准。"))
        check_entries(quiet, proof, pack.checkpoint, False)
        contents = [told(entry) for entry in part(proof, "entries", list)]
        contents.sort(key=lambda content: part(content, "version", int))
        whole = [(content["number"], content["version"]) for content in contents]
        quiet.say(
            whole == [(number, count + 1) for count in range(len(contents))],
            ("", ""),
            (
                f"{name} does not hold the entries of {number} from the first to the last, each once.",
                f"{name} 的条目不完整。",
            ),
        )
    except Unreadable as error:
        pack.report.fails(f"{name} cannot be read: {error}", f"{name} 无法读取。")
        return []
    if quiet.broken:
        pack.report.fails(f"{name} does not hold: {quiet.first}", f"{name} 不成立。")
    return contents


def told(entry: Dict[str, Any]) -> Dict[str, Any]:
    """An entry with its personal facts among the others; `check_entries` held them against their commitments."""
    content = dict(part(entry, "content", dict))
    revealed = part(entry, "revealed", dict) if "revealed" in entry else {}
    facts = dict(part(content, "facts", dict))
    for name in part(content, "personal", dict) if "personal" in content else {}:
        if name != BECAUSE:
            gone: Any = {} if name in MAPPINGS else ERASED
            facts[name] = revealed[name][:2] if name in revealed else [gone, gone]
    content["facts"] = facts
    return content


BECAUSE = ":because"
ERASED = "[erased · 已删除]"
MAPPINGS = ("custom", "source")


def facts_after(contents: Sequence[Dict[str, Any]], version: int) -> Dict[str, Any]:
    """What a record's facts were after its entry of that number."""
    facts = {}  # type: Dict[str, Any]
    for content in contents[:version]:
        if content["verb"].rpartition(":")[2] not in NOTES:
            facts.update({name: pair[1] for name, pair in part(content, "facts", dict).items()})
    return facts


NOTES = {
    "commented", "attached", "linked", "unlinked", "joined", "left", "merged_in", "taken_out", "split_off",
    "replied", "answered", "escalation", "reminded", "spent", "examined",
}  # fmt: skip
