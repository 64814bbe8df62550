"""Forms of an import: the file, and which of its columns becomes which field."""

from __future__ import annotations

from collections.abc import Mapping as Map
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gnomon.integrations.queries import kinds_to_import, mapping_names
from gnomon.organization.fields import time_zones
from gnomon.records.imports.guessing import importable, is_moment
from gnomon.records.imports.mappings import Mapping, mapping_of, table_of
from gnomon.records.kinds import Kind, kind_named
from gnomon.records.showing import field_title
from gnomon.standard.plugs import Actor

GUESS = ""
AS_MAPPED = "*"
ENCODINGS = ("utf-8", "gb18030", "utf-16", "big5", "cp1252")


class FileForm(forms.Form):
    """A file, and what it is."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV, XES or OCEL 2.0; .gz, .zst and .zip are read as they are. UTF-8, UTF-16 and GBK are told apart."
        ),
    )
    kind = forms.ChoiceField(label=_("Kind of record"))
    mapping = forms.ChoiceField(
        label=_("Comes from"), required=False, help_text=_("A mapping says what the columns mean. You can change it.")
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), required=False, help_text=_("For times in the file that do not say theirs.")
    )

    def __init__(self, *args: Any, person: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        self._offer("kind", [(kind.name, kind.title) for kind in kinds_to_import(person)])
        self._offer("mapping", [(GUESS, _("A table; guess from the names of its columns")), *mapping_names(person)])
        self._offer("time_zone", [("", _("That of this installation")), *((name, name) for name in time_zones())])

    def _offer(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field of the kind, with the controls that say where it comes from."""

    name: str
    title: str
    column: BoundField
    fixed: BoundField | None
    values: BoundField | None
    create: BoundField | None


class ColumnsForm(forms.Form):
    """Which column becomes which field; what a mapping says beyond that stays as it is."""

    key = forms.ChoiceField(label=_("Number elsewhere"), required=False, help_text=_("Tells the records apart."))
    happened_at = forms.ChoiceField(label=_("Happened at"), required=False, help_text=_("When a row happened."))
    shape = forms.ChoiceField(
        label=_("Rows"),
        choices=[
            ("auto", _("as the columns suggest")),
            ("records", _("one row is one record")),
            ("events", _("one row is one event of a record")),
        ],
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)
    dates = forms.CharField(
        label=_("Forms of dates"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One in each line, tried in this order: iso, epoch, %d/%m/%Y %H:%M."),
    )  # fmt: skip
    encoding = forms.ChoiceField(label=_("Encoding"), required=False)
    keep_unknown = forms.BooleanField(label=_("Keep the other columns as facts of the source"), required=False)

    def __init__(self, *args: Any, kind: Kind, mapping: Mapping, columns: tuple[str, ...], **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind, self.mapping, self.columns = kind, mapping, columns
        self.choices = [("", "–"), *((column, column) for column in columns)]
        zones = [("", _("That of this installation")), *((name, name) for name in time_zones())]
        encodings = [("", _("found out")), *((name, name) for name in ENCODINGS)]
        for name, choices in (
            ("key", self._with_mapped(mapping.key)), ("happened_at", self._with_mapped(mapping.happened_at.column)),
            ("time_zone", zones), ("encoding", encodings),
        ):  # fmt: skip
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        if not _keeping_field(kind):
            del self.fields["keep_unknown"]
        for shown in self._shown():
            self._add(shown)
        self.initial = {**self._present(), **(self.initial or {})}

    def rows(self) -> list[FieldRow]:
        """The fields of the kind in order, each with its controls."""
        return [
            FieldRow(
                field.name, field_title(self.kind, field.name), self[f"{field.name}-column"],
                self._control(field.name, "fixed"), self._control(field.name, "values"),
                self._control(field.name, "create"),
            )
            for field in self._shown()
        ]  # fmt: skip

    def general(self) -> list[BoundField]:
        """What holds for the whole file."""
        names = ("key", "happened_at", "shape", "time_zone", "encoding", "dates", "keep_unknown")
        return [self[name] for name in names if name in self.fields]

    def chosen(self) -> Mapping:
        """The mapping as it was filled in; MappingFault when it cannot be."""
        table, given = table_of(self.mapping), self.cleaned_data
        table.update(shape=given["shape"], time_zone=given["time_zone"], encoding=given["encoding"])
        table["dates"] = [line.strip() for line in given["dates"].splitlines() if line.strip()]
        table["keep_unknown"] = given.get("keep_unknown", False)
        keeping = _keeping_field(self.kind)
        if table["keep_unknown"] and keeping and not table.get("keep_in"):
            table["keep_in"] = keeping
        # What is chosen as it was stays with all its other names: the next file may use one of them.
        if given["key"] not in (AS_MAPPED, self._chosen_column(self.mapping.key)):
            _put_column(table, "key", given["key"])
        if given["happened_at"] not in (AS_MAPPED, self._chosen_column(self.mapping.happened_at.column)):
            _put_origin(table, "happened_at", {**table.get("happened_at", {}), "column": [given["happened_at"]]})
        for field in self._shown():
            self._put_field(table, field.name)
        return mapping_of(table)

    def _put_field(self, table: dict[str, Any], name: str) -> None:
        given = self.cleaned_data
        origins: dict[str, Any] = table["fields"]
        origin = dict(origins.get(name, {}))
        column, fixed = given[f"{name}-column"], given.get(f"{name}-fixed", "")
        mapped = self.mapping.origins.get(name)
        if column != AS_MAPPED and (mapped is None or column != self._chosen_column(mapped.column, bool(mapped.join))):
            origin.pop("join", None)
            origin["column"] = [column] if column else []
        origin["otherwise" if origin.get("column") else "constant"] = fixed or None
        if not fixed and isinstance(self._otherwise(name), dict):
            origin["otherwise"] = self._otherwise(name)
        if f"{name}-values" in given:
            origin["values"] = _table_of_lines(given[f"{name}-values"])
        if f"{name}-create" in given:
            origin["create"] = given[f"{name}-create"]
        _put_origin(origins, name, origin)

    def _otherwise(self, name: str) -> Any:
        origin = self.mapping.origins.get(name)
        return None if origin is None else origin.otherwise

    def _shown(self) -> list[models.Field[Any, Any]]:
        usual = {"title", "status", *self.kind.fields, *self.mapping.origins}
        return [field for field in importable(self.kind) if field.name in usual or is_moment(field)]

    def _add(self, field: models.Field[Any, Any]) -> None:
        origin = self.mapping.origins.get(field.name)
        title = field_title(self.kind, field.name)
        mapped = origin.column if origin is not None else ()
        joined = origin is not None and bool(origin.join)
        self.fields[f"{field.name}-column"] = forms.ChoiceField(
            label=title, required=False, choices=self._with_mapped(mapped, joined)
        )
        if not is_moment(field):
            self.fields[f"{field.name}-fixed"] = forms.CharField(
                label=_("%(field)s, when the cell is empty") % {"field": title}, required=False, max_length=300
            )
        if field.choices or field.name == "status" or (origin is not None and origin.values):
            self.fields[f"{field.name}-values"] = forms.CharField(
                label=_("Values of %(field)s") % {"field": title}, required=False,
                widget=forms.Textarea(attrs={"rows": 2, "placeholder": "In Progress = in_progress"}),
            )  # fmt: skip
        if field.is_relation:
            self.fields[f"{field.name}-create"] = forms.BooleanField(
                label=_("Record unknown ones: %(field)s") % {"field": title}, required=False
            )

    def _present(self) -> dict[str, Any]:
        mapping = self.mapping
        present: dict[str, Any] = {
            "key": self._chosen_column(mapping.key), "happened_at": self._chosen_column(mapping.happened_at.column),
            "shape": mapping.shape, "time_zone": mapping.time_zone, "encoding": mapping.encoding,
            "dates": "\n".join(mapping.dates), "keep_unknown": mapping.keep_unknown,
        }  # fmt: skip
        for field in self._shown():
            origin = mapping.origins.get(field.name)
            if origin is None:
                continue
            fixed = origin.constant if origin.constant is not None else origin.otherwise
            present[f"{field.name}-column"] = self._chosen_column(origin.column, bool(origin.join))
            present[f"{field.name}-fixed"] = "" if fixed is None or isinstance(fixed, Map) else fixed
            present[f"{field.name}-values"] = "\n".join(
                f"{value} = {'' if meant is None else meant}" for value, meant in (origin.values or {}).items()
            )
            present[f"{field.name}-create"] = origin.create
        return present

    def _with_mapped(self, mapped: tuple[str, ...], joined: bool = False) -> list[tuple[str, str]]:
        """The columns to choose from; what the mapping names stays choosable though the file lacks it."""
        if not mapped or self._chosen_column(mapped, joined) != AS_MAPPED:
            return self.choices
        says = gettext("as the mapping says: %(columns)s") % {"columns": ", ".join(mapped)}
        return [self.choices[0], (AS_MAPPED, says), *self.choices[1:]]

    def _chosen_column(self, mapped: tuple[str, ...], joined: bool = False) -> str:
        if not mapped:
            return ""
        lower = {column.lower(): column for column in self.columns}
        found = [lower[name.lower()] for name in mapped if name.lower() in lower]
        return AS_MAPPED if joined or not found else found[0]

    def _control(self, field: str, part: str) -> BoundField | None:
        name = f"{field}-{part}"
        return self[name] if name in self.fields else None


class TextForm(forms.Form):
    """The mapping as text, for what the table of columns cannot say."""

    text = forms.CharField(label=_("Mapping"), widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "false"}))


class NameForm(forms.Form):
    """A name to keep a mapping under."""

    name = forms.CharField(label=_("Keep this mapping as"), max_length=80, required=False)


def kind_of_mapping(mapping: Mapping) -> Kind:
    return kind_named(mapping.kind)


def _keeping_field(kind: Kind) -> str:
    """The field of a kind that holds the facts of a source, if it has one."""
    names = {field.name for field in importable(kind) if isinstance(field, models.JSONField) and field.default is dict}
    return "source" if "source" in names else ""


def _put_column(table: dict[str, Any], name: str, column: str) -> None:
    if column:
        table[name] = [column]
    else:
        table.pop(name, None)


def _put_origin(table: dict[str, Any], name: str, origin: Map[str, Any]) -> None:
    """An origin that names neither column nor constant is none."""
    said = {key: value for key, value in origin.items() if value not in (None, "", [], [""], {}, False)}
    if said.get("column") or said.get("constant") is not None:
        table[name] = said
    else:
        table.pop(name, None)


def _table_of_lines(text: str) -> dict[str, str | None]:
    """`In Progress = in_progress`, one in each line."""
    table: dict[str, str | None] = {}
    for line in text.splitlines():
        value, sign, meant = line.rpartition("=")
        if sign and value.strip():
            table[value.strip()] = meant.strip() or None
    return table
