"""Put derived columns into many rows at once; the ledger does not speak of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from gnomon.records.models import Record


def put_projections(model: type[Record], names: Sequence[str], records: Sequence[Any]) -> None:
    """Write these columns of the records as they stand in memory, in one prepared statement."""
    if not records:
        return
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    quote = connection.ops.quote_name
    assigned = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    rows = [
        [*(field.get_db_prep_save(getattr(record, field.attname), connection) for field in fields), record.pk]
        for record in records
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {quote(model._meta.db_table)} SET {assigned} WHERE id = %s", rows)
