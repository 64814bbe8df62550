"""What the database knows of its tables, so that it chooses the right index."""

from __future__ import annotations

import pytest
from django.db import connection
from tests.resolution.makers import an_incident

from gnomon.governance.models import Message
from gnomon.records.clockwork import refresh_statistics


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL looks again by itself, whenever much was written")
def test_a_table_that_was_small_once_is_not_read_whole_when_it_has_grown(bob):
    """A worker that told of an entry read all messages there were, because there had been one when it was looked."""
    incident = an_incident(by=bob)
    about = Message.objects.filter(number=incident.number).order_by()
    Message.objects.create(
        cause="once", what="mention", number=incident.number, titles={}, told_at=incident.recorded_at
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    assert "SCAN" in about.explain(), "the fault that is meant"
    refresh_statistics()
    assert "messages_about_record" in about.explain()
