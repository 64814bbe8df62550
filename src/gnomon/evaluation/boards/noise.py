"""Control charts of measures as graphs, with limits, baselines and signals in words (9.1)."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gnomon.evaluation.boards.pieces import labels_of, long_unit, series_of, value_words
from gnomon.evaluation.boards.sheet import Control, Graph, Line
from gnomon.evaluation.control_charts import FEWEST, Rule, Signal
from gnomon.evaluation.queries.control import Controlled
from gnomon.ui.charts import Band, Chart
from gnomon.ui.charts import Rule as Across
from gnomon.ui.durations import date_words

MOST_SIGNALS = 3
RULES = {
    "beyond": gettext_lazy("a point beyond a limit"),
    "two_of_three": gettext_lazy("two of three points beyond two thirds of the way to a limit, on one side"),
    "four_of_five": gettext_lazy("four of five points beyond one third of the way to a limit, on one side"),
    "eight_in_a_row": gettext_lazy("eight points in a row on one side of the mean"),
    "range": gettext_lazy("a jump beyond the limit of the moving range"),
}


def rule_words(rule: Rule) -> str:
    """A rule by its name."""
    return str(RULES[rule])


def control_graph(found: Controlled, step: str) -> Graph:
    """A measure on its control chart, and beside it what the chart says."""
    measure, chart = found.measure, found.chart
    rules = [Across(measure.target, _("target"), "ok")] if measure.target is not None else []
    drawn = Chart(
        measure.title, labels_of(found.groups), [series_of(measure.title, found.groups)], unit=long_unit(measure),
        rules=rules, places=0 if measure.how == "count" else 1, from_zero=False,
        empty=_("Nothing was counted in any whole step of time yet."),
    )  # fmt: skip
    bands = [
        Band(stage.first, stage.end, limits.centre, limits.low, limits.high, limits.high_range)
        for stage in chart.stages
        if (limits := stage.limits)
    ]
    broken = {
        signal.at: "; ".join(rule_words(one.rule) for one in chart.signals_at(signal.at)) for signal in chart.signals
    }
    control = Control(bands, chart.ranges, broken)
    return Graph(
        drawn, "control", [*signal_lines(found), *_limit_lines(found, step)] if found.groups else (), control=control
    )


def signal_lines(found: Controlled) -> list[Line]:
    """The newest signals, each opening the list of its step."""
    if found.chart.limits is None:
        return []
    signals = found.chart.signals
    if not signals:
        return [Line(_("No signal: the figures move as much as chance moves them."))]
    places = sorted({signal.at for signal in signals}, reverse=True)
    lines = [_signal_line(found, [one for one in signals if one.at == at]) for at in places[:MOST_SIGNALS]]
    if len(places) > MOST_SIGNALS:
        more = len(places) - MOST_SIGNALS
        says = ngettext(
            "%(count)d earlier signal is ringed in the chart.",
            "%(count)d earlier signals are ringed in the chart.",
            more,
        )
        lines.append(Line(says % {"count": more}))
    return lines


def _signal_line(found: Controlled, signals: list[Signal]) -> Line:
    group = found.groups[signals[0].at]
    says = _("Signal: %(step)s, %(value)s – %(rules)s.") % {
        "step": group.title, "value": value_words(group.figure.value, found.measure),
        "rules": "; ".join(rule_words(one.rule) for one in signals),
    }  # fmt: skip
    return Line(says, group.url)


def _limit_lines(found: Controlled, step: str) -> list[Line]:
    limits, measure = found.chart.limits, found.measure
    if found.is_rare:
        return [Line(_("Less than one in a step on average: too rare for a control chart. Choose longer steps."))]
    known = sum(group.figure.value is not None for group in found.groups)
    if limits is None:
        says = _("Too few points to tell signal from noise: limits need %(fewest)d, and there are %(known)d.")
        return [Line(says % {"fewest": FEWEST, "known": known})]
    low, high = (value_words(end, measure) for end in (limits.low, limits.high))
    said = _("Mean %(mean)s; limits %(low)s and %(high)s, by %(count)d points.") % {
        "mean": value_words(limits.centre, measure), "low": low, "high": high, "count": limits.count,
    }  # fmt: skip
    if limits.provisional:
        said += " " + _("With so few points the limits are provisional.")
    return [Line(said), _baseline_line(found, step)]


def _baseline_line(found: Controlled, step: str) -> Line:
    prefix = f"{get_script_prefix()}evaluation/control-baselines/"
    if found.baselines:
        one = found.baselines[-1]
        says = _("Limits fixed by %(number)s: %(title)s, from %(start)s to %(end)s.") % {
            "number": one.number, "title": one.title, "start": date_words(one.start_date), "end": date_words(one.end_date),
        }  # fmt: skip
        return Line(says, f"{prefix}{one.number}")
    first, last = found.cut[0].period, found.cut[-1].period
    given = {
        "measure": found.measure.name, "step": step, "start_date": timezone.localdate(first.start).isoformat(),
        "end_date": timezone.localdate(last.end - timedelta(milliseconds=1)).isoformat(),
    }  # fmt: skip
    says = _("No baseline is fixed, so the limits are those of all points shown. Fix one.")
    return Line(says, f"{prefix}new?{urlencode(given)}")
