"""A small table as a form field: a row for each key, an input for each column; works without scripts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from gnomon.standard.plugs import Says

Keys = Sequence[tuple[str, Says]]
Cells = dict[str, dict[str, str]]


class GridInput(forms.Widget):
    """Inputs named `field-row-column`; its value is row → column → text."""

    is_table = True

    def __init__(self, rows: Keys, columns: Keys, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.rows, self.columns = rows, columns

    def value_from_datadict(self, data: Mapping[str, Any], _files: Any, name: str) -> Cells | None:
        cells = {
            row: {column: str(data.get(f"{name}-{row}-{column}", "")).strip() for column, _title in self.columns}
            for row, _label in self.rows
        }
        given = any(f"{name}-{row}-{column}" in data for row, _l in self.rows for column, _t in self.columns)
        return cells if given else None

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return self.value_from_datadict(data, files, name) is None

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-{self.rows[0][0]}-{self.columns[0][0]}" if id_ else ""

    def cell(self, own_id: str, name: str, value: str, label: str) -> SafeString:
        """One input of the table."""
        return format_html(
            '<input class="form-control" id="{}" name="{}" value="{}" aria-label="{}" maxlength="40">',
            own_id, name, value, label,
        )  # fmt: skip

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        cells: Cells = value or {}
        own_id = (attrs or {}).get("id", f"id_{name}")
        head = format_html_join("", '<th scope="col">{}</th>', ((title,) for _key, title in self.columns))
        lines = [
            format_html(
                '<tr><th scope="row">{}</th>{}</tr>',
                label,
                format_html_join(
                    "",
                    "<td>{}</td>",
                    (
                        (self.cell(f"{own_id}-{row}-{column}", f"{name}-{row}-{column}",
                                   cells.get(row, {}).get(column, ""), f"{label}: {title}"),)
                        for column, title in self.columns
                    ),
                ),
            )
            for row, label in self.rows
        ]  # fmt: skip
        body = format_html_join("", "{}", ((line,) for line in lines))
        return format_html(
            '<table class="input-grid"><thead><tr><td></td>{}</tr></thead><tbody>{}</tbody></table>', head, body
        )


class GridField(forms.Field):
    """A table of texts that `read` turns into data and `written` turns back; ValueError in `read` is told to people."""

    def __init__(
        self, *, rows: Keys, columns: Keys, grid: type[GridInput] = GridInput, **options: Any
    ) -> None:  # fmt: skip
        super().__init__(widget=grid(rows, columns), **options)

    def written(self, data: Any) -> Cells:
        raise NotImplementedError

    def read(self, cells: Cells) -> Any:
        raise NotImplementedError

    def prepare_value(self, value: Any) -> Any:
        return value if _is_cells(value) else self.written(value) if value else {}

    def clean(self, value: Any) -> Any:
        try:
            return self.read(value or {})
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.read(data or {}) != initial)
        except ValueError:
            return True


def _is_cells(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(row, dict) and all(isinstance(cell, str) for cell in row.values()) for row in value.values()
    )
