"""The table that turns impact and urgency into a priority (8.6.1 b)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gnomon.records.models import Record
from gnomon.resolution.fields import MatrixField

# High × High is critical; the rest falls off by one step for each step down.
USUAL = {
    "1": {"1": 1, "2": 2, "3": 3},
    "2": {"1": 2, "2": 3, "3": 4},
    "3": {"1": 3, "2": 4, "3": 4},
}


def usual_table() -> dict[str, dict[str, int]]:
    return {impact: dict(row) for impact, row in USUAL.items()}


class PriorityMatrix(Record):
    """Impact × urgency → priority; the one in use decides (8.6.1 b)."""

    table = MatrixField(_("table"), default=usual_table)

    class Meta(Record.Meta):
        verbose_name = _("priority matrix")
        constraints = (
            models.UniqueConstraint(
                fields=("status",), condition=models.Q(status="in_use"), name="one_priority_matrix_is_in_use"
            ),
        )
