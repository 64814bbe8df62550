"""What SQLite lets stand in a column of any type, and what would be read as something else, or as nothing."""

# Only names of our own tables and columns are put into statements; values are parameters.
from __future__ import annotations

from typing import Any

from django.db import connection, models
from django.utils.translation import gettext as _

from gnomon.records.facts import ledgered
from gnomon.records.kinds import Kind, kinds
from gnomon.records.ledger.findings import Fault, Findings
from gnomon.records.ledger.reading import rows

_NAMED = 100


def check_storage(findings: Findings) -> None:
    """Name the fields that hold what their type does not allow; PostgreSQL refuses such by itself."""
    if connection.vendor == "sqlite":
        for kind in kinds():
            check_kind(kind, findings)


def check_kind(kind: Kind, findings: Findings) -> None:
    quote = connection.ops.quote_name
    tests = {field.name: test for field in ledgered(kind.model) if (test := _strange(field, quote(str(field.column))))}
    if not tests:
        return
    each = ", ".join(f"({test})" for test in tests.values())
    found = rows(
        f"SELECT number, {each} FROM {quote(kind.model._meta.db_table)} "
        f"WHERE {' OR '.join(tests.values())} ORDER BY id LIMIT %s",
        [_NAMED],
    )
    for number, *strange in found:
        for name, is_strange in zip(tests, strange, strict=True):
            if is_strange:
                says = _("%(number)s: “%(field)s” holds what no such field can hold.")
                says %= {"number": number, "field": kind.model._meta.get_field(name).verbose_name}  # type: ignore[union-attr]
                findings.add(Fault("record_differs", says, kind=kind.name, number=str(number), field=name))


def _strange(field: models.Field[Any, Any], column: str) -> str:
    """An expression that is true of a value which reads as another; empty where reading shows what is there."""
    if isinstance(field, models.BooleanField):
        return f"{column} NOT IN (0, 1)"  # everything but 1 reads as no
    if isinstance(field, models.DateTimeField):
        return f"strftime('%%Y-%%m-%%d %%H:%%M:%%S', {column}) IS NOT substr({column}, 1, 19)"
    if isinstance(field, models.DateField):
        return f"date({column}) IS NOT {column}"  # what is no date reads as nothing
    return ""
