"""What people see of imports: runs and mappings of the kinds that they may import, and a first look at a file."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from django.db.models import QuerySet

from gnomon.integrations.presets import preset_names
from gnomon.records.imports.mappings import Mapping
from gnomon.records.imports.runs import table_at
from gnomon.records.kinds import Kind, kinds
from gnomon.records.models import ImportMapping, ImportRun
from gnomon.records.permissions import may
from gnomon.standard.plugs import Actor

PREVIEW = 20


def kinds_to_import(person: Actor) -> list[Kind]:
    """The kinds that this person may import, in the order of the clauses."""
    return [kind for kind in kinds() if may(person, "import", kind)]


def runs_of(person: Actor) -> QuerySet[ImportRun]:
    """The runs that this person may know of."""
    return ImportRun.objects.filter(kind__in=[kind.name for kind in kinds_to_import(person)])


def mapping_names(person: Actor) -> list[tuple[str, str]]:
    """What a file may be read as: (value, title), saved mappings after those that come with Gnomon."""
    names = {kind.name for kind in kinds_to_import(person)}
    saved = ImportMapping.objects.filter(kind__in=names).values_list("name", flat=True)
    return [(name, name) for name in preset_names()] + [(name, name) for name in saved]


def first_look(path: Path, mapping: Mapping) -> tuple[tuple[str, ...], Sequence[Sequence[str]]]:
    """The columns of a file and its first rows."""
    table = table_at(path, mapping)
    return table.columns, [row.cells for row in islice(table.rows(lambda _finding: None), PREVIEW)]
