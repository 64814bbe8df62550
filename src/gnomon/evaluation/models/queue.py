"""The queue as it stood at an entry, from which processes go on that have not read it yet (8.6.1)."""

from __future__ import annotations

from typing import Any

from django.db import models

from gnomon.evaluation.models.place import UpToEntry
from gnomon.records.fields import MomentField


class KeptQueue(UpToEntry):
    """What is unresolved of a kind, in columns of numbers, up to an entry of the ledger.

    No record of anything: it may be thrown away at any time. `states` are those that count as unresolved; at `read_at`
    all of it was read from the records.
    """

    states: models.JSONField[Any, Any] = models.JSONField(default=list)
    queue = models.BinaryField()
    read_at: MomentField[Any, Any] = MomentField()
