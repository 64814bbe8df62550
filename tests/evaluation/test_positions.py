"""Where the ledger stood at earlier times is remembered for as long as a transaction may last, and not at each look."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gnomon.evaluation.queries.positions import OFTEN, SETTLED, Place, place_now
from gnomon.jobs.moments import milliseconds

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def looked(every: timedelta, times: int) -> Place:
    place = place_now("incident", None, NOW)
    for n in range(1, times + 1):
        place = place_now("incident", place, NOW + n * every)
    return place


def test_who_looks_each_second_for_hours_remembers_few_places() -> None:
    place = looked(timedelta(seconds=1), 7_300)
    assert len(place.earlier) <= SETTLED / OFTEN + 2


@pytest.mark.parametrize("every", [timedelta(seconds=20), timedelta(minutes=7), timedelta(hours=3)])
def test_the_first_of_them_is_the_last_that_is_old_enough(every: timedelta) -> None:
    place, now = looked(every, 400), NOW + 400 * every
    ages = [milliseconds(now) - at for at, _sequence in place.earlier]
    enough = SETTLED / timedelta(milliseconds=1)
    assert ages == sorted(ages, reverse=True)
    assert [age >= enough for age in ages] == [True] + [False] * (len(ages) - 1)
    assert ages[0] < enough + max(every, OFTEN) / timedelta(milliseconds=1) * 2


def test_while_none_is_old_enough_all_stay() -> None:
    place = looked(timedelta(minutes=5), 6)
    assert [at for at, _sequence in place.earlier] == [milliseconds(NOW + n * timedelta(minutes=5)) for n in range(7)]
