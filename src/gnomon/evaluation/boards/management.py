"""The dashboard of management: each measure against its target, and which need attention (5.1, 9.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gnomon.evaluation.boards.declared import Asked
from gnomon.evaluation.boards.noise import control_graph
from gnomon.evaluation.boards.pieces import long_unit, short, target_words, tone_of, value_words
from gnomon.evaluation.boards.process import OF_THE_SOURCE, measures_for, step_of
from gnomon.evaluation.boards.sheet import Cell, Section, Sheet, Table
from gnomon.evaluation.catalogue import process_of
from gnomon.evaluation.control_charts import Signal
from gnomon.evaluation.figures import Figure
from gnomon.evaluation.queries.control import Controlled, baselines_of, controlled, steps_until
from gnomon.evaluation.queries.lists import stands_at
from gnomon.evaluation.queries.sources import Sources, lasts
from gnomon.standard.periods import Period
from gnomon.standard.plugs import Measure
from gnomon.ui.numbers import number_words

# How many control charts are shown of what needs attention; the others are on the dashboards of processes.
MOST_CHARTS = 6
RECENT = 3


@dataclass(frozen=True, slots=True)
class Standing:
    """How a measure stands in the period, one period earlier, and on its control chart."""

    measure: Measure
    figure: Figure
    before: float | None
    url: str
    controlled: Controlled

    @property
    def is_missed(self) -> bool:
        return tone_of(self.measure, self.figure.value) == "danger"

    @property
    def signals(self) -> int:
        """How many of the newest steps are a signal for the worse."""
        return len({signal.at for signal in self._recent if self.controlled.is_worse(signal)})

    @property
    def _recent(self) -> list[Signal]:
        last = len(self.controlled.groups)
        return [signal for signal in self.controlled.chart.signals if signal.at >= last - RECENT]

    @property
    def how(self) -> str:
        """What asks for attention, or else what went better than chance explains."""
        better = _("a signal for the better") if self._recent and not self.signals else ""
        return "; ".join(filter(None, [*self.why, better]))

    @property
    def why(self) -> list[str]:
        """What asks for attention; nothing where all is well."""
        said = [_("target missed")] if self.is_missed else []
        if self.signals:
            says = ngettext(
                "a signal for the worse in the last %(recent)d steps",
                "signals for the worse in the last %(recent)d steps",
                self.signals,
            )
            said.append(says % {"recent": RECENT})
        return said


def read(asked: Asked) -> Sheet:
    """What needs attention first, then everything else, process by process."""
    standings = [one for one in _standings(asked) if one.measure.name != OF_THE_SOURCE or one.figure.count]
    wanting = [one for one in standings if one.why]
    silent = [one for one in standings if not one.why and one.figure.value is None]
    calm = [one for one in standings if not one.why and one.figure.value is not None]
    step = step_of(asked)
    calm_words = _("Nothing needs attention: no target is missed, and no figure moved more than chance moves it.")
    rule = _(
        "A measure needs attention when its target is missed, or when one of its last %(recent)d steps is a signal for the worse."
    )
    wanted = _table(_("Measures that need attention"), wanting, calm_words)
    sections = [
        Section(_("Needs attention"), tables=[wanted], note=rule % {"recent": RECENT}),
        Section(_("On course"), tables=[_table(_("Measures on course"), calm, _("No measure is on course."))]),
    ]
    if silent:
        note = _("Nothing of the period counts for these, so they are neither on course nor missed.")
        sections.append(
            Section(_("Undetermined"), tables=[_table(_("Measures without a figure"), silent, "")], note=note)
        )
    if wanting:
        judged = [one for one in wanting if not one.measure.is_of_register]
        graphs = [control_graph(one.controlled, step) for one in judged[:MOST_CHARTS]]
        sections.append(Section(_("Signal or noise"), graphs=graphs))
    return Sheet(sections, empty="" if standings else _("No process has measures of records that you may read."))


def _standings(asked: Asked) -> list[Standing]:
    choice, step = asked.choice, step_of(asked)
    measures = [one for one in measures_for(asked.person) if lasts(one, choice.period, asked.now)]
    cut = steps_until(stands_at(choice.period, asked.now), step)
    sources = Sources(
        measures, [choice.before, choice.period, *(bucket.period for bucket in cut)], choice.within, asked.now
    )
    fixed = baselines_of(measures, step)
    return [
        Standing(
            measure, sources.figure(measure, choice.period), _before(measure, sources, choice.before),
            sources.url(measure, choice.period), controlled(measure, sources, cut, fixed[measure.name]),
        )
        for measure in measures
    ]  # fmt: skip


def _before(measure: Measure, sources: Sources, period: Period) -> float | None:
    return None if measure.is_of_register else sources.figure(measure, period).value


def _table(title: str, standings: Sequence[Standing], empty: str) -> Table:
    heads = [_("Measure"), _("Process"), _("Value"), _("Target"), _("Change"), _("Trend"), _("Attention")]
    return Table(title, heads, [_row(one) for one in standings], empty, texts=2)


def _row(one: Standing) -> list[Cell]:
    measure, value = one.measure, one.figure.value
    tone: Literal["", "ok", "danger"] = tone_of(measure, value)
    unit = long_unit(measure)
    return [
        Cell(f"{measure.title} ({unit})" if unit else measure.title),
        Cell(process_of(measure).title),
        Cell(value_words(value, measure), short(value, measure), one.url, one.figure.count, tone, of=measure.name),
        Cell(target_words(measure) or "–"),
        Cell(_change(measure, value, one.before)),
        Cell("", trend=[group.figure.value for group in one.controlled.groups], target=measure.target),
        Cell(one.how, tone="warn" if one.why else "ok" if one.how else ""),
    ]


def _change(measure: Measure, value: float | None, before: float | None) -> str:
    now, then = short(value, measure), short(before, measure)
    if now is None or then is None:
        return "–"
    moved = now - then
    return f"{'+' if moved > 0 else ''}{number_words(round(moved, 2))}"
