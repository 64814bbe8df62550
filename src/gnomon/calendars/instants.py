"""Moments as epoch milliseconds, the unit in which calendars count."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from gnomon.calendars.refusals import OutOfReach

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
SECOND_MS = 1000
DAY_MS = 86_400_000

# Wide enough for any service record; bounds the work that one nonsensical date can cause.
FIRST_YEAR, LAST_YEAR = 1900, 2199


def milliseconds(moment: datetime) -> int:
    """Epoch milliseconds of an aware moment, rounded down."""
    if moment.tzinfo is None:
        raise OutOfReach("%(moment)s has no time zone; give calendars aware moments.", moment=moment)
    return (moment - EPOCH) // MILLISECOND


def moment_at(instant: int) -> datetime:
    """The UTC moment of epoch milliseconds."""
    try:
        return EPOCH + instant * MILLISECOND
    except OverflowError:
        raise OutOfReach(
            "The moment asked for lies outside the years 1 to 9999; use a shorter length of time.", instant=instant
        ) from None


def start_of_year(year: int) -> int:
    return (datetime(year, 1, 1, tzinfo=UTC) - EPOCH) // MILLISECOND


def year_of(instant: int) -> int:
    """The UTC year of an instant; OutOfReach beyond the years that calendars answer for."""
    if not START_OF_REACH <= instant < END_OF_REACH:
        raise OutOfReach(
            "Calendars answer for the years %(first)d to %(last)d; epoch millisecond %(instant)d lies outside.",
            first=FIRST_YEAR,
            last=LAST_YEAR,
            instant=instant,
        )
    return moment_at(instant).year


START_OF_REACH = start_of_year(FIRST_YEAR)
END_OF_REACH = start_of_year(LAST_YEAR + 1)
