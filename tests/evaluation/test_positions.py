"""Up to where the ledger is settled nobody counts again whether entries came to stand among those that were looked at."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from tests.records.ledger.test_seal import teams
from tests.records.ledger.test_settled import ENTRY

from gnomon.evaluation.queries.positions import has_late_ones, place_now, tip
from gnomon.records.ledger import settled

pytestmark = pytest.mark.django_db


def test_what_is_settled_is_not_counted(django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    teams(3)
    monkeypatch.setattr(settled, "_known", settled._Known())
    settled.look()
    place = place_now("team")
    assert (place.settled, place.between) == (place.sequence, 0)
    with django_assert_num_queries(0):
        assert not has_late_ones("team", place)


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer: nothing commits late")
def test_among_what_is_not_settled_a_late_one_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    teams(1)
    monkeypatch.setattr(settled, "_known", settled._Known(tip("team")[0]))
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('records_ledgerentry', 'sequence'))")
        taken = cursor.fetchone()[0]
    teams(2)
    place = place_now("team")
    assert place.between == 2
    assert not has_late_ones("team", place)
    with connection.cursor() as cursor:
        cursor.execute(ENTRY.replace("(kind", "(sequence, kind").replace("VALUES (", f"VALUES ({taken}, "))
    assert has_late_ones("team", place)
