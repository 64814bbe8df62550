"""All that dashboards put together from what was counted, and the same from the records themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from gnomon.evaluation.figures import Figure
from gnomon.evaluation.models import TallyMark
from gnomon.evaluation.periods import buckets
from gnomon.evaluation.queries import spreads
from gnomon.evaluation.queries.measures import measures
from gnomon.evaluation.queries.sources import Sources
from gnomon.evaluation.series import Series
from gnomon.standard.periods import Period


def told(now: datetime, periods: Sequence[Period], within: Mapping[str, Sequence[str]] | None = None) -> dict[str, Any]:
    """Sums, spreads, groups and ages of all measures, of some periods and week by week."""
    chosen = [one for one in measures().values() if not one.is_of_register]
    cut = [*periods, *(bucket.period for bucket in buckets(periods[0], "week"))]
    sources = Sources(chosen, cut, within or {}, now)
    found: dict[str, Any] = {one.name: [_near(sources.figure(one, period)) for period in cut] for one in chosen}
    for one in chosen:
        found[f"{one.name} whole"] = [_near(sources.whole(one, period)) for period in periods]
        names = Series(one).dimensions if one.at and one.how != "mean" else ()
        found[f"{one.name} by"] = [sources.shares_by(one, period, names) for period in periods]
        if one.standing:
            found[f"{one.name} ages"] = [spreads.ages(one, sources, period) for period in cut]
    often = measures()["reassignment_count"]
    found["often"] = [spreads.times(often, "reassignment_count", sources, period) for period in periods]
    return found


def directly(
    now: datetime, periods: Sequence[Period], within: Mapping[str, Sequence[str]] | None = None
) -> dict[str, Any]:
    """The same where nothing was ever counted."""
    kept = list(TallyMark.objects.all())
    TallyMark.objects.all().delete()
    try:
        return told(now, periods, within)
    finally:
        TallyMark.objects.bulk_create(kept)


def _near(figure: Figure) -> Figure:
    """Sums of whole milliseconds are exact; only their quotient may differ in its last binary place."""
    return replace(figure, value=None if figure.value is None else round(figure.value, 9))
