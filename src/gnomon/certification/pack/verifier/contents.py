"""Attached files, documents, measures and lists: each is what the ledger or the index says that it is."""

# The newer ways of writing that these rules ask for are unknown to Python 3.8, which auditors still meet.
from __future__ import annotations

from gnomon.certification.pack.verifier.judged import check_count
from gnomon.certification.pack.verifier.ledgered import facts_after
from gnomon.certification.pack.verifier.packed import Pack
from gnomon.records.ledger.verify_proof import part


def check_attachments(pack: Pack) -> None:
    """Each file is the one whose digest its entry tells; none that an entry tells of goes unmentioned."""
    before, told = pack.report.broken, set()
    for each in pack.index["attachments"]:
        key = (each.get("record"), each.get("version"), each.get("sha256"), each.get("name"))
        told.add(key)
        file = each.get("file")
        if file and (f"data/{file}" not in pack.names or pack.source.digest(f"data/{file}") != each.get("sha256")):
            pack.report.fails(
                f"data/{file} is not the file that was attached to {key[0]}.", f"data/{file} 不是 {key[0]} 的原附件。"
            )
        if not file:
            pack.report.note(
                f"{each.get('name')!r} of {key[0]} was lost by the organization and is not in the pack.",
                "该附件已遗失，不在资料包中。",
            )
    entries = {
        (number, content["version"], content["facts"]["sha256"][1], content["facts"]["name"][1])
        for number, contents in pack.entries.items()
        for content in contents
        if content["verb"].rpartition(":")[2] == "attached" and "sha256" in content["facts"]
    }
    for key in sorted(told ^ entries, key=str):
        pack.report.fails(
            f"The index and the ledger do not agree about the file {key[3]!r} of {key[0]}.",
            f"{key[0]} 的附件 {key[3]!r} 与台账不符。",
        )
    if pack.report.broken == before:
        pack.report.holds(f"All {len(told)} files are those that were attached.", f"全部 {len(told)} 个附件均为原件。")


def check_documents(pack: Pack) -> None:
    """Each document says what the ledger says that it said then."""
    before = pack.report.broken
    for each in pack.index["documents"]:
        number, version, file = part(each, "number", str), part(each, "version", int), part(each, "file", str)
        facts = facts_after(pack.entries.get(number, ()), version)
        told = (facts.get("title") or "", facts.get("edition") or "", facts.get("text") or "")
        if (each.get("title"), each.get("edition"), pack.text(f"data/{file}")) != told:
            pack.report.fails(
                f"data/{file} is not what {number} said in that version.", f"data/{file} 与 {number} 该版本的内容不符。"
            )
    if pack.report.broken == before:
        count = len(pack.index["documents"])
        pack.report.holds(
            f"All {count} versions of documents say what the ledger says.", f"全部 {count} 个文件版本与台账一致。"
        )


def check_measures(pack: Pack) -> None:
    """Each measure counts as many records as its list holds."""
    before = pack.report.broken
    for each in pack.index["measures"]:
        check_count(pack, part(each, "counted", dict), str(each.get("measure")))
    if pack.report.broken == before:
        count = len(pack.index["measures"])
        pack.report.holds(f"All {count} measures count the records of their lists.", f"全部 {count} 项度量与清单相符。")


def check_all_lists(pack: Pack) -> None:
    """No list lies in the pack that nothing names."""
    for name in sorted(pack.names):
        if name.startswith("data/lists/") and name[len("data/lists/") : -len(".txt")] not in pack.counts:
            pack.report.fails(f"{name} is a list that the index does not name.", f"索引未提及清单 {name}。")
