"""A page of rows as plain data says of each record what the record says of itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.each_kind import one_of

from gnomon.jobs.moments import milliseconds
from gnomon.records.actors import SYSTEM
from gnomon.records.facts import moment_text
from gnomon.records.kinds import Kind, kind_named, kinds
from gnomon.records.plain import as_plain, names_told
from gnomon.records.plain_rows import moment_of_milliseconds, plain_of_keys


@pytest.mark.django_db
@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.name)
def test_a_row_says_what_the_record_says(kind: Kind) -> None:
    record = one_of(kind)
    record.refresh_from_db()
    assert plain_of_keys(kind, [record.pk], names_told(kind, SYSTEM)) == [as_plain(kind, record)]


@pytest.mark.django_db
def test_rows_come_in_the_order_asked_for_and_what_is_gone_is_left_out() -> None:
    service = kind_named("service")
    first, second = one_of(service), one_of(service)
    told = plain_of_keys(service, [second.pk, 999_999, first.pk], ("number",))
    assert told == [{"number": second.number}, {"number": first.number}]
    assert plain_of_keys(service, [], ("number",)) == []


@given(st.datetimes(datetime(1970, 1, 1), datetime(2199, 1, 1)))
def test_moments_stand_as_in_the_ledger(at: datetime) -> None:
    kept = milliseconds(at.replace(tzinfo=UTC))
    assert moment_of_milliseconds(kept) == moment_text(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=kept))
