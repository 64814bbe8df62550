"""Names of people who do not exist, in both scripts."""

from __future__ import annotations

import random

FAMILY = ("海", "云", "江", "柏", "岳", "松", "谷", "星", "桥", "帆", "泉", "原", "岩", "竹", "霜", "禾")
GIVEN = ("小舟", "望", "知秋", "长风", "一诺", "晴", "南星", "若谷", "远山", "千帆", "青禾", "白露")
LATIN_FAMILY = ("Harbour", "Lantern", "Meadow", "Quay", "Ridge", "Sable", "Tarn", "Vale", "Wharf", "Yarrow")
LATIN_GIVEN = ("Ada", "Bram", "Cleo", "Dara", "Enno", "Fay", "Gil", "Hedda", "Ivo", "June", "Kit", "Lio")


def invented_names(count: int, seed: int) -> list[str]:
    """`count` names, the same for the same seed, two thirds of them Chinese."""
    chance = random.Random(seed)  # noqa: S311 - invented names, not secrets
    chinese = [f"{family}{given}" for family in FAMILY for given in GIVEN]
    latin = [f"{given} {family}" for family in LATIN_FAMILY for given in LATIN_GIVEN]
    chance.shuffle(chinese)
    chance.shuffle(latin)
    most = count * 2 // 3
    return [*chinese[:most], *latin[: count - most]]
