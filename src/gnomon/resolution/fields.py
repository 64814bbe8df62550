"""The priority matrix as people write it: a table of impact and urgency (8.6.1 b)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gnomon.agreements.levels import PRIORITIES
from gnomon.records.grids import Cells, GridField, GridInput
from gnomon.resolution.levels import IMPACTS, URGENCIES, Level
from gnomon.ui.values import Tag


class ClosureCode(models.TextChoices):
    """How an incident ended; codes of other systems are kept as they were."""

    SOLVED = "solved", gettext_lazy("Solved")
    WORKAROUND = "workaround", gettext_lazy("Workaround")
    RECOVERED = "recovered", gettext_lazy("Recovered by itself")
    NOT_REPRODUCED = "not_reproduced", gettext_lazy("Not reproduced")
    DUPLICATE = "duplicate", gettext_lazy("Duplicate")


class ClosureCodeField(models.CharField):  # type: ignore[type-arg]
    """One of our closure codes, or one that came along from elsewhere."""

    def in_words(self, code: str) -> str:
        return str(dict(ClosureCode.choices).get(code, code))

    def formfield(self, **kwargs: Any) -> Any:
        return forms.ChoiceField(
            choices=[("", "–"), *ClosureCode.choices],
            label=kwargs.get("label", self.verbose_name),
            required=kwargs.get("required", False),
        )


class PriorityGrid(GridInput):
    """The table with a priority to choose in each cell, by its word and its number."""

    def cell(self, own_id: str, name: str, value: str, label: str) -> SafeString:
        options = format_html_join(
            "", '<option value="{}"{}>{} {}</option>',
            ((str(key), SafeString(" selected") if str(key) == value else "", key, title) for key, title in PRIORITIES.items()),
        )  # fmt: skip
        empty = "" if value in map(str, PRIORITIES) else SafeString('<option value="" selected>–</option>')
        return format_html(
            '<select class="form-select" id="{}" name="{}" aria-label="{}">{}{}</select>',
            own_id,
            name,
            label,
            empty,
            options,
        )


class EntriesField(models.JSONField):
    """Ledger numbers of entries that a split took along; people read how many."""

    def in_words(self, entries: list[int]) -> str:
        return str(len(entries))


class MatrixInput(GridField):
    """The matrix in a form."""

    def __init__(self, **options: Any) -> None:
        super().__init__(rows=IMPACTS, columns=URGENCIES, grid=PriorityGrid, **options)

    def written(self, data: Any) -> Cells:
        return {impact: {urgency: str(priority) for urgency, priority in row.items()} for impact, row in data.items()}

    def read(self, cells: Cells) -> dict[str, dict[str, int]]:
        table: dict[str, dict[str, int]] = {}
        for impact in map(str, Level.values):
            table[impact] = {}
            for urgency in map(str, Level.values):
                text = cells.get(impact, {}).get(urgency, "")
                if text not in map(str, PRIORITIES):
                    raise ValueError(_("Give each cell a priority."))
                table[impact][urgency] = int(text)
        return table


class MatrixField(models.JSONField):
    """Impact → urgency → priority."""

    def in_words(self, table: dict[str, dict[str, int]]) -> list[Tag]:
        titles = dict(IMPACTS)
        return [
            Tag(f"{titles.get(impact, impact)} → {' · '.join(str(row[u]) for u in sorted(row))}")
            for impact, row in sorted(table.items())
        ]

    def formfield(self, **kwargs: Any) -> Any:
        return MatrixInput(label=kwargs.get("label", self.verbose_name), required=True)
