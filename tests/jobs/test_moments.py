from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Avg, F, Max
from hypothesis import given
from hypothesis import strategies as st

from gnomon.jobs.models import QueuedJob, Schedule
from gnomon.jobs.moments import milliseconds, moment, written

NINE = datetime(2026, 1, 5, 1, 0, 0, 123456, tzinfo=UTC)


@given(st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.timezones()))
def test_a_moment_comes_back_as_the_same_instant_to_the_millisecond(when):
    back = moment(milliseconds(when))
    assert timedelta() <= when - back < timedelta(milliseconds=1)
    assert back.tzinfo is UTC


def test_the_database_holds_milliseconds_since_1970(db):
    # 2026-01-05 is day 20,458 since 1970: 56 years · 365 + 14 leap days + 4; 20,458 · 86,400 s + 1 h = 1,767,574,800 s
    schedule = Schedule.objects.create(name="any", next_run=NINE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT next_run FROM jobs_schedule")
        assert cursor.fetchone() == (1_767_574_800_123,)
    assert schedule.next_run == Schedule.objects.get().next_run == NINE.replace(microsecond=123000)


def test_a_moment_is_found_by_what_it_was_saved_as_in_any_time_zone(db):
    Schedule.objects.create(name="any", next_run=NINE)
    shanghai = NINE.astimezone(timezone(timedelta(hours=8)))
    for found in ({"next_run": shanghai}, {"next_run__gte": NINE}, {"next_run__in": [NINE]}, {"next_run__lte": NINE}):
        assert Schedule.objects.filter(**found).count() == 1
    for missed in ({"next_run__lt": NINE}, {"next_run__gt": NINE}, {"next_run__isnull": True}):
        assert Schedule.objects.filter(**missed).count() == 0


@pytest.mark.parametrize(
    ("value", "refusal"),
    [
        (datetime(2026, 1, 5, 9), "has no time zone; give an aware datetime"),
        ("2026-01-05 09:00", "is not a moment with a time zone"),
    ],
)
def test_a_moment_without_a_time_zone_is_refused_in_a_sentence(db, value, refusal):
    with pytest.raises(ValueError, match=refusal):
        Schedule.objects.filter(next_run=value).count()
    with pytest.raises(ValidationError):
        Schedule(name="any", next_run=value).full_clean()


def test_a_bare_number_is_refused_for_nobody_knows_its_unit(db):
    with pytest.raises(TypeError, match="next_run takes an aware datetime, not 1767574800"):
        Schedule.objects.filter(next_run=1767574800).count()


def test_the_difference_of_two_moments_is_milliseconds_in_the_database(db):
    QueuedJob.objects.create(name="any", created_at=NINE, run_after=NINE + timedelta(seconds=90))
    QueuedJob.objects.create(name="any", created_at=NINE, run_after=NINE + timedelta(seconds=30))
    waits = QueuedJob.objects.annotate(wait=F("run_after") - F("created_at"))

    assert sorted(waits.values_list("wait", flat=True)) == [30_000, 90_000]
    assert waits.aggregate(mean=Avg("wait"), last=Max("run_after")) == {
        "mean": 60_000,
        "last": (NINE + timedelta(seconds=90)).replace(microsecond=123000),
    }
    assert waits.filter(run_after__gt=F("created_at") + 60_000).count() == 1


def test_a_moment_is_written_as_rfc_3339_and_read_back(db):
    schedule = Schedule.objects.create(name="any", next_run=NINE)
    text = serializers.serialize("json", [schedule])
    assert '"2026-01-05T01:00:00.123Z"' in text
    assert next(iter(serializers.deserialize("json", text))).object.next_run == schedule.next_run
    assert written(NINE) == "2026-01-05T01:00:00.123Z"
