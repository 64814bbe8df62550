"""Two periods of a measure side by side, and whether they differ (9.1, 10.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gnomon.evaluation.boards.pieces import note_of, short, unit_words
from gnomon.evaluation.compare_form import DAYS, CompareForm, comparable, narrowing_of
from gnomon.evaluation.comparing_words import digits, method_words, points, sentences, verdict, what_words
from gnomon.evaluation.intervals import Difference
from gnomon.evaluation.periods import PeriodUnclear, midnight, moment_named, period_named
from gnomon.evaluation.queries.comparison import Comparison, Side, compare
from gnomon.standard.periods import Period
from gnomon.standard.plugs import Measure
from gnomon.ui.charts import Interval, interval_chart
from gnomon.ui.charts.data import Tone
from gnomon.ui.durations import date_words
from gnomon.ui.render import render
from gnomon.ui.tiles import Tile

DAY = timedelta(days=1)
USUAL = 30
USUAL_MEASURE = "incident_mttr"


@login_required
def comparison(request: HttpRequest) -> HttpResponse:
    """For whoever may read the records of some measure; the address holds all that was chosen."""
    offered = comparable(request.user)  # type: ignore[arg-type]
    if not offered:
        raise Http404(_("There is no such page."))
    measure = _chosen(offered, request.GET.get("measure", ""))
    asked = _with_usual_days(request.GET.dict())
    trouble, found = "", None
    try:
        found = compare(measure.name, _period(asked, "before"), _period(asked, "after"), within=_within(measure, asked))
    except PeriodUnclear as unclear:
        trouble = str(unclear)
    return render(
        request,
        "evaluation/comparison.html",
        partials={"compared": "evaluation/_compared.html"},
        form=CompareForm({**asked, "measure": measure.name}, offered, measure),
        measure=measure,
        found=found,
        trouble=trouble,
        **(_shown(found) if found else {}),
    )


def _shown(found: Comparison) -> dict[str, Any]:
    return {
        "sides": [_tile(found, found.before, _("Before")), _tile(found, found.after, _("After"))],
        "says": sentences(found),
        "verdict": verdict(found.measure, found.found[0].difference) if found.found else "",
        "chart": _chart(found),
        "methods": [method_words(one.difference.method) for one in found.found if one.difference],
    }


def _chosen(offered: Sequence[Measure], name: str) -> Measure:
    """The measure that the address names, else one that people know."""
    known = {one.name: one for one in offered}
    return known.get(name) or known.get(USUAL_MEASURE) or offered[0]


def _within(measure: Measure, asked: Mapping[str, str]) -> dict[str, list[str]]:
    return {name: [asked[name]] for name in narrowing_of(measure) if asked.get(name)}


def _with_usual_days(asked: Mapping[str, str]) -> dict[str, str]:
    """The last thirty days against the thirty before, where the address says nothing else."""
    today = timezone.localdate(datetime.now(UTC))
    usual = {
        "after_to": today, "after_from": today - (USUAL - 1) * DAY,
        "before_to": today - USUAL * DAY, "before_from": today - (2 * USUAL - 1) * DAY,
    }  # fmt: skip
    if any(asked.get(name) for name in DAYS):
        return dict(asked)
    return {**asked, **{name: day.isoformat() for name, day in usual.items()}}


def _period(asked: Mapping[str, str], which: str) -> Period:
    start, end = asked.get(f"{which}_from", ""), asked.get(f"{which}_to", "")
    if not start or not end:
        raise PeriodUnclear(_("Give the first and the last day of both periods."))
    last = timezone.localdate(moment_named(end))
    return period_named(moment_named(start), midnight(min(last, date.max - 2 * DAY) + DAY))


def _tile(found: Comparison, side: Side, title: str) -> Tile:
    measure, figure = found.measure, side.figure
    records = _("%(count)s records") % {"count": f"{figure.count:,}"}
    note = note_of(measure, figure)
    last = timezone.localdate(side.period.end - timedelta(milliseconds=1))
    days = f"{date_words(timezone.localdate(side.period.start))} – {date_words(last)}"
    return Tile(
        title=title, value=short(figure.value, measure), url=side.url, unit=unit_words(measure),
        note=" · ".join(filter(None, (days, records, note))), direction=measure.direction,
    )  # fmt: skip


def _tone(measure: Measure, difference: Difference) -> Tone:
    usual: Tone = "info" if difference.is_certain else "rest"
    told: dict[str, Tone] = {"better": "ok", "worse": "danger"}
    return told.get(verdict(measure, difference), usual)


def _chart(found: Comparison) -> SafeString | str:
    """The intervals as bars; nothing where there are none."""
    intervals = []
    unit = points() if found.measure.unit == "%" else unit_words(found.measure)
    for one in found.found:
        difference = one.difference
        if difference is None:
            continue
        value, low, high = difference.value, difference.low, difference.high
        if difference.is_ratio:
            value, low, high = ((end - 1) * 100 for end in (value, low, high))
            unit = "%"
        title = f"{what_words(one.of)} {digits(value)}"
        intervals.append(Interval(title, value, low, high, _tone(found.measure, difference)))
    if not intervals:
        return ""
    names = [pgettext("interval", "Difference"), pgettext("interval", "Lower end"), pgettext("interval", "Upper end")]
    return interval_chart(_("Difference, with the interval of 95 %"), intervals, unit=unit, names=names)
