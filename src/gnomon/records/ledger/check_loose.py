"""Comments, files, links and participants of records that the ledger does not know at all."""

# Only names of our own tables are put into statements; values are parameters.
from __future__ import annotations

from django.utils.translation import gettext as _

from gnomon.records.ledger.check_attached import TABLES, TITLES
from gnomon.records.ledger.findings import Fault, Findings
from gnomon.records.ledger.reading import rows

_NAMED = 100


def check_loose(findings: Findings) -> None:
    """Name what hangs on a number that no entry bears: it was added, or moved there, by somebody."""
    for what, (table, _columns) in TABLES.items():
        loose = rows(
            f"SELECT number, MIN(id) FROM {table} a WHERE NOT EXISTS "
            "(SELECT 1 FROM records_ledgerentry e WHERE e.number = a.number) GROUP BY number ORDER BY 2 LIMIT %s",
            [_NAMED],
        )
        for number, key in loose:
            says = _("Row %(row)s of %(table)s is a %(what)s of %(number)s, which the ledger does not know.")
            says %= {"row": key, "table": table, "what": TITLES[what](), "number": number}
            findings.add(Fault("attached_differs", says, number=str(number), field=what))
