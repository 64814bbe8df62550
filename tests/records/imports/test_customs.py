"""Custom fields are filled by files too, under `custom.name`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.organization.makers import a_field
from tests.records.imports.makers import write_rows

from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.imports import runs
from gnomon.records.imports.guessing import guess
from gnomon.records.imports.mappings import mapping_of
from gnomon.records.imports.refusals import MappingFault
from gnomon.records.ledger.verification import verify_ledger
from gnomon.resolution.models import Incident

pytestmark = pytest.mark.django_db
COLUMNS = ("id", "what", "Room", "floor", "places", "on site")
TABLE = {
    "kind": "incident", "key": "id",
    "fields": {
        "title": "what", "opened_at": {"constant": "2026-01-05 09:00"},
        "custom.room": "Room", "custom.floor": "floor", "custom.places": "places",
        "custom.on_site": {"column": "on site", "values": {"vor Ort": True, "fern": False}},
    },
}  # fmt: skip


@pytest.fixture(autouse=True)
def _fields(db: None) -> None:
    a_field("room")
    a_field("floor", "number")
    a_field("places", "choices", choices=[{"value": "hq", "zh": "总部"}, "lab"])
    a_field("on_site", "boolean")
    a_field("by_hand")


def bring_in(tmp_path: Path, *rows: tuple[str, ...]) -> Any:
    path = write_rows(tmp_path / "rooms.csv", [dict(zip(COLUMNS, row, strict=True)) for row in rows], COLUMNS)
    mapping = mapping_of(TABLE)
    return runs.carry_out(runs.begin(path, mapping, by=SYSTEM), path, mapping, by=SYSTEM)


def test_columns_become_custom_values_of_their_types(tmp_path: Path) -> None:
    run = bring_in(tmp_path, ("1", "Cold", "4.11", "4", "hq; lab", "vor Ort"), ("2", "Hot", "", "", "", "fern"))
    assert run.counts["made"] == 2
    assert Incident.objects.get(title="Cold").custom == {
        "room": "4.11", "floor": 4, "places": ["hq", "lab"], "on_site": True,
    }  # fmt: skip
    assert Incident.objects.get(title="Hot").custom == {"on_site": False}
    assert verify_ledger().whole


def test_a_second_file_changes_its_own_and_leaves_what_was_filled_by_hand(tmp_path: Path) -> None:
    bring_in(tmp_path, ("1", "Cold", "4.11", "4", "", ""))
    incident = Incident.objects.get()
    actions.change(incident, by=SYSTEM, custom={**incident.custom, "by_hand": "yes"})
    bring_in(tmp_path, ("1", "Cold", "4.12", "4", "", ""))
    incident.refresh_from_db()
    assert incident.custom == {"room": "4.12", "floor": 4, "by_hand": "yes"}
    assert verify_ledger().whole


def test_a_value_that_does_not_fit_is_named_with_its_row_and_field(tmp_path: Path) -> None:
    run = bring_in(tmp_path, ("1", "Cold", "", "high", "", ""), ("2", "Hot", "", "2", "roof", ""))
    says = [(finding.row, finding.says) for finding in run.findings.filter(severity="error")]
    assert says == [
        (2, "“high” does not fit “Floor” (Number)."),
        (3, "“roof” does not fit “Places” (Several choices)."),
    ]


def test_a_field_that_does_not_exist_is_named(tmp_path: Path) -> None:
    mapping = mapping_of({"kind": "incident", "key": "id", "fields": {"title": "what", "custom.attic": "Room"}})
    path = write_rows(tmp_path / "rooms.csv", [dict.fromkeys(COLUMNS, "1")], COLUMNS)
    with pytest.raises(MappingFault, match="no custom field “attic”"):
        runs.try_dry(path, mapping, by=SYSTEM)


def test_columns_are_recognised_by_either_title() -> None:
    a_field("wing", title="Wing", title_zh="侧翼")
    assert {"custom.room", "custom.wing"} <= set(guess("incident", ("number", "title", "ROOM", "侧翼")).origins)
