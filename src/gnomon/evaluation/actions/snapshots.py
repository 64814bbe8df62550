"""Keep what measures say of each day (9.1): once for a day, and never again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from gnomon.evaluation.definitions import digest
from gnomon.evaluation.figures import Figure
from gnomon.evaluation.models import MeasureSnapshot
from gnomon.evaluation.periods import PeriodUnclear, cut_to_millisecond, midnight
from gnomon.evaluation.queries.measures import evaluate, measures
from gnomon.standard.periods import Period
from gnomon.standard.plugs import Measure

DAY = timedelta(days=1)
# What a worker that slept takes by itself; what is older is asked for by name.
MOST_MISSED = 31
KEY = 200


def take_due_snapshots(*, now: datetime | None = None) -> int:
    """Take yesterday's snapshots, and those of the days before it that were missed since the last; how many rows.

    Called as often as one likes: a day that was taken is left as it is.
    """
    now = now or datetime.now(UTC)
    yesterday = timezone.localdate(now) - DAY
    last = MeasureSnapshot.objects.aggregate(last=Max("day"))["last"]
    first = yesterday if last is None else max(min(last + DAY, yesterday), yesterday - MOST_MISSED * DAY)
    return sum(take_snapshots(day, now=now) for day in days(first, yesterday))


def backfill_snapshots(
    first: date, last: date, *, names: Sequence[str] = (), then: bool = False, now: datetime | None = None,
    progress: Callable[[int], None] | None = None,
) -> int:  # fmt: skip
    """Take the snapshots of past days that have none; how many rows.

    They say what the records say now of those days; with `then`, what the ledger had told by the end of each, which
    takes longer. PeriodUnclear when the days are not past or not in order.
    """
    if first > last:
        raise PeriodUnclear(_("The period ends before it starts. Exchange the two dates."))
    if last >= timezone.localdate(now or datetime.now(UTC)):
        raise PeriodUnclear(_("Snapshots are taken of days that are over. Choose a last day before today."))
    made = 0
    for day in days(first, last):
        made += take_snapshots(day, names=names, then=then, now=now)
        if progress is not None:
            progress(1)
    return made


def take_snapshots(
    day: date, *, names: Sequence[str] = (), then: bool = False, now: datetime | None = None
) -> int:  # fmt: skip
    """Take the snapshots of a day of all measures that have none of it, or of those named; how many rows."""
    now = cut_to_millisecond(now or datetime.now(UTC))
    whole = MeasureSnapshot.objects.filter(day=day, by="")
    taken = set(whole.values_list("measure", flat=True))
    made = 0
    for measure in measures().values():
        if measure.name not in taken and (not names or measure.name in names):
            made += _take(measure, day, midnight(day + DAY) if then else None, now)
    return made


def days(first: date, last: date) -> Iterator[date]:
    """The days from one to another, both included."""
    while first <= last:
        yield first
        first += DAY


@transaction.atomic
def _take(measure: Measure, day: date, as_of: datetime | None, now: datetime) -> int:
    counted_by = digest(measure)
    rows = [
        MeasureSnapshot(
            measure=measure.name, day=day, by=by, key=key, value=figure.value, count=figure.count, part=figure.part,
            median=figure.median, p90=figure.p90, version=measure.version, definition=counted_by, taken_at=now,
        )
        for by, key, figure in _said(measure, Period(midnight(day), midnight(day + DAY)), as_of, now)
    ]  # fmt: skip
    # Two workers may take the same day at once: whoever comes first is right, for both counted the same.
    MeasureSnapshot.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _said(
    measure: Measure, period: Period, as_of: datetime | None, now: datetime
) -> Iterable[tuple[str, str, Figure]]:  # fmt: skip
    whole = evaluate(measure.name, period, now=now, as_of=as_of).figure
    yield "", "", whole
    for by in measure.kept_by if whole.count else ():
        for group in evaluate(measure.name, period, by, now=now, as_of=as_of).groups:
            if group.figure.count and len(group.key) <= KEY:
                yield by, group.key, group.figure
