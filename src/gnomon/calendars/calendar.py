"""A calendar: when service hours are, and how much of them lies between two moments.

Counting is in whole seconds. A moment belongs to the second that it falls in, so lengths add up exactly;
stretches include their start and exclude their end. Open means that the clock on the wall shows open hours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from gnomon.calendars.definition import parts_of, written
from gnomon.calendars.hours import ALL_DAY, WEEKDAYS, Hours, Week, check_stretches
from gnomon.calendars.instants import FIRST_YEAR, LAST_YEAR, SECOND_MS, milliseconds, moment_at
from gnomon.calendars.openings import Openings, Unbroken
from gnomon.calendars.refusals import CalendarRefused, OutOfReach
from gnomon.calendars.unknown import UnknownYears
from gnomon.calendars.zones import zone_named
from gnomon.standard.periods import Period


@dataclass(frozen=True)
class Calendar:
    """Weekly hours, dated exceptions and a time zone; a value that never changes.

    `open` holds make-up workdays; None means the hours of a normal working day.
    `known_years` are the years whose official holidays are among the dates; None makes no claim.
    Two calendars are equal when they open alike, whatever they are called.
    """

    week: Week
    time_zone: str = "UTC"
    closed: frozenset[date] = frozenset()
    open: tuple[tuple[date, Hours | None], ...] = ()
    holidays: str | None = None
    known_years: tuple[int, ...] | None = None
    name: str = field(default="", compare=False)
    version: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        zone_named(self.time_zone)
        if len(self.week) != len(WEEKDAYS):
            raise CalendarRefused("%(place)s needs seven days, from Monday to Sunday.", place="week")
        for name, usual in zip(WEEKDAYS, self.week, strict=True):
            check_stretches(usual, f"week.{name}")
        for day, hours in self.open:
            self._check_open(day, hours)
        object.__setattr__(self, "open", tuple(sorted(dict(self.open).items())))

    def _check_open(self, day: date, hours: Hours | None) -> None:
        place = f"open.{day}"
        if day in self.closed:
            raise CalendarRefused("%(place)s: the day is also among the closed days; keep one.", place=place)
        if hours is None and not any(self.week):
            raise CalendarRefused("%(place)s: say its hours, since no day of the week has any.", place=place)
        if hours == ():
            raise CalendarRefused("%(place)s has no hours; write null for normal hours.", place=place)
        check_stretches(hours or (), place)

    @classmethod
    def from_definition(cls, definition: Mapping[str, Any], *, name: str = "", version: int = 0) -> Calendar:
        """The calendar that plain JSON data describes; CalendarRefused names the place of a fault."""
        return cls(**parts_of(definition), name=name, version=version)

    def definition(self) -> dict[str, Any]:
        """The calendar as plain JSON data; `from_definition` gives an equal calendar back."""
        return written(
            week=self.week, time_zone=self.time_zone, closed=self.closed, open=self.open,
            holidays=self.holidays, known_years=self.known_years,
        )  # fmt: skip

    def with_dates(self, *, closed: Iterable[date] = (), open: Mapping[date, Hours | None] | None = None) -> Calendar:
        """This calendar with more exceptions; they replace what it said of these days, and open wins over closed."""
        opened = dict(open or {})
        closing = frozenset(closed) - opened.keys()
        kept = {day: hours for day, hours in self.open if day not in closing}
        return replace(
            self,
            closed=(self.closed - opened.keys()) | closing,
            open=tuple((kept | opened).items()),
        )

    # What a day is

    @property
    def normal_hours(self) -> Hours:
        """The hours of a normal working day: those of the first day of the week that has any."""
        return next((day for day in self.week if day), ())

    def hours_on(self, day: date) -> Hours:
        """The open wall times of a local date."""
        if day in self._opened:
            own = self._opened[day]
            return self.normal_hours if own is None else own
        return () if day in self.closed else self.week[day.weekday()]

    def working_days(self, year: int) -> int:
        """How many dates of a year have open hours."""
        return sum(
            bool(self.hours_on(date.fromordinal(day)))
            for day in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())
        )

    # Arithmetic of business time

    def between(self, start: datetime, end: datetime) -> int:
        """Open seconds from `start` to `end`; negative when `end` is the earlier, so that all sums agree."""
        return self._openings.between(milliseconds(start), milliseconds(end))

    def add(self, start: datetime, seconds: int) -> datetime:
        """The first moment by which `seconds` of open time have passed since `start`; `start` itself for none."""
        return moment_at(self._openings.add(milliseconds(start), _length(seconds))) if seconds else _aware(start)

    def between_many(self, starts: Sequence[int], ends: Sequence[int]) -> list[int]:
        """`between` for pairs of epoch milliseconds."""
        _check_pairs(starts, ends)
        return self._openings.between_many(starts, ends)

    def between_columns(self, starts: Any, ends: Any) -> Any:
        """The same for numpy's columns of epoch milliseconds, as a column: millions of pairs a second."""
        _check_pairs(starts, ends)
        return self._openings.between_columns(starts, ends)

    def add_many(self, starts: Sequence[int], seconds: int) -> list[int]:
        """`add` of one length to many starts, in epoch milliseconds."""
        length, add = _length(seconds), self._openings.add
        return [add(start, length) for start in starts]

    def is_open(self, moment: datetime) -> bool:
        """Whether `moment` lies in open hours."""
        return self._openings.is_open(milliseconds(moment))

    def next_opening(self, moment: datetime) -> datetime:
        """`moment` itself when open, else the next opening; NeverOpens when there is none."""
        return _aware(moment) if self.is_open(moment) else moment_at(self._openings.next_opening(milliseconds(moment)))

    def next_closing(self, moment: datetime) -> datetime | None:
        """When the current opening, or when closed the next one, ends; None when it never does."""
        closing = self._openings.next_closing(milliseconds(moment))
        return None if closing is None else moment_at(closing)

    def intervals(self, period: Period) -> tuple[Period, ...]:
        """The openings within a period, in order, cut at its ends."""
        found = self._openings.within(milliseconds(period.start), milliseconds(period.end))
        return tuple(Period(moment_at(start), moment_at(end)) for start, end in found)

    # What it does not know

    def unknown_years(self, period: Period) -> UnknownYears | None:
        """The years of a period whose official holidays are not among the dates, or None: warn, since none is guessed."""
        if self.known_years is None:
            return None
        first, last = (moment.astimezone(zone_named(self.time_zone)).year for moment in (period.start, period.end))
        missing = tuple(year for year in range(first, last + 1) if year not in self.known_years)
        return UnknownYears(missing, self.name) if missing else None

    @cached_property
    def _opened(self) -> dict[date, Hours | None]:
        return dict(self.open)

    @cached_property
    def _openings(self) -> Openings | Unbroken:
        always = all(day == ALL_DAY for day in self.week)
        if always and not self.closed and all(hours in (None, ALL_DAY) for _, hours in self.open):
            return Unbroken()
        # Without weekly hours nothing opens after the last date, and without weekly gaps nothing closes;
        # the last hours of a local year may lie in the next UTC year.
        last_date = max((day.year + 1 for day in {*self._opened, *self.closed}), default=FIRST_YEAR)
        return Openings(
            zone_named(self.time_zone),
            self.hours_on,
            last_opening=LAST_YEAR if any(self.week) else last_date,
            last_closing=last_date if always else LAST_YEAR,
        )


def _aware(moment: datetime) -> datetime:
    milliseconds(moment)
    return moment


def _check_pairs(starts: Sequence[int], ends: Sequence[int]) -> None:
    if len(starts) != len(ends):
        raise OutOfReach("%(starts)d starts cannot be paired with %(ends)d ends.", starts=len(starts), ends=len(ends))


def _length(seconds: int) -> int:
    if seconds < 0:
        raise OutOfReach("%(seconds)d seconds cannot be added; a length of time is not negative.", seconds=seconds)
    if seconds * SECOND_MS > _LONGEST:
        raise OutOfReach("%(seconds)d seconds are longer than any calendar reaches.", seconds=seconds)
    return seconds


_LONGEST = (LAST_YEAR - FIRST_YEAR + 1) * 366 * 86_400_000

ALWAYS = Calendar(week=(ALL_DAY,) * 7, name="24×7")
