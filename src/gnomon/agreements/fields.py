"""Targets as people write them: a table of priorities, with times like 15 min, 4 h or 2 d."""

from __future__ import annotations

import re
from typing import Any

from django.db import models
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from gnomon.agreements.levels import PRIORITIES
from gnomon.records.grids import Cells, GridField, GridInput
from gnomon.standard.plugs import Says
from gnomon.ui.values import Tag

ROWS = tuple((str(level), format_lazy("{} {}", level, title)) for level, title in PRIORITIES.items())
Columns = tuple[tuple[str, Says], ...]
COLUMNS: Columns = (
    ("respond_minutes", gettext_lazy("Respond within")),
    ("resolve_minutes", gettext_lazy("Resolve within")),
)
UNITS = {"": 1, "m": 1, "min": 1, "分": 1, "分钟": 1, "h": 60, "小时": 60, "时": 60, "d": 1440, "天": 1440}
_LENGTH = re.compile(r"(\d+(?:\.\d+)?)\s*(\D*)")


def minutes_of(text: str) -> int | None:
    """Minutes from `15`, `15 min`, `4 h`, `1 d 2 h`; None when empty. ValueError when it is no length of time."""
    rest, total, seen = text.strip().lower(), 0.0, False
    while rest:
        found = _LENGTH.match(rest)
        if found is None or found[2].strip() not in UNITS:
            says = _("“%(text)s” is no length of time. Write it like 15 min, 4 h or 2 d; leave it empty for no target.")
            raise ValueError(says % {"text": text})
        total, seen = total + float(found[1]) * UNITS[found[2].strip()], True
        rest = rest[found.end() :]
    return round(total) if seen else None


def minutes_text(minutes: int | float | None) -> str:
    """The shortest way to write a number of minutes: `4 h`, `1 d 2 h`."""
    if minutes is None:
        return ""
    days, rest = divmod(int(minutes), 1440)
    hours, left = divmod(rest, 60)
    # Units that `minutes_of` reads back, whichever language they are in.
    units = (pgettext("duration", "%d d"), pgettext("duration", "%d h"), pgettext("duration", "%d min"))
    parts = [unit % count for unit, count in zip(units, (days, hours, left), strict=True) if count]
    return " ".join(parts) or units[-1] % 0


def _minutes(text: str, where: str) -> int | None:
    """The same, saying in which cell the text stands that is none."""
    try:
        return minutes_of(text)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None


class TargetsGrid(GridInput):
    """The table of targets; an empty cell says that there is none."""

    def cell(self, own_id: str, name: str, value: str, label: str) -> SafeString:
        return format_html(
            '<input class="form-control" id="{}" name="{}" value="{}" aria-label="{}" placeholder="{}" maxlength="40">',
            own_id, name, value, label, _("no target"),
        )  # fmt: skip


class TargetsInput(GridField):
    """The table of targets in a form."""

    def __init__(self, columns: Columns = COLUMNS, **options: Any) -> None:
        self.asked = columns
        super().__init__(rows=ROWS, columns=columns, grid=TargetsGrid, **options)

    def written(self, data: Any) -> Cells:
        return {
            str(row["priority"]): {name: minutes_text(row.get(name)) for name, _title in self.asked}
            for row in data
            if isinstance(row, dict) and "priority" in row
        }

    def read(self, cells: Cells) -> list[dict[str, Any]]:
        targets = []
        for priority, label in ROWS:
            asked = cells.get(priority, {})
            row = {name: _minutes(asked.get(name, ""), f"{label}, {title}") for name, title in self.asked}
            told = {name: minutes for name, minutes in row.items() if minutes is not None}
            if told:
                targets.append({"priority": int(priority), **told})
        return targets


class TargetsField(models.JSONField):
    """Service level targets: a list of {"priority", "respond_minutes", "resolve_minutes"}."""

    columns: Columns = COLUMNS

    def in_words(self, targets: list[dict[str, Any]]) -> list[Tag]:
        return [
            Tag(f"{PRIORITIES.get(row.get('priority', 0), '?')}: {_row_words(row, self.columns)}") for row in targets
        ]

    def formfield(self, **kwargs: Any) -> Any:
        help_text = gettext_lazy("Service time, like 15 min, 4 h or 2 d of 24 hours. Leave empty what has no target.")
        label = kwargs.get("label", self.verbose_name)
        return TargetsInput(columns=self.columns, label=label, required=False, help_text=help_text)


class InternalTargetsField(TargetsField):
    """Targets of a team: a list of {"priority", "resolve_minutes"}, from its assignment until it is done."""

    columns: Columns = (("resolve_minutes", gettext_lazy("Done within")),)


def _row_words(row: dict[str, Any], columns: Columns) -> str:
    return ", ".join(f"{title} {minutes_text(row[name])}" for name, title in columns if row.get(name) is not None)
