"""The dashboard of a process: all its measures with target, trend and control chart (9.1)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from gnomon.evaluation.boards import incidents
from gnomon.evaluation.boards.declared import Asked
from gnomon.evaluation.boards.noise import control_graph
from gnomon.evaluation.boards.pieces import tile_of
from gnomon.evaluation.boards.sheet import Section, Sheet
from gnomon.evaluation.catalogue import kpis, processes
from gnomon.evaluation.choices import Choice
from gnomon.evaluation.periods import cut_to_millisecond
from gnomon.evaluation.queries.control import baselines_of, controlled, steps_until
from gnomon.evaluation.queries.dashboard import READ, board, periods_of
from gnomon.evaluation.queries.lists import stands_at
from gnomon.evaluation.queries.measures import measure_named, measures
from gnomon.evaluation.queries.sources import Sources, lasts
from gnomon.records.kinds import kind_named
from gnomon.records.permissions import may
from gnomon.standard.plugs import Actor, Measure, Says

# Figures of the source stand beside ours only where a source said anything.
OF_THE_SOURCE = "incident_source_sla"
IN_PICTURES = "incident_management"


def measures_for(person: Actor, process: str = "") -> list[Measure]:
    """The measures of records that a person may read in full, of one process or of all, as the catalogue orders them."""
    clauses = {name: at for at, name in enumerate(processes())}
    order = {name: at for at, name in enumerate(kpis())}
    found = [
        measure
        for measure in measures().values()
        if (not process or measure.process == process) and may(person, "read", kind_named(measure.kind))
    ]
    return sorted(found, key=lambda measure: (clauses[measure.process], order.get(measure.name, len(order))))


def processes_for(person: Actor) -> dict[str, Says]:
    """The processes with measures that a person may see: name and title, in the order of the clauses."""
    known = {measure.process for measure in measures_for(person)}
    return {name: process.title for name, process in processes().items() if name in known}


def chosen_process(asked: Asked) -> str:
    """The process that the address names, or the first."""
    known = processes_for(asked.person)
    wanted = asked.more.get("process", "")
    usual = IN_PICTURES if IN_PICTURES in known else next(iter(known), "")
    return wanted if wanted in known else usual


def step_of(asked: Asked) -> str:
    """Week or month: what the address says, else what suits the length of the period."""
    wanted = asked.more.get("step", "")
    return wanted if wanted in {"week", "month"} else "month" if asked.choice.step == "month" else "week"


def read(asked: Asked) -> Sheet:
    """Tiles, control charts, and pictures where a process has any."""
    choice, step, process = asked.choice, step_of(asked), chosen_process(asked)
    chosen = [one for one in measures_for(asked.person, process) if lasts(one, choice.period, asked.now)]
    cut = steps_until(stands_at(choice.period, asked.now), step)
    pictured = [measure_named(name) for name in READ] if process == IN_PICTURES else []
    periods = [
        choice.before,
        choice.period,
        *(bucket.period for bucket in cut),
        *(periods_of(choice) if pictured else ()),
    ]
    read_once = list({one.name: one for one in [*chosen, *pictured]}.values())
    sources = Sources(read_once, periods, choice.within, cut_to_millisecond(asked.now))
    found = baselines_of(chosen, step)
    charts = [controlled(measure, sources, cut, found[measure.name]) for measure in chosen]
    tiles = []
    for one in charts:
        figure = sources.whole(one.measure, choice.period)
        if one.measure.name == OF_THE_SOURCE and not figure.count:
            continue
        trend = [group.figure.value for group in one.groups]
        before = None if one.measure.is_of_register else sources.figure(one.measure, choice.before).value
        url = sources.url(one.measure, choice.period)
        tiles.append(tile_of(one.measure, figure, url, before=before, trend=trend))
    shown = [
        one for one in charts if not one.measure.is_of_register and (one.measure.name != OF_THE_SOURCE or one.groups)
    ]
    sections = [
        Section(_("Measures of the period"), tiles=tiles),
        *(_pictures(sources, choice) if pictured else ()),
        Section(_("Signal or noise"), graphs=[control_graph(one, step) for one in shown], note=_noise_note(step)),
    ]
    return Sheet(sections, empty=_empty(tiles, charts))


def _pictures(sources: Sources, choice: Choice) -> list[Section]:
    return [Section(_("Incidents in pictures"), graphs=incidents.graphs(board(choice, sources), choice))]


def _noise_note(step: str) -> str:
    last = _("The running week is left out until it is over.") if step == "week" else _(
        "The running month is left out until it is over."
    )  # fmt: skip
    says = _(
        "Limits are the mean ± 2.66 mean moving ranges, and 3.268 mean moving ranges for the moving range; a signal "
        "is what the Western Electric rules call one. They are computed anew only where a person fixes a baseline."
    )
    return f"{says} {last}"


def _empty(tiles: Sequence[object], charts: Sequence[object]) -> str:
    return "" if tiles or charts else _("No process has measures of records that you may read.")
