"""Cut the Chinese face of printed reports out of Noto Sans CJK (for maintainers; needs fonttools and fonts-noto-cjk).

    python scripts/fonts/subset.py /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc

It keeps what GB/T 2312 and Latin texts need, renamed, since the licence keeps the name of the source for the whole.
People who use or change Gnomon need not run it: the result is committed.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

FACE, NAME = "Noto Sans CJK SC", "Gnomon Han"
TARGET = Path(__file__).parents[2] / "src" / "gnomon" / "ui" / "fonts" / "gnomon-han.otf"
MARKS = "–—…‘’“”•·€™−≤≥≠≈×÷←↑→↓↗↘±‰²³°①②③★☆✓✗∞Σ½○●"
UNUSED = ["VORG", "vhea", "vmtx", "BASE", "GPOS", "GSUB", "GDEF", "STAT", "DSIG"]


def signs() -> set[int]:
    """Latin, what printing needs, and all signs of GB/T 2312."""
    found = {*range(0x20, 0x7F), *range(0xA0, 0x180), *map(ord, MARKS)}
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                found.add(ord(bytes((high, low)).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    return found


def cut(font: TTFont) -> None:
    """Leave only those signs, without hints and layout that a report does not use."""
    options = subset.Options()
    options.hinting = options.glyph_names = options.recalc_timestamp = False
    options.layout_features = []
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 6, 13, 14]
    options.drop_tables += UNUSED
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=signs())
    cutter.subset(font)


def rename(font: TTFont) -> None:
    names = font["name"]
    for number, text in ((1, NAME), (2, "Regular"), (3, f"{NAME} Regular"), (4, NAME), (6, NAME.replace(" ", ""))):
        names.setName(text, number, 3, 1, 0x409)
    names.names = [one for one in names.names if one.langID in (0, 0x409)]
    table = font["CFF "].cff
    table.fontNames = [NAME.replace(" ", "")]
    table.topDictIndex[0].FullName = NAME
    table.topDictIndex[0].FamilyName = NAME


def main(path: str) -> None:
    font = next(one for one in TTCollection(path).fonts if one["name"].getDebugName(4) == FACE)
    cut(font)
    rename(font)
    TARGET.parent.mkdir(exist_ok=True)
    font.save(TARGET)
    print(f"{TARGET}: {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(sys.argv[1])
