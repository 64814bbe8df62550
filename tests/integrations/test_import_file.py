"""What `gnomon import` and the worker call: mappings by name, guesses, reports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.makers import a_team
from tests.records.imports.makers import a_life, an_event, write_rows

from gnomon.integrations import actions
from gnomon.integrations.presets import preset
from gnomon.organization.models import Person, Team
from gnomon.records.actors import SYSTEM
from gnomon.records.imports.mappings import mapping_from_text, mapping_of, mapping_text
from gnomon.records.imports.refusals import ImportRefused, MappingFault
from gnomon.records.imports.targets import layout_of
from gnomon.records.kinds import kind_named
from gnomon.records.models import ImportMapping, ImportRun
from gnomon.resolution.models import Incident

pytestmark = pytest.mark.django_db


def a_table(tmp_path: Path, *lines: Sequence[str]) -> Path:
    path = tmp_path / "table.csv"
    path.write_text("\n".join(",".join(line) for line in lines) + "\n", encoding="utf-8")
    return path


def test_the_report_tells_what_came_in(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "log.csv", [*a_life("INC1"), an_event(number="INC2", priority="urgent")])
    seen: list[tuple[int, int]] = []

    report = actions.import_file(
        path, preset="servicenow", by=SYSTEM, time_zone="UTC", progress=lambda done, total: seen.append((done, total))
    )

    assert seen == [(5, 5)]
    told = {
        name: report[name] for name in ("state", "rows", "records_made", "entries_made", "errors", "recorded_beside")
    }
    assert told == {
        "state": "finished", "rows": 5, "records_made": 1, "entries_made": 4, "errors": 1,
        "recorded_beside": {"person": 2, "team": 1},
    }  # fmt: skip
    assert [f for f in report["findings"] if f["severity"] == "error"] == [
        {"row": 6, "column": "priority", "severity": "error", "says": "“urgent” is no number.", "value": "urgent"}
    ]


def test_a_dry_run_leaves_no_trace(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "log.csv", a_life("INC1"))

    report = actions.import_file(path, preset="servicenow", by=SYSTEM, dry_run=True)

    assert (report["state"], report["records_made"], report["recorded_beside"]) == (
        "tried", 1, {"person": 2, "team": 1},
    )  # fmt: skip
    assert (Incident.objects.count(), Person.objects.count(), ImportRun.objects.count()) == (0, 0, 0)


def test_a_table_with_titles_in_chinese_needs_no_mapping(tmp_path: Path) -> None:
    a_team("网络组")
    path = a_table(tmp_path, ("编号", "标题", "电子邮箱", "属于"), ("1", "无线小组", "wifi@example.org", "网络组"))

    report = actions.import_file(path, preset="csv", kind="team", by=SYSTEM)

    team = Team.objects.get(title="无线小组")
    assert report["errors"] == 0
    assert team.email == "wifi@example.org"


def test_a_table_whose_columns_nobody_knows_is_refused_with_its_columns(tmp_path: Path) -> None:
    path = a_table(tmp_path, ("foo", "bar"), ("1", "2"))

    with pytest.raises(MappingFault, match=r"None of the columns becomes a field of Team\. The file has: foo, bar\."):
        actions.import_file(path, preset="csv", kind="team", by=SYSTEM)


def test_an_unknown_kind_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="There is no kind of record called “cat”"):
        actions.import_file(a_table(tmp_path, ("a", "b"), ("1", "2")), preset="csv", kind="cat", by=SYSTEM)


def test_a_mapping_is_a_file_a_saved_one_or_one_that_comes_along(tmp_path: Path) -> None:
    path = a_table(tmp_path, ("Name", "Mail"), ("Desk", "desk@example.org"))
    table = {"kind": "team", "fields": {"title": "Name", "email": "Mail"}}
    file = tmp_path / "teams.yaml"
    file.write_text(mapping_text(mapping_of(table)), encoding="utf-8")
    actions.save_mapping("teams", mapping_of(table), by=SYSTEM)

    for name in (str(file), "teams"):
        assert actions.mapping_for(path, "csv", name, "incident") == mapping_of(table)
    assert actions.mapping_for(path, "servicenow", None, "incident") == preset("servicenow")
    with pytest.raises(
        MappingFault, match="There is no mapping called “nothing”. There are: teams, ocel, servicenow, xes"
    ):
        actions.mapping_for(path, "csv", "nothing", "incident")


def test_a_saved_mapping_replaces_the_one_of_its_name_and_never_one_that_comes_along() -> None:
    first = mapping_of({"kind": "team", "fields": {"title": "Name"}})
    second = mapping_of({"kind": "team", "fields": {"title": "Team"}})
    actions.save_mapping("teams", first, by=SYSTEM)
    actions.save_mapping("teams", second, by=SYSTEM)

    assert mapping_of(ImportMapping.objects.get().table) == second
    with pytest.raises(MappingFault, match="“servicenow” is taken"):
        actions.save_mapping("servicenow", first, by=SYSTEM)


def test_the_mapping_in_the_manual_is_one() -> None:
    manual = (Path(__file__).parents[2] / "docs/operate/imports.md").read_text(encoding="utf-8")
    mapping = mapping_from_text(manual.partition("```yaml")[2].partition("```")[0])
    columns = ("number", "sys_updated_at", "short_description", "state", "caller_id", "opened_at", "comments")
    kind = kind_named(mapping.kind)

    layout = layout_of(kind, kind.workflow, mapping, columns)

    assert {"title", "status", "requester", "opened_at"} <= {target.name for target in layout.targets}


def test_a_zone_that_does_not_exist_is_a_sentence(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "log.csv", a_life("INC1"))

    with pytest.raises(MappingFault, match="“Mars/Olympus” is no time zone"):
        actions.import_file(path, preset="servicenow", by=SYSTEM, time_zone="Mars/Olympus")


def test_the_zone_moves_the_times_that_do_not_name_theirs(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "log.csv", a_life("INC1"))

    actions.import_file(path, preset="servicenow", by=SYSTEM, time_zone="Asia/Shanghai")

    # 01:16 in Shanghai is 17:16 of the day before in UTC
    assert Incident.objects.get().opened_at.isoformat() == "2016-02-28T17:16:00+00:00"


def test_a_refused_run_says_why_and_the_next_one_begins_anew(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "log.csv", [*a_life("INC1"), an_event(number="INC2", priority="urgent")])

    with pytest.raises(ImportRefused, match="1 rows have errors"):
        actions.import_file(path, preset="servicenow", by=SYSTEM, strict=True)
    run = ImportRun.objects.get()
    assert (run.state, run.refusal.partition(":")[0]) == ("refused", "log.csv was not imported")

    report = actions.import_file(path, preset="servicenow", by=SYSTEM)
    assert (report["run"] != run.pk, report["records_made"]) == (True, 1)
