"""Samples: each is drawn again from its population and the seed."""

# ruff: noqa: UP006, UP035
# The newer ways of writing that these rules ask for are unknown to Python 3.8, which auditors still meet.
from __future__ import annotations

import hashlib
import heapq
from typing import Any, Dict, List, Sequence

from gnomon.certification.pack.verifier.judged import check_count, requirements_of
from gnomon.certification.pack.verifier.packed import Pack
from gnomon.records.ledger.verify_proof import Unreadable, part

SAMPLE_METHOD = "gnomon-sample/1"


def check_samples(pack: Pack) -> None:
    """Every sample is drawn again from its population and the seed, and every record drawn is in the pack."""
    order, drawn, before = pack.index["order"], 0, pack.report.broken
    seed, size = part(order, "seed", str), part(order, "sample_size", int)
    if order.get("sample_method") != SAMPLE_METHOD:
        raise Unreadable(
            f"The samples were drawn in a way that this verifier does not know: {order.get('sample_method')!r}."
        )
    wanted = set()
    for requirement in requirements_of(pack):
        for rule in requirement["rules"]:
            name = f"{requirement['id']}/{rule.get('rule')}"
            of_rule = {sample.get("of"): sample for sample in rule.get("samples", [])}
            for of in ("seen", "late", "failed"):
                if of not in of_rule and rule.get(of, {}).get("count") and not order.get("services"):
                    pack.report.fails(f"No sample was drawn of what {name} had {of}.", f"{name} 缺少样本。")
            for of, sample in sorted(of_rule.items()):
                check_sample(pack, name, sample, rule.get(of, {}), seed, size)
                wanted |= {number.partition("/")[0] for number in sample["numbers"]}
                drawn += 1
    for number in sorted(wanted - set(pack.index["records"])):
        pack.report.fails(f"{number} was drawn, but the pack does not tell of it.", f"样本 {number} 不在资料包中。")
    if pack.report.broken == before:
        pack.report.holds(
            f"All {drawn} samples were drawn again with the seed {seed!r}, with the same result.",
            f"以种子 {seed!r} 重新抽取全部 {drawn} 个样本，结果一致。",
        )


def check_sample(pack: Pack, name: str, sample: Dict[str, Any], of: Dict[str, Any], seed: str, size: int) -> None:
    among = part(sample, "among", dict)
    check_count(pack, among, name)
    population = pack.list(str(among.get("list")))
    whole = not pack.index["order"].get("services")
    if among != of and (whole or not set(population) <= set(pack.list(str(of.get("list"))))):
        pack.report.fails(f"The sample of {name} was drawn from another population.", f"{name} 的样本取自另一总体。")
    if draw_again(population, seed, size) != part(sample, "numbers", list):
        pack.report.fails(
            f"The sample of {name} is not the one that the seed draws.", f"{name} 的样本与种子抽取的不符。"
        )


def draw_again(population: Sequence[str], seed: str, size: int) -> List[str]:
    """The numbers whose SHA-256 of seed, line feed, number is lowest."""
    ranked = ((hashlib.sha256(f"{seed}\n{number}".encode()).digest(), number) for number in population)
    return sorted(number for _rank, number in heapq.nsmallest(max(size, 0), ranked))
