"""Charts for paper: the same drawing, with its colours inside, since no style sheet follows it there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

STYLES = Path(__file__).parents[1] / "static" / "ui"
_TOKEN = re.compile(r"--([\w-]+):\s*(?:light-dark\(\s*([^,()]+),|(#\w+)|var\(--([\w-]+)\))")
_DRAWING = re.compile(r"<svg\b(?P<opening>[^>]*)>(?P<inside>.*?)</svg>", re.DOTALL)
SERIES = ("1", "2", "3", "4", "5", "6")
TONES = ("ok", "warn", "danger", "info", "rest")


def on_paper(markup: str, face: str) -> str:
    """The first drawing of some markup as a file of its own, in light colours; empty when there is none."""
    found = _DRAWING.search(markup)
    if found is None:
        return ""
    opening = re.sub(r' (?:class|role|aria-\w+)="[^"]*"', "", found["opening"])
    head = f'<svg xmlns="http://www.w3.org/2000/svg"{opening}><style>{style(face)}</style>'
    # Links would lead nowhere on paper, and their words are read by nobody there.
    inside = re.sub(r"<title>.*?</title>", "", found["inside"], flags=re.DOTALL)
    inside = re.sub(r"<a\b[^>]*>", "<g>", inside).replace("</a>", "</g>")
    return f"{head}{inside}</svg>"


@cache
def light_colours() -> Mapping[str, str]:
    """The colour tokens of the interface on a light ground."""
    found: dict[str, str] = {}
    for name in ("gnomon.css", "charts.css"):
        for token, light, plain, other in _TOKEN.findall((STYLES / name).read_text(encoding="utf-8")):
            found.setdefault(token, (light or plain).strip() or found.get(other, ""))
    return found


@cache
def style(face: str) -> str:
    """What the style sheet of charts says, without variables, which printing does not know."""
    c = light_colours()
    rules = [
        f"text{{font-family:'{face}';font-size:12px;fill:{c['ink-faint']}}}",
        f".label-name{{fill:{c['ink']}}}.label-value{{fill:{c['ink-soft']}}}",
        f".tick line,.stand{{stroke:{c['line']};stroke-width:1}}.tick-zero line{{stroke:{c['line-strong']}}}",
        ".line{fill:none;stroke-width:2;stroke-linejoin:round}.area{opacity:.14}.hit{fill:none}.dot-crowded{opacity:0}",
        f".dot{{fill:{c['surface']};stroke-width:2}}.reach{{opacity:.35}}.rule line{{stroke-width:1.5;stroke-dasharray:5 4}}",
        f".control-centre{{stroke:{c['accent']}}}.control-limit{{stroke:{c['accent']};stroke-dasharray:2 3}}",
        f".control-signal{{fill:none;stroke:{c['danger-fill']};stroke-width:2}}",
        f".spark-line{{fill:none;stroke:{c['ink-faint']};stroke-width:1.5}}.spark-dot{{fill:{c['accent']}}}",
        f".spark-target{{stroke:{c['rest-fill']};stroke-dasharray:2 3}}",
    ]
    for tone, colour in (*((one, c[f"c{one}"]) for one in SERIES), *((one, c[f"{one}-fill"]) for one in TONES)):
        inside = f".series-{tone} .bar,.series-{tone} .area,.series-{tone} .reach{{fill:{colour}}}"
        rules.append(f"{inside}.series-{tone} .line,.series-{tone} .dot{{stroke:{colour}}}")
    rules += [f".tone-line-{tone} line{{stroke:{c[tone]}}}" for tone in TONES if tone != "rest"]
    rules.append(f".tone-line-rest line{{stroke:{c['ink-soft']}}}.tone-line-1 line{{stroke:{c['accent']}}}")
    return "".join(rules)
