"""The ways that records went, and how many went each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from gnomon.evaluation.mining.asked import Asked
from gnomon.evaluation.mining.atlas import time_words
from gnomon.evaluation.mining.variants import Variant
from gnomon.evaluation.views.mined_map import chosen_by, page, question_of

PAGE = 30


@dataclass(frozen=True, slots=True)
class WayShown:
    """A variant with its steps in words; shares in per cent, the second with all that are more frequent."""

    place: int
    steps: Sequence[tuple[str, str]]
    cases: int
    share: float
    so_far: float
    median: str
    p90: str
    url: str


def process_variants(request: HttpRequest) -> HttpResponse:
    """Every way with its share, its length and its usual time."""
    about = chosen_by(request)
    question = question_of(request, about)
    found = question.variants()
    return page(
        request, about, "evaluation/mining/page.html", "evaluation/mining/_variants.html", "mining-variants",
        **ways_page(question, found, request.GET.get("page", "")),
    )  # fmt: skip


def ways_page(question: Asked, found: Sequence[Variant], asked: str) -> dict[str, Any]:
    """What the page of ways shows, of the ledger or of a log from elsewhere."""
    at = page_at(asked, len(found), PAGE)
    return {
        "shown": shown_ways(question, found, at * PAGE, PAGE), "count": len(found),
        "cases": sum(way.cases for way in found), "before": at if at else 0,
        "following": at + 2 if (at + 1) * PAGE < len(found) else 0, "is_empty": not found,
        "once": sum(1 for way in found if way.cases == 1),
    }  # fmt: skip


def shown_ways(
    question: Asked, found: Sequence[Variant], after: int = 0, most: int | None = None
) -> list[WayShown]:  # fmt: skip
    """Variants in words, the most frequent first: all of them, or so many after those of the pages before."""
    some = found[after:] if most is None else found[after : after + most]
    names = list(dict.fromkeys(name for way in some for name in way.path))
    titles, phases = question.titles(names), question.phases()
    whole = sum(way.cases for way in found)
    so_far, shown = sum(way.cases for way in found[:after]), []
    for place, way in enumerate(some, after + 1):
        so_far += way.cases
        shown.append(WayShown(
            place, [(titles[name], phases.get(name, "")) for name in way.path], way.cases, 100 * way.cases / whole,
            100 * so_far / whole, time_words(way.time.median), time_words(way.time.p90),
            question.listed("variant", way.key),
        ))  # fmt: skip
    return shown


def page_at(text: str, count: int, size: int) -> int:
    """Which page, from 0; the last when it lies beyond."""
    asked = int(text[:6]) - 1 if text.isascii() and text.isdigit() else 0
    return max(0, min(asked, (count - 1) // size))
