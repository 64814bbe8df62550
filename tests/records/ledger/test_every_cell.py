"""Every cell of every table that counts: altered, it is named.

The cases come from the schema itself. A new column is attacked as soon as it is there; when nothing notices, it needs
a check, or a reason among those below.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import models, transaction
from tests.certification.conftest import Evidence, evidence
from tests.records.ledger.attacks import a_story, altered, fresh, rows_of, spoilt

from gnomon.certification.models import CheckResult, NumberChunk, RequirementResult, SampleStratum
from gnomon.evaluation.models import MeasureSnapshot
from gnomon.governance.models import Message, Receipt
from gnomon.records.ledger.verification import verify_ledger
from gnomon.records.models import Attachment, Checkpoint, Comment, Leaf, LedgerEntry, Link, Participant, Record

__all__ = ["EXEMPT", "TABLES", "evidence"]  # the fixture is used by its name
TABLES: tuple[type[models.Model], ...] = (
    LedgerEntry, Leaf, Checkpoint, Comment, Attachment, Link, Participant, CheckResult, RequirementResult,
    NumberChunk, SampleStratum, MeasureSnapshot, Message, Receipt,
)  # fmt: skip
# What may change unseen, and why that proves nothing wrongly.
SURROGATE = "a key of the table alone; the ledger tells what stands there, and names nothing by it"
EXEMPT = {
    ("Comment", "id"): SURROGATE,
    ("Attachment", "id"): SURROGATE,
    ("Link", "id"): SURROGATE,
    ("Participant", "id"): SURROGATE,
    ("CheckResult", "id"): SURROGATE,
    ("RequirementResult", "id"): SURROGATE,
    ("SampleStratum", "id"): SURROGATE,
    ("CheckResult", "seconds"): "how long the check took: the machine's, not the records'; no verdict rests on it",
}


@pytest.fixture
def story(db: None, settings: Any, tmp_path: Path, evidence: Evidence) -> Record:
    return a_story(settings, tmp_path, evidence)


# --- each column --------------------------------------------------------------------------------


def test_the_story_is_whole(story: Record) -> None:
    assert verify_ledger().faults == ()
    for table in TABLES:
        assert table._default_manager.count() >= 2, f"{table.__name__} has too few rows to be attacked"


@pytest.mark.parametrize("table", TABLES, ids=lambda one: one.__name__)
def test_an_altered_cell_is_named(story: Record, table: type[models.Model]) -> None:
    unnoticed = set()
    for part in table._meta.concrete_fields:
        cells = rows_of(table, part)
        key, value = cells[len(cells) // 2]
        with transaction.atomic():
            other = fresh(max(key for key, _cell in cells)) if part.primary_key else spoilt(value)
            if altered(table, part, key, other) and verify_ledger(files="none").whole:
                unnoticed.add((table.__name__, part.name))
            transaction.set_rollback(True)
    assert unnoticed == {cell for cell in EXEMPT if cell[0] == table.__name__}
