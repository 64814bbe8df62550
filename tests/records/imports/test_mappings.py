"""Mappings are data: read, checked, written back."""

from __future__ import annotations

from typing import Any

import pytest

from gnomon.integrations.presets import preset, preset_names
from gnomon.records.imports.mappings import mapping_from_text, mapping_of, mapping_text, table_of
from gnomon.records.imports.refusals import MappingFault
from gnomon.records.imports.targets import layout_of
from gnomon.records.kinds import kind_named

pytestmark = pytest.mark.django_db  # words of levels are looked up

SMALL: dict[str, Any] = {"kind": "incident", "key": "number", "fields": {"title": "short_description"}}


def with_fields(**origins: Any) -> dict[str, Any]:
    return {**SMALL, "fields": {**SMALL["fields"], **origins}}


@pytest.mark.parametrize("name", preset_names())
def test_a_mapping_is_the_same_after_it_was_written_and_read(name: str) -> None:
    mapping = preset(name)

    assert mapping_from_text(mapping_text(mapping)) == mapping
    assert mapping_of(table_of(mapping)) == mapping


def test_json_is_read_as_well() -> None:
    assert mapping_from_text('{"kind": "team", "fields": {"title": "Name"}}').kind == "team"


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ([], "A mapping is a set of names and values"),
        ({"fields": {}}, "does not say of which kind"),
        ({**SMALL, "colour": "red"}, "“colour” in “mapping” is not understood"),
        (with_fields(status={"column": "s", "valeus": {}}), "“valeus” in “status” is not understood"),
        (with_fields(status={"values": {"a": "new"}}), "“status” names neither a column nor a constant"),
        (with_fields(status={"column": "s", "unknown": "ignore"}), "“status” says unknown: ignore; it can be refuse"),
        ({**SMALL, "shape": "events"}, "needs “happened_at:”"),
        ({"kind": "incident", "shape": "events", "fields": {}}, "needs “key:”"),
        ({**SMALL, "shape": "round"}, "The shape is “round”"),
        ({**SMALL, "time_zone": "Mars/Olympus"}, "“Mars/Olympus” is no time zone"),
        ({**SMALL, "keep": ["location"]}, "“keep” needs “keep_in:”"),
        ({**SMALL, "fill": "maybe"}, "“fill” in “mapping” is true or false"),
        ({**SMALL, "stages": [{"status": "new"}]}, "A stage names a status and a field with a date"),
        ({**SMALL, "stamps": {"closed_at": ["closed"]}}, "A stamp names statuses"),
        ({**SMALL, "separator": "::"}, "A separator is one character"),
    ],
)
def test_a_word_that_is_not_understood_is_named(table: Any, says: str) -> None:
    with pytest.raises(MappingFault, match=says):
        mapping_of(table)


@pytest.mark.parametrize("text", ["{", "a: [", "!!python/object/apply:os.system ['true']"])
def test_text_that_is_no_mapping_is_refused(text: str) -> None:
    with pytest.raises(MappingFault, match="The mapping is no YAML"):
        mapping_from_text(text)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (with_fields(titel="x"), "Incident has no field “titel”"),
        (with_fields(due_at="x"), "Incident has no field “due_at”"),  # follows from the ledger, is never told
        (with_fields(workflow_version="x"), "Incident has no field “workflow_version”"),
        (with_fields(status={"column": "state", "values": {"a": "gone"}}), "the status “gone”, which does not exist"),
        (with_fields(resolution={"column": "x", "while_in": ["done"]}), "the status “done”, which does not exist"),
        (with_fields(priority={"constant": "urgent"}), "priority: “urgent” is no number"),
        ({**SMALL, "key": "id"}, "The file has no column “id”, which tells the records apart"),
        ({**SMALL, "fields": {"title": "nowhere"}}, "None of the columns becomes a field"),
        (with_fields(description={"column": "text", "required": True}), "The file has no column “text”"),
        ({**SMALL, "stamps": {"title": {"enters": ["closed"]}}}, "The stamp “title” is no field with a moment"),
        ({**SMALL, "stages": [{"status": "closed", "at": "closed_at"}]}, "takes its date from “closed_at”"),
    ],
)
def test_a_mapping_that_does_not_fit_the_kind_or_the_file_is_refused(table: Any, says: str) -> None:
    kind = kind_named("incident")

    with pytest.raises(MappingFault, match=says):
        layout_of(kind, kind.workflow, mapping_of(table), ("number", "short_description", "state", "x"))
