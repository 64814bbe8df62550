"""Which period and which part of the incidents a dashboard looks at: what the address says, made sense of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gnomon.evaluation.periods import PeriodUnclear, midnight, moment_named, period_named
from gnomon.standard.periods import Period
from gnomon.standard.plugs import Says

USUAL = "90"
PERIODS: Mapping[str, Says] = {
    "7": gettext_lazy("Last 7 days"),
    "30": gettext_lazy("Last 30 days"),
    "90": gettext_lazy("Last 90 days"),
    "month": gettext_lazy("This month"),
    "all": gettext_lazy("All"),
    "custom": gettext_lazy("From … to …"),
}
NARROWED_BY = ("service", "team", "priority", "customer")
# When nothing happened for so long, the last days are the last days of the records and not of the calendar.
FAR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Choice:
    """A period of whole days, the step to draw it in, and the list parameters that narrow the incidents.

    `moved_to` is the last day of the records where they, and not today, end the period; `trouble` a
    sentence about dates that made no sense.
    """

    name: str
    period: Period
    step: str
    within: Mapping[str, Sequence[str]] = field(default_factory=dict)
    moved_to: date | None = None
    trouble: str = ""

    @property
    def before(self) -> Period:
        """The period of the same length that ended when this one began."""
        return Period(self.period.start - self.period.length, self.period.start)

    @property
    def days(self) -> tuple[date, date]:
        """First and last day."""
        last = self.period.end - timedelta(milliseconds=1)
        return timezone.localdate(self.period.start), timezone.localdate(max(last, self.period.start))


def choice(asked: Mapping[str, str], *, first: datetime | None, newest: datetime | None, now: datetime) -> Choice:
    """What an address asks for, the last ninety days when it asks for nothing; records lie from `first` to `newest`."""
    name = asked.get("period", "")
    name = name if name in PERIODS else USUAL
    within = {part: [asked[part]] for part in NARROWED_BY if asked.get(part)}
    today = timezone.localdate(now)
    moved_to = None
    if newest is not None and now - newest > FAR and name != "custom":
        moved_to = today = timezone.localdate(newest)
    trouble = ""
    try:
        period = _period(name, asked, today, first)
    except PeriodUnclear as unclear:
        trouble = str(unclear)
        name, period = USUAL, _period(USUAL, asked, today, first)
    return Choice(name, period, _step(period), within, moved_to, trouble)


def _period(name: str, asked: Mapping[str, str], today: date, first: datetime | None) -> Period:
    end = midnight(today + timedelta(days=1))
    if name == "custom":
        if not asked.get("from") and not asked.get("to"):
            raise PeriodUnclear(_("Give the first or the last day of the period."))
        end = min(_day_after(asked["to"]), midnight(date.max - timedelta(days=1))) if asked.get("to") else end
        start = moment_named(asked["from"]) if asked.get("from") else min(first or end, end)
        return period_named(start, end)
    if name == "month":
        return Period(midnight(today.replace(day=1)), end)
    if name == "all":
        return Period(min(midnight(timezone.localdate(first)), end) if first else end, end)
    return Period(midnight(today - timedelta(days=int(name) - 1)), end)


def _day_after(text: str) -> datetime:
    return midnight(timezone.localdate(moment_named(text)) + timedelta(days=1))


def _step(period: Period) -> str:
    if period.length > timedelta(days=190):
        return "month"
    return "week" if period.length > timedelta(days=21) else "day"
