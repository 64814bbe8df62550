"""Whether records kept to the workflow that was in force for them, and every deviation (8.1)."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from gnomon.evaluation.mining.asked import Question
from gnomon.evaluation.mining.conformance import (
    ANY,
    GROUP,
    NONE,
    SORT,
    Judged,
    fitness,
    groups,
    judged,
    key_of,
    sorts_of,
)
from gnomon.evaluation.mining.deviating import SORT_TITLES, sentence
from gnomon.evaluation.mining.perspectives import Numbers
from gnomon.evaluation.mining.replay import SORTS, Deviation
from gnomon.evaluation.views.mined_map import chosen_by, page, question_of
from gnomon.jobs.moments import moment, written
from gnomon.records.kinds import Kind
from gnomon.records.permissions import require
from gnomon.ui.tiles import Tile

MOST_GROUPS, PAGE = 40, 50


@dataclass(frozen=True, slots=True)
class GroupLine:
    """Deviations of one sort between the same states."""

    sort: str
    says: str
    cases: int
    times: int
    told_later: int
    url: str
    key: str


@dataclass(frozen=True, slots=True)
class DeviationLine:
    """One deviation of one record."""

    number: str
    at: datetime
    sort: str
    says: str
    is_told_later: bool
    url: str


def process_conformance(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Fitness, deviations by sort, and each of them with its record."""
    about = chosen_by(request)
    question = question_of(request, about)
    found = judged(question)
    if request.GET.get("format") == "csv":
        person: Any = request.user
        require(person, "export", about.kind)
        return _as_csv(about.kind, found)
    lines = group_lines(question, found)
    only = request.GET.get("deviation", "")
    single = newest(about.kind, found, only, PAGE)
    return page(
        request, about, "evaluation/mining/page.html", "evaluation/mining/_conformance.html", "mining-conformance",
        seen_as=False, tiles=tiles(question, found), sorts=sort_lines(question, found), lines=lines[:MOST_GROUPS],
        more=max(0, len(lines) - MOST_GROUPS), single=single, only=only, most=PAGE, is_empty=not found.steps,
        later=sum(line.told_later for line in lines), times=sum(line.times for line in lines),
    )  # fmt: skip


def tiles(question: Question, found: Judged) -> list[Tile]:
    """Fitness, and how many records kept to the workflow or did not."""
    fit = fitness(found)
    whole, bad = len(found.steps), len(found.deviations)
    return [
        Tile(_("Fitness"), None if fit is None else round(100 * fit, 2), unit="%", note=_("steps as the workflow has them")),
        Tile(_("Kept to the workflow"), whole - bad, _list(question, NONE, ""), note=_share(whole - bad, whole)),
        Tile(_("Deviating records"), bad, _list(question, ANY, ""), note=_share(bad, whole)),
    ]  # fmt: skip


def group_lines(question: Question, found: Judged) -> list[GroupLine]:
    """What deviates in the same way together."""
    return [
        GroupLine(
            str(SORT_TITLES[group.example.sort]), sentence(question.kind, group.example), group.cases, group.times,
            group.told_later, _list(question, GROUP, group.key), group.key,
        )
        for group in groups(found)
    ]  # fmt: skip


def sort_lines(question: Question, found: Judged) -> list[tuple[str, int, str]]:
    """Each sort that occurs: its title, in how many records, and their list."""
    counted = sorts_of(found)
    return [
        (str(SORT_TITLES[sort]), counted[sort], _list(question, SORT, sort)) for sort in SORTS if sort in counted
    ]  # fmt: skip


def newest(kind: Kind, found: Judged, key: str, most: int) -> list[DeviationLine]:
    """The newest deviations, of one way to deviate when its key is given."""
    told = [
        (one.at, case, one) for case, some in found.deviations.items() for one in some if not key or key_of(one) == key
    ]
    told.sort(key=lambda line: (-line[0], line[1]))
    return [_line(kind, case, one) for _at, case, one in told[:most]]


def _line(kind: Kind, case: int, one: Deviation) -> DeviationLine:
    number = Numbers(kind.prefix)[case]
    return DeviationLine(
        number, moment(one.at), str(SORT_TITLES[one.sort]), sentence(kind, one), one.is_told_later,
        reverse(f"{kind.name}-page", args=[number]),
    )  # fmt: skip


class _Echo:
    def write(self, text: str) -> str:
        return text


def _as_csv(kind: Kind, found: Judged) -> StreamingHttpResponse:
    """Every deviation, one a row."""
    heads = ["number", "at", "sort", "from", "to", "verb", "workflow_version", "detail", "told_later", "says"]

    def rows() -> Iterator[str]:
        lines: Any = csv.writer(_Echo())
        yield "\ufeff" + lines.writerow(heads)
        numbers = Numbers(kind.prefix)
        for case, some in sorted(found.deviations.items()):
            for one in some:
                yield lines.writerow([
                    numbers[case], written(moment(one.at)), one.sort, one.start, one.end, one.verb, one.version,
                    one.detail, "yes" if one.is_told_later else "no", sentence(kind, one),
                ])  # fmt: skip

    answer = StreamingHttpResponse(rows(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{kind.path}-deviations.csv"'
    return answer


def _list(question: Question, what: str, value: str) -> str:
    return question.listed(what, value, "conformance")


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else ""
