"""Tiles and series of measures, each figure with its list and its count; shared by all dashboards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gnomon.evaluation.figures import Figure
from gnomon.evaluation.queries.measures import Group
from gnomon.standard.plugs import Measure, Says
from gnomon.ui.charts import Series
from gnomon.ui.numbers import number_words
from gnomon.ui.tiles import Tile


def unit_words(measure: Measure) -> str:
    """The unit as it stands behind a figure; none for what is counted."""
    words = {"hours": pgettext("unit", "h"), "days": pgettext("unit", "d"), "%": "%"}
    return words.get(measure.unit, "")


def long_unit(measure: Measure) -> str:
    """The unit as it stands at the head of a chart."""
    words = {"hours": pgettext("length of time", "hours"), "days": pgettext("length of time", "days"), "%": "%"}
    return words.get(measure.unit, "")


def target_words(measure: Measure) -> Says:
    """The target with the side on which it is met."""
    if measure.target is None:
        return measure.aim
    sign = {"lower": "≤", "higher": "≥", "range": "="}[measure.direction]
    return f"{sign} {number_words(measure.target)} {unit_words(measure)}".strip()


def short(value: float | None, measure: Measure) -> float | None:
    """Rounded as it is read, so that the change stands between what is shown."""
    if value is None:
        return None
    return int(value) if measure.how == "count" else round(value, 1 if abs(value) >= 10 else 2)


def value_words(value: float | None, measure: Measure) -> str:
    """A figure with its unit; a dash for none."""
    shown = short(value, measure)
    return "–" if shown is None else f"{number_words(shown)} {unit_words(measure)}".strip()


def tone_of(measure: Measure, value: float | None) -> Literal["", "ok", "danger"]:
    """Whether a target is met; nothing where there is none."""
    if value is None or measure.target is None or measure.direction == "range":
        return ""
    kept = value >= measure.target if measure.direction == "higher" else value <= measure.target
    return "ok" if kept else "danger"


def note_of(measure: Measure, figure: Figure) -> str:
    """What stands behind the figure: the spread of a mean, the counts of a share."""
    if measure.how == "share" and figure.count:
        of = _("%(part)s of %(whole)s")
        return of % {"part": number_words(figure.part or 0), "whole": number_words(figure.count)}
    if measure.how == "mean" and figure.median is not None and figure.p90 is not None:
        return _("median %(median)s, 90th percentile %(p90)s") % {
            "median": value_words(figure.median, measure), "p90": value_words(figure.p90, measure),
        }  # fmt: skip
    return ""


def tile_of(
    measure: Measure, figure: Figure, url: str, *, before: float | None = None, trend: Sequence[float | None] = ()
) -> Tile:
    """A measure as a tile."""
    return Tile(
        title=measure.title, value=short(figure.value, measure), before=short(before, measure), url=url,
        unit=unit_words(measure), target=measure.target, target_words=target_words(measure),
        direction=measure.direction, trend=trend, note=note_of(measure, figure), tone=tone_of(measure, figure.value),
        count=figure.count, of=measure.name,
    )  # fmt: skip


def series_of(
    name: Says, groups: Sequence[Group], tone: Any = "1", value: Callable[[Figure], float | None] | None = None
) -> Series:
    """Groups as bars or points of a chart."""
    read = value or (lambda figure: figure.value)
    return Series(
        name, [read(group.figure) for group in groups], tone, [group.url for group in groups],
        [group.figure.count for group in groups],
    )  # fmt: skip


def labels_of(groups: Sequence[Group]) -> list[Says]:
    return [group.title for group in groups]
