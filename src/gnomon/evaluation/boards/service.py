"""The dashboard of services as their customers see them (8.3.2, 8.3.3, 9.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gnomon.agreements.fields import minutes_text
from gnomon.agreements.levels import PRIORITIES
from gnomon.agreements.models import ServiceLevelAgreement
from gnomon.evaluation.boards.declared import Asked
from gnomon.evaluation.boards.pieces import labels_of, series_of, tile_of, tone_of, value_words
from gnomon.evaluation.boards.sheet import Cell, Graph, Section, Sheet, Table
from gnomon.evaluation.periods import buckets
from gnomon.evaluation.queries import lists, service_levels
from gnomon.evaluation.queries.measures import Group, measure_named
from gnomon.evaluation.queries.service_levels import Interruption, Rated
from gnomon.evaluation.queries.sources import Sources
from gnomon.portfolio.models import Service
from gnomon.records.kinds import kind_named
from gnomon.records.permissions import may
from gnomon.ui.charts import Chart, Rule
from gnomon.ui.numbers import number_words
from gnomon.ui.tiles import Tile

MOST_SERVICES = 40
READ = (
    "incidents_opened",
    "incidents_resolved",
    "incident_sla",
    "incident_response_sla",
    "incident_mttr",
    "major_incidents",
)
IN_TABLE = ("incidents_opened", "incident_response_sla", "incident_sla", "major_incidents")


def read(asked: Asked) -> Sheet:
    """All services beside each other; for one of them what was agreed, reached, and how it went."""
    choice = asked.choice
    cut = buckets(choice.period, choice.step)
    measures = [measure_named(name) for name in READ]
    sources = Sources(
        measures, [choice.before, choice.period, *(bucket.period for bucket in cut)], choice.within, asked.now
    )
    down = service_levels.interruptions(choice.period, choice.within, asked.now)
    rated = service_levels.ratings(choice.period, choice.within) if _rates(asked) else {}
    sections = [
        Section(_("What customers got"), tiles=[*_tiles(sources, asked), *_own_tiles(asked, down, rated)]),
        *_agreed(asked, sources),
        Section(_("Month by month") if choice.step == "month" else _("Over time"), graphs=_graphs(sources, cut)),
        Section(_("Service by service"), tables=[_services(asked, sources, down, rated)], note=_note()),
    ]
    return Sheet(sections)


def _rates(asked: Asked) -> bool:
    return may(asked.person, "read", kind_named("satisfaction_rating"))


def _tiles(sources: Sources, asked: Asked) -> list[Tile]:
    choice = asked.choice
    return [
        tile_of(
            measure, sources.whole(measure, choice.period), sources.url(measure, choice.period),
            before=sources.figure(measure, choice.before).value,
        )
        for measure in map(measure_named, READ)
    ]  # fmt: skip


def _own_tiles(asked: Asked, down: Mapping[Any, Interruption], rated: Mapping[Any, Rated]) -> list[Tile]:
    """How long there was no major incident, and what people said."""
    choice = asked.choice
    count = sum(one.count for one in down.values())
    within = lists.address("incident", service_levels.majors_given(choice.period, choice.within, asked.now))
    hours = sum(one.milliseconds for one in down.values()) / 3_600_000
    tiles = [
        Tile(
            title=_("Hours of major incidents"), value=round(hours, 1), url=within, unit=pgettext("unit", "h"), count=count,
            direction="lower", note=_("summed over services"),
        )
    ]  # fmt: skip
    if _rates(asked):
        answers = sum(one.count for one in rated.values())
        total = sum((one.mean or 0) * one.count for one in rated.values())
        url = lists.address("satisfaction_rating", service_levels.ratings_given(choice.period, choice.within))
        tiles.append(
            Tile(
                title=_("Satisfaction"), value=round(total / answers, 2) if answers else None, url=url, count=answers,
                unit=_("of 5"), note=_("%(count)s answers") % {"count": number_words(answers)},
            )
        )  # fmt: skip
    return tiles


def _graphs(sources: Sources, cut: Sequence[Any]) -> list[Graph]:
    steps = {name: [sources.group(measure_named(name), bucket) for bucket in cut] for name in READ}
    flow = [
        series_of(_("opened"), steps["incidents_opened"], "1"),
        series_of(_("resolved"), steps["incidents_resolved"], "2"),
    ]
    anything = any(any(one.values) for one in flow)
    kept = [
        series_of(_("resolved in time"), steps["incident_sla"], "1"),
        series_of(_("responded to in time"), steps["incident_response_sla"], "2"),
    ]
    target = measure_named("incident_sla").target
    rules = [Rule(target, _("target"), "ok")] if target is not None else []
    labels = labels_of(steps["incidents_opened"])
    return [
        Graph(Chart(_("Opened and resolved"), labels, flow if anything else [], places=0), "bars"),
        Graph(Chart(_("Kept within target"), labels, kept, unit="%", rules=rules, places=1), "lines"),
    ]


def _agreed(asked: Asked, sources: Sources) -> list[Section]:
    """What was agreed about the chosen service or with the chosen customer, beside what was reached."""
    choice = asked.choice
    if not choice.within.get("service") and not choice.within.get("customer"):
        says = _("Choose a service or a customer to see what was agreed and what was reached.")
        return [Section(_("Agreed and reached"), note=says)]
    found = service_levels.agreements_of(choice.within, choice.period)
    if not found:
        return [Section(_("Agreed and reached"), note=_("No agreement was in effect in this period."))]
    return [Section(_("Agreed and reached"), tables=[_agreement(one, asked, sources) for one in found])]


def _agreement(one: ServiceLevelAgreement, asked: Asked, sources: Sources) -> Table:
    within = dict(asked.choice.within)
    if one.service is not None:
        within["service"] = [one.service.number]
    if one.customer is not None:
        within["customer"] = [one.customer.number]
    reached = {}
    for name in ("incident_response_sla", "incident_sla"):
        groups = sources.shares_by(measure_named(name), asked.choice.period, ["priority"], within)
        reached[name] = {group.key: group for group in groups["priority"]}
    hours = one.calendar.title if one.calendar else _("round the clock")
    title = _("%(number)s %(title)s · service hours: %(hours)s") % {
        "number": one.number,
        "title": one.title,
        "hours": hours,
    }
    heads = [_("Priority"), _("Respond within"), _("Responded in time"), _("Resolve within"), _("Resolved in time")]
    return Table(title, heads, [_target_row(target, reached) for target in one.targets], _("No targets were agreed."))


def _target_row(target: Mapping[str, Any], reached: Mapping[str, Mapping[str, Group]]) -> list[Cell]:
    key = str(target["priority"])
    return [
        Cell(PRIORITIES.get(target["priority"], key)),
        Cell(minutes_text(target.get("respond_minutes")) or _("no target")),
        _reached("incident_response_sla", reached["incident_response_sla"].get(key)),
        Cell(minutes_text(target.get("resolve_minutes")) or _("no target")),
        _reached("incident_sla", reached["incident_sla"].get(key)),
    ]


def _reached(name: str, group: Group | None) -> Cell:
    measure = measure_named(name)
    if group is None or group.figure.value is None:
        return Cell("–")
    figure = group.figure
    words = f"{value_words(figure.value, measure)} ({number_words(figure.part or 0)}/{number_words(figure.count)})"
    return Cell(words, figure.value, group.url, figure.count, tone_of(measure, figure.value))


def _services(asked: Asked, sources: Sources, down: Mapping[Any, Interruption], rated: Mapping[Any, Rated]) -> Table:
    """A row for each live service, and for others of which there is something to say."""
    choice = asked.choice
    columns = []
    for measure in map(measure_named, IN_TABLE):
        groups = sources.shares_by(measure, choice.period, ["service"])["service"]
        columns.append({group.key: group for group in groups})
    known = {key for column in columns for key in column}
    services = [one for one in Service.objects.order_by("title", "id") if one.status == "live" or one.number in known]
    wanted = choice.within.get("service")
    services = [one for one in services if not wanted or one.number in wanted]
    heads = [
        _("Service"), *(measure_named(name).title for name in IN_TABLE), _("Without major incident"), _("Satisfaction"),
    ]  # fmt: skip
    rows = [_service_row(one, columns, asked, down, rated) for one in services[:MOST_SERVICES]]
    return Table(_("Services"), heads, rows, _("There are no services yet."))


def _service_row(
    service: Service, columns: Sequence[Mapping[str, Group]], asked: Asked, down: Mapping[Any, Interruption],
    rated: Mapping[Any, Rated],
) -> list[Cell]:  # fmt: skip
    choice = asked.choice
    within = {**choice.within, "service": [service.number]}
    cells = [Cell(service.title, url=service.get_absolute_url())]
    for name, column in zip(IN_TABLE, columns, strict=True):
        measure, group = measure_named(name), column.get(service.number)
        if group is None:
            url = lists.address(measure.kind, lists.parameters(measure, choice.period, within, asked.now))
            cells.append(Cell("0" if measure.how == "count" else "–", 0.0 if measure.how == "count" else None, url, 0))
        else:
            tone = tone_of(measure, group.figure.value)
            cells.append(
                Cell(value_words(group.figure.value, measure), group.figure.value, group.url, group.figure.count, tone)
            )
    up = down.get(service.pk, Interruption(100.0, 0, 0))
    majors = lists.address("incident", service_levels.majors_given(choice.period, within, asked.now))
    cells.append(Cell(f"{number_words(up.share_up, 3)} %", up.share_up, majors, up.count))
    cells.append(_satisfaction(rated.get(service.pk), within, asked))
    return cells


def _satisfaction(rated: Rated | None, within: Mapping[str, Sequence[str]], asked: Asked) -> Cell:
    if rated is None or rated.mean is None:
        return Cell("–")
    url = lists.address("satisfaction_rating", service_levels.ratings_given(asked.choice.period, within))
    words = f"{number_words(rated.mean, 2)} ({number_words(rated.count)})"
    return Cell(words, rated.mean, url, rated.count)


def _note() -> str:
    return _(
        "“Without major incident” is the share of the period in which none was open, by the clock on the wall; "
        "availability measured at the service itself is not recorded yet."
    )
