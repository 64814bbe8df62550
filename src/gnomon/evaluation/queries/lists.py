"""The list behind a figure: the parameters of the page that shows exactly the records it counts (golden rule i)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.urls import get_script_prefix

from gnomon.evaluation.asking import filled
from gnomon.evaluation.periods import cut_to_millisecond
from gnomon.jobs.moments import written
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named
from gnomon.records.listing import Listing
from gnomon.standard.periods import Period
from gnomon.standard.plugs import Measure

Parameters = Mapping[str, Sequence[str]]
Within = Mapping[str, Sequence[str]]


def stands_at(period: Period, now: datetime | None = None) -> datetime:
    """When a figure of what stands is taken: at the end of the period, or now when it lasts on."""
    return min(period.end, cut_to_millisecond(now or datetime.now(UTC)))


def parameters(measure: Measure, period: Period, within: Within, now: datetime | None = None) -> Parameters:
    """The list parameters of the records that a measure counts; `within` narrows them as the page would."""
    own = filled(measure.among, stands_at(period, now))
    if measure.at:
        own[f"{measure.at}.from"] = [written(period.start)]
        own[f"{measure.at}.to"] = [written(period.end)]
    elif measure.standing:
        own[measure.standing] = [written(stands_at(period, now))]
    return {**own, **within}


def address(kind: str, given: Parameters) -> str:
    """The address of a list page with these parameters."""
    listed = kind_named(kind)
    # Put together as records.urls does: the command line need not load every page to name one.
    pieces = (_piece(name, *values) for name, values in given.items() if values)
    return f"{get_script_prefix()}{listed.app}/{listed.path}/?{'&'.join(pieces)}"


@lru_cache(maxsize=4096)
def _piece(name: str, *values: str) -> str:
    """One parameter of an address; a dashboard has hundreds of addresses with the same few."""
    return urlencode({name: values}, doseq=True)


def records_of(kind: str, given: Parameters) -> models.QuerySet[Any]:
    """The records that the list page would show to somebody who may see all."""
    return Listing(kind_named(kind), SYSTEM, given).query.order_by()


def held(measure: Measure, given: Parameters, at: datetime | None = None) -> Parameters:
    """The parameters of those records of a share that have what it is a share of."""
    return {**given, **filled(measure.holds, at or datetime.now(UTC))}


def missed(measure: Measure, given: Parameters) -> Parameters | None:
    """The parameters of the others, where the list can say it: those for which one answer is no."""
    opposite = {"true": "false", "yes": "no"}
    if len(measure.holds) != 1 or not opposite.keys() >= set(measure.holds.values()):
        return None
    return {**given, **{name: [opposite[value]] for name, value in measure.holds.items()}}
