"""Samples that auditors drew: from the population that the run froze, with the seed, and as people judged them."""

# ruff: noqa: UP006, UP035
# The newer ways of writing that these rules ask for are unknown to Python 3.8, which auditors still meet.
from __future__ import annotations

from typing import Any, Dict, List, Set

from gnomon.certification.pack.verifier.judged import check_count, requirements_of
from gnomon.certification.pack.verifier.ledgered import facts_after
from gnomon.certification.pack.verifier.packed import Pack
from gnomon.certification.pack.verifier.sampled import SAMPLE_METHOD, draw_again
from gnomon.records.ledger.verify_proof import Unreadable, part

STRATA_METHOD = "gnomon-strata/1"
PROCEDURES = {"random": SAMPLE_METHOD, "stratified": STRATA_METHOD, "all": "", "judgement": ""}
# What an entry leaves out holds nothing.
ORDERED = {"status": "", "requirement": "", "run": "", "rule": 0, "part": "", "method": "", "stratified_by": "",
           "procedure": "", "size": 0, "seed": "", "named": {}, "drawn": [], "conclusion": ""}  # fmt: skip
# What is hung on a record is no work on it: an auditor may ask a question.
HUNG = {"commented", "attached", "linked", "unlinked", "joined", "left"}


def check_drawn(pack: Pack) -> None:
    """Every sample that was drawn by hand is told, draws the same records again, and was judged as the ledger says."""
    before, told = pack.report.broken, pack.index.get("samples", [])
    if not isinstance(told, list):
        raise Unreadable("samples is not a list.")
    kept = {number for number, contents in pack.entries.items() if contents and contents[0]["kind"] == "sample"}
    for number in sorted(kept ^ {str(sample.get("number")) for sample in told}):
        pack.report.fails(
            f"The index and the ledger do not agree whether {number} is a sample.",
            f"索引与台账对样本 {number} 不一致。",
        )
    for sample in told:
        if sample.get("number") in kept:
            check_one(pack, sample)
    if told and pack.report.broken == before:
        pack.report.holds(
            f"All {len(told)} samples that people drew were drawn again, and are judged as the ledger says.",
            f"人员抽取的全部 {len(told)} 个样本均已重新抽取，判定与台账一致。",
        )


def check_one(pack: Pack, sample: Dict[str, Any]) -> None:
    number = part(sample, "number", str)
    contents = pack.entries[number]
    facts = facts_after(contents, len(contents))
    sealed = {name: facts.get(name) or nothing for name, nothing in ORDERED.items()}  # type: Dict[str, Any]
    for name in sorted(ORDERED):
        if sample.get(name) != sealed[name]:
            pack.report.fails(
                f"The index tells {number} otherwise than the ledger does: {name}.",
                f"索引中样本 {number} 的 {name} 与台账不符。",
            )
    population = pack.list(str(facts.get("population_digest")))
    check_count(pack, part(sample, "population", dict), number)
    if part(sample, "population", dict).get("list") != facts.get("population_digest"):
        pack.report.fails(f"The index names another population for {number}.", f"索引中样本 {number} 的总体不符。")
    if set(population) != counted(pack, sample, sealed):
        pack.report.fails(
            f"The population of {number} is not what {sealed['run']} counted.",
            f"样本 {number} 的总体与 {sealed['run']} 的计数不符。",
        )
    if drawn_again(pack, sample, facts, population) != sealed["drawn"]:
        pack.report.fails(
            f"The numbers of {number} are not those that the seed gives.", f"样本 {number} 与种子抽取的不符。"
        )
    check_present(pack, number, sealed["drawn"])
    check_found(pack, sample, contents, set(sealed["drawn"]))


def counted(pack: Pack, sample: Dict[str, Any], sealed: Dict[str, Any]) -> Set[str]:
    """What the run counted there, by its sealed results: of the rule, or of the rules that decide together."""
    rows = rows_of(pack, sealed["run"])
    asked = sealed["requirement"]
    rules = [sealed["rule"]] if sealed["rule"] else deciding(pack, asked)
    union = {"seen": set(), "late": set(), "failed": set()}  # type: Dict[str, Set[str]]
    for told in part(sample, "from", list):
        row = rows.get((asked, told.get("rule")))
        lists = [part(told, name, dict).get("list") for name in ("seen", "late", "failed")]
        if row is None or told.get("rule") not in rules or lists != row[8:11]:
            pack.report.fails(
                f"The index tells {asked}/{told.get('rule')} otherwise than {sealed['run']} found it.",
                f"索引中 {asked}/{told.get('rule')} 与 {sealed['run']} 不符。",
            )
            continue
        for at, name in enumerate(("seen", "late", "failed")):
            union[name] |= set(pack.list(lists[at]))
    given = {told.get("rule") for told in sample["from"]}
    if any((asked, rule) in rows and rule not in given for rule in rules):
        pack.report.fails(f"A count that {sample['number']} was drawn from is left out.", "遗漏了样本所依据的计数。")
    if sealed["part"] == "late" and not sealed["rule"]:
        return union["late"] - union["failed"]
    return union.get(sealed["part"], set())


def deciding(pack: Pack, asked: str) -> List[int]:
    for requirement in requirements_of(pack):
        if requirement["id"] == asked:
            rules = part(requirement, "rules", list)
            return [rule["rule"] for rule in rules if rule["weight"] == "deciding"] or [rule["rule"] for rule in rules]
    return []


def rows_of(pack: Pack, run: str) -> Dict[Any, List[Any]]:
    """The results of a run by requirement and rule, when they are those that the ledger sealed."""
    name = f"data/run/{run}.json"
    sealed = facts_after(pack.entries.get(run, ()), 1).get("digest")
    if name not in pack.names or sealed != pack.source.digest(name):
        pack.report.fails(f"{name} is not what the ledger sealed of {run}.", f"{name} 与台账封存的不一致。")
        return {}
    return {(row[0], row[1]): row for row in pack.json(name) if len(row) >= 15}


def drawn_again(pack: Pack, sample: Dict[str, Any], facts: Dict[str, Any], population: List[str]) -> List[str]:
    """The numbers that the order gives, from the sealed facts alone."""
    method, seed, size = facts.get("method"), facts.get("seed") or "", facts["size"]
    if PROCEDURES.get(str(method)) != (facts.get("procedure") or ""):
        raise Unreadable(f"{sample['number']} was drawn in a way that this verifier does not know: {method!r}.")
    if method == "random":
        return draw_again(population, seed, size)
    if method == "all":
        return sorted(population)
    if method == "judgement":
        return sorted(set(facts["named"]) & set(population))
    strata = {}  # type: Dict[str, List[str]]
    told = {stratum.get("key"): stratum for stratum in part(sample, "strata", list)}
    for key, count, taken, digest in facts["strata"]:
        strata[key] = pack.list(digest)
        if told.get(key) != {"key": key, "taken": taken, "list": digest, "count": count} or count != len(strata[key]):
            pack.report.fails(
                f"The index tells the strata of {sample['number']} otherwise.", "索引中的分层与台账不符。"
            )
    together = [number for among in strata.values() for number in among]
    if sorted(together) != sorted(population) or len(told) != len(strata):
        pack.report.fails(
            f"The strata of {sample['number']} are not its population, each record once.", "各分层之和不等于总体。"
        )
    places = shared({key: len(among) for key, among in strata.items()}, size)
    return sorted(number for key, taken in places.items() for number in draw_again(strata[key], seed, taken))


def shared(counts: Dict[str, int], size: int) -> Dict[str, int]:
    """One place for each stratum; each further one to that which is furthest below its share, by name among equals."""
    whole, taken = sum(counts.values()), dict.fromkeys(sorted(counts), 1)
    for _place in range(min(size, whole) - len(taken)):
        below = [(taken[name] * whole - counts[name] * size, name) for name in taken if taken[name] < counts[name]]
        taken[min(below)[1]] += 1
    return taken


def check_present(pack: Pack, number: str, drawn: List[str]) -> None:
    """Each record drawn is in the pack, unless it was narrowed to some services."""
    if pack.index["order"].get("services"):
        return
    for one in sorted({each.partition("/")[0] for each in drawn} - set(pack.index["records"])):
        pack.report.fails(
            f"{one} was drawn in {number}, but the pack does not tell of it.", f"样本 {one} 不在资料包中。"
        )


def check_found(pack: Pack, sample: Dict[str, Any], contents: List[Dict[str, Any]], drawn: Set[str]) -> None:
    """What was found is told as the ledger tells it, of records that were drawn, and by nobody who worked on them."""
    judged = [content for content in contents if content["verb"] == "sample:examined"]
    sealed = [
        [content["version"], content["facts"]["about"][1], content["facts"]["outcome"][1], content["actor"]]
        for content in judged
    ]
    told = [[each.get(name) for name in ("version", "record", "outcome", "by")] for each in part(sample, "found", list)]
    if told != sealed:
        pack.report.fails(
            f"The index tells otherwise than the ledger what was found in {sample['number']}.",
            f"索引中 {sample['number']} 的判定与台账不符。",
        )
    for content in judged:
        record, actor = content["facts"]["about"][1], content["actor"]
        own = pack.entries.get(record.partition("/")[0], ())
        if record not in drawn:
            pack.report.fails(f"{record} was judged and never drawn.", f"{record} 未被抽取却有判定。")
        if any(entry["actor"] == actor and entry["recorded_at"] < content["recorded_at"] and is_work(entry)
               for entry in own):  # fmt: skip
            pack.report.fails(
                f"{actor} judged {record}, which is their own work.", f"{actor} 判定了本人的工作 {record}。"
            )


def is_work(entry: Dict[str, Any]) -> bool:
    return entry["verb"].rpartition(":")[2] not in HUNG
