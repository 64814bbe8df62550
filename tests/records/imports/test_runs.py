"""Runs: dry and real, repeated, continued, with everything that can be wrong in a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.makers import a_person
from tests.records.imports.makers import EVENT_COLUMNS, a_life, an_event, write_rows

from gnomon.integrations.presets import preset
from gnomon.organization.models import Person, Team
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.facts import blank, ledgered, row_fact
from gnomon.records.imports import runs
from gnomon.records.imports.mappings import Mapping as FileMapping
from gnomon.records.imports.mappings import mapping_of
from gnomon.records.imports.refusals import ImportRefused, ImportUnderWay
from gnomon.records.ledger.verification import verify_ledger
from gnomon.records.models import ExternalKey, ImportFinding, ImportRun, LedgerEntry
from gnomon.records.queries import as_of_version
from gnomon.records.refusals import NotAllowed
from gnomon.records.search import find_numbers, vocabulary
from gnomon.resolution.models import Incident
from gnomon.standard.plugs import Actor

pytestmark = pytest.mark.django_db
LOG = replace(preset("servicenow"), shape="events", time_zone="UTC")
TWO_LIVES = [*a_life("INC1"), *a_life("INC2", caller_id="Caller 8")]


def bring_in(path: Path, mapping: FileMapping = LOG, by: Actor = SYSTEM, strict: bool = False) -> ImportRun:
    return runs.carry_out(runs.begin(path, mapping, by=by, strict=strict), path, mapping, by=by)


def a_log(tmp_path: Path, rows: Sequence[Mapping[str, str]], name: str = "log.csv", encoding: str = "utf-8") -> Path:
    return write_rows(tmp_path / name, rows, EVENT_COLUMNS, encoding)


def says(run: ImportRun, severity: str = "error") -> list[tuple[int, str]]:
    return [(finding.row, finding.says) for finding in run.findings.filter(severity=severity)]


def counts() -> dict[str, int]:
    tables = (Incident, Person, Team, LedgerEntry, ExternalKey, ImportRun, ImportFinding)
    return {table.__name__: table._default_manager.count() for table in tables}


# --- what comes in ----------------------------------------------------------------------------


def test_a_log_becomes_incidents_with_their_history(tmp_path: Path) -> None:
    run = bring_in(a_log(tmp_path, TWO_LIVES))

    incident = Incident.objects.get(external_number="INC1")
    entries = list(LedgerEntry.objects.filter(number=incident.number).order_by("version"))
    assert run.state == "finished"
    assert (incident.status, incident.version, incident.priority) == ("closed", 4, 3)
    assert incident.opened_at == datetime(2016, 2, 29, 1, 16, tzinfo=UTC)
    assert incident.resolved_at == datetime(2016, 2, 29, 11, 29, tzinfo=UTC)
    assert incident.source == {"resolved_by": "Resolved by 9"}
    assert incident.source_made_sla is True
    assert entries[0].happened_at == datetime(2016, 2, 29, 1, 23, tzinfo=UTC)
    assert all(entry.actor == "system" and entry.recorded_at > entry.happened_at for entry in entries)
    assert verify_ledger().whole


def test_a_typing_error_is_forgiven_in_what_came_as_soon_as_it_came(tmp_path: Path) -> None:
    assert vocabulary.candidates("resolvr") == []
    bring_in(a_log(tmp_path, TWO_LIVES))
    assert vocabulary.candidates("resolvr") == ["resolver"]  # Resolver 3


def test_people_and_teams_of_the_log_are_recorded_once_and_cannot_sign_in(tmp_path: Path) -> None:
    run = bring_in(a_log(tmp_path, TWO_LIVES))

    people = {person.title: person for person in Person.objects.all()}
    assert set(people) == {"Caller 7", "Caller 8", "Resolver 3"}
    assert all(person.username is None and not person.check_password("") for person in people.values())
    assert people["Resolver 3"].roles == ["agent"]
    assert people["Caller 7"].roles == []
    assert [team.title for team in Team.objects.all()] == ["Group 56"]
    assert run.counts["references"] == {"person": 3, "team": 1}
    assert Incident.objects.get(external_number="INC2").requester == people["Caller 8"]


def test_somebody_whom_we_know_is_not_recorded_again(tmp_path: Path) -> None:
    bob = a_person("Bob Reed", username="bob", roles=["agent"])
    rows = [an_event(number="INC1", assigned_to="Bob Reed"), an_event(number="INC2", assigned_to="bob"),
            an_event(number="INC3", assigned_to=bob.number)]  # fmt: skip

    bring_in(a_log(tmp_path, rows))

    assert {incident.assignee for incident in Incident.objects.all()} == {bob}
    assert bob in Person.objects.filter(roles=["agent"])


def test_imported_records_are_found_and_their_clocks_are_read(tmp_path: Path) -> None:
    bring_in(a_log(tmp_path, a_life("INC1", category="Druckerei 打印机")))

    incident = Incident.objects.get()
    assert find_numbers("打印机") == [("incident", incident.number)]
    assert find_numbers("INC1") == [("incident", incident.number)]
    from gnomon.agreements.models import ClockProjection

    stopped = ClockProjection.objects.get(number=incident.number, name="resolve")
    assert stopped.stopped_at == datetime(2016, 2, 29, 11, 29, tzinfo=UTC)


def test_a_file_in_gbk_with_chinese_names_comes_in(tmp_path: Path) -> None:
    bring_in(a_log(tmp_path, a_life(caller_id="王小明", category="网络", subcategory="无线"), encoding="gbk"))

    incident = Incident.objects.get()
    assert (incident.title, incident.requester.title) == ("网络 · 无线", "王小明")


def test_events_of_several_incidents_may_stand_among_each_other(tmp_path: Path) -> None:
    first, second = a_life("INC1"), a_life("INC2")
    mixed = [row for pair in zip(first, second, strict=True) for row in pair]

    bring_in(a_log(tmp_path, mixed))

    assert list(Incident.objects.order_by("number").values_list("external_number", "version", "status")) == [
        ("INC1", 4, "closed"), ("INC2", 4, "closed"),
    ]  # fmt: skip


@given(
    st.lists(
        st.lists(
            st.tuples(
                st.sampled_from(("New", "Active", "Awaiting User Info", "Resolved", "Closed", "-100")),
                st.sampled_from(("1 - Critical", "3 - Moderate", "?")),
                st.sampled_from(("Resolver 1", "Resolver 2", "?")),
                st.sampled_from(("29/2/2016 11:29", "?")),
            ),
            min_size=1, max_size=6,
        ),
        min_size=1, max_size=4,
    )
)  # fmt: skip
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_row_of_the_database_is_the_fold_of_its_entries(tmp_path: Path, lives: list[list[Any]]) -> None:
    seen = LedgerEntry.objects.count()
    rows = [
        an_event(state, number=f"N{seen}-{at}", priority=priority, assigned_to=who, resolved_at=resolved)
        for at, life in enumerate(lives)
        for state, priority, who, resolved in life
    ]

    bring_in(a_log(tmp_path, rows))

    for incident in Incident.objects.filter(external_number__startswith=f"N{seen}-"):
        folded = as_of_version(incident.number, incident.version)
        for field in ledgered(Incident):
            assert row_fact(incident, field) == folded.get(field.name, blank(field)), field.name


# --- dry runs, repetition, continuation -------------------------------------------------------


def test_a_dry_run_writes_nothing_and_tells_what_a_real_one_does(tmp_path: Path) -> None:
    path, before = a_log(tmp_path, [*TWO_LIVES, an_event(number="INC3", priority="urgent")]), counts()

    tally, _table = runs.try_dry(path, LOG, by=SYSTEM)

    assert counts() == before
    run = bring_in(path)
    assert run.counts == tally.as_json()
    assert (run.counts["made"], run.counts["left_out"], run.counts["entries"]) == (2, 1, 8)


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    path = a_log(tmp_path, TWO_LIVES)
    bring_in(path)
    before = counts()

    again = bring_in(path)

    assert {**counts(), "ImportRun": 0, "ImportFinding": 0} == {**before, "ImportRun": 0, "ImportFinding": 0}
    assert (again.counts["made"], again.counts["unchanged"], again.counts["entries"]) == (0, 2, 0)


def test_later_rows_of_a_known_incident_are_added_to_its_history(tmp_path: Path) -> None:
    life = a_life("INC1")
    bring_in(a_log(tmp_path, life[:2]))

    run = bring_in(a_log(tmp_path, life))

    incident = Incident.objects.get()
    assert (run.counts["made"], run.counts["continued"], run.counts["entries"]) == (0, 1, 2)
    assert (incident.status, incident.version, incident.closure_code) == ("closed", 4, "code 5")
    assert [e.verb for e in LedgerEntry.objects.filter(number=incident.number).order_by("version")] == [
        "incident:recorded", "incident:start", "incident:resolve", "incident:close",
    ]  # fmt: skip
    assert verify_ledger().whole


def test_a_log_that_arrives_in_two_parts_tells_the_same_as_in_one(tmp_path: Path) -> None:
    life = a_life("INC1")
    bring_in(a_log(tmp_path, life[:2]))
    bring_in(a_log(tmp_path, life))
    bring_in(a_log(tmp_path, [{**row, "number": "INC2"} for row in life]))

    parts, whole = Incident.objects.order_by("number")
    story = LedgerEntry.objects.order_by("version").values_list("verb", "happened_at", "facts")
    assert [(v, t, f.replace("INC1", "INC2")) for v, t, f in story.filter(number=parts.number)] == list(
        story.filter(number=whole.number)
    )


def test_what_was_changed_here_stays_when_the_source_speaks_of_something_else(tmp_path: Path) -> None:
    life = a_life("INC1")
    bring_in(a_log(tmp_path, life[:2]))
    actions.change(Incident.objects.get(), by=SYSTEM, description="Found by Bob")

    bring_in(a_log(tmp_path, life))

    incident = Incident.objects.get()
    assert (incident.description, incident.status) == ("Found by Bob", "closed")
    assert verify_ledger().whole


def test_a_past_that_is_told_differently_now_is_named_and_left_as_it_was(tmp_path: Path) -> None:
    life = a_life("INC1")
    bring_in(a_log(tmp_path, life))

    run = bring_in(a_log(tmp_path, [{**life[0], "priority": "1 - Critical"}, *life[1:]]))

    incident = Incident.objects.get()
    assert (incident.priority, incident.version, run.counts["unchanged"]) == (3, 4, 1)
    assert says(run, "warning") == [
        (2, f"The file tells the past of “INC1” differently than when it was imported as {incident.number}; "
            "it was left as it is.")
    ]  # fmt: skip


def test_a_changed_row_of_a_plain_table_brings_the_record_up_to_date(tmp_path: Path) -> None:
    mapping = mapping_of({"kind": "team", "key": "id", "fields": {"title": "name", "email": "mail"}})
    columns = ("id", "name", "mail")
    path = tmp_path / "teams.csv"
    bring_in(write_rows(path, [{"id": "1", "name": "Desk", "mail": "desk@example.org"}], columns), mapping)
    actions.change(Team.objects.get(), by=SYSTEM, title="Service desk")

    run = bring_in(write_rows(path, [{"id": "1", "name": "Desk", "mail": "help@example.org"}], columns), mapping)

    team = Team.objects.get()
    assert (team.title, team.email, team.version) == ("Service desk", "help@example.org", 3)
    assert run.counts["continued"] == 1


# --- what is wrong in files --------------------------------------------------------------------


def test_rows_with_errors_are_named_and_the_others_come_in(tmp_path: Path) -> None:
    path = a_log(tmp_path, [*a_life("INC1"), an_event(number="INC2", opened_at="31/2/2016 01:16"), *a_life("INC3")])
    with path.open("a") as file:
        file.write("INC4,New,0\n")

    run = bring_in(path)

    assert set(Incident.objects.values_list("external_number", flat=True)) == {"INC1", "INC3"}
    found = says(run)
    assert [row for row, _says in found] == [6, 11]
    assert found[0][1].startswith("“31/2/2016 01:16” is no date of the form")
    assert found[1][1] == "The row has 3 cells for 22 columns; it seems to be broken off."


def test_with_strict_one_error_keeps_everything_out(tmp_path: Path) -> None:
    path = a_log(tmp_path, [*a_life("INC1"), an_event(number="INC2", priority="urgent")])

    with pytest.raises(ImportRefused, match=r"log\.csv was not imported: 1 rows have errors"):
        bring_in(path, strict=True)

    assert Incident.objects.count() == 0


def test_columns_that_nothing_takes_are_named_and_kept_when_wished(tmp_path: Path) -> None:
    columns = (*EVENT_COLUMNS, "u_building", "active")
    path = write_rows(tmp_path / "log.csv", [{**an_event(number="INC1"), "u_building": "East"}], columns)

    left = bring_in(path)
    assert says(left, "warning") == [(1, "No field takes this column; its values were left out.")]
    assert left.findings.get(severity="warning").column == "u_building"

    kept = bring_in(path, replace(LOG, source="other", keep_unknown=True))
    assert "No field takes this column; its values were kept as facts of the source." in [
        s for _r, s in says(kept, "note")
    ]
    assert Incident.objects.order_by("-number").first().source["u_building"] == "East"


def test_script_in_a_title_is_text(tmp_path: Path) -> None:
    bring_in(a_log(tmp_path, [an_event(category="<script>alert(1)</script>", subcategory="?")]))

    assert Incident.objects.get().title == "<script>alert(1)</script>"


def test_a_record_that_the_database_refuses_is_named_and_its_neighbours_come_in(tmp_path: Path) -> None:
    # closed before it opened: the constraint an_incident_closes_after_it_opened
    rows = [*a_life("INC1"), *a_life("INC2", closed_at="1/1/2016 00:00"), *a_life("INC3", caller_id="Caller 9")]

    run = bring_in(a_log(tmp_path, rows))

    assert set(Incident.objects.values_list("external_number", flat=True)) == {"INC1", "INC3"}
    assert says(run) == [(6, "“INC2” was left out: This would break the rule “an incident closes after it opened”.")]
    assert (run.counts["made"], run.counts["left_out"]) == (2, 1)
    assert Person.objects.filter(title="Caller 9").count() == 1
    assert verify_ledger().whole


def test_names_that_nobody_has_are_named_when_the_mapping_does_not_record_them(tmp_path: Path) -> None:
    a_person("Li Wei")
    a_person("Li Wei")
    origins = {**LOG.origins, "requester": replace(LOG.origins["requester"], create=False)}
    rows = [an_event(number="INC1", caller_id="Nobody"), an_event(number="INC2", caller_id="Li Wei")]

    run = bring_in(a_log(tmp_path, rows), replace(LOG, origins=origins))

    assert Incident.objects.count() == 0
    assert says(run) == [
        (2, "Person “Nobody” is not known. Record it first, or let the mapping do so (create: true)."),
        (3, "People: “Li Wei” is the name of several. Give a number instead."),
    ]


def test_the_same_fault_in_every_row_does_not_bury_the_others(tmp_path: Path) -> None:
    rows = [an_event(number=f"INC{n}", priority="urgent") for n in range(150)]

    run = bring_in(a_log(tmp_path, [*rows, an_event(number="LAST", impact="huge")]))

    # of one sentence a hundred are kept, all are counted
    assert run.findings.filter(column="priority").count() == 100
    assert run.findings.filter(column="impact").count() == 1
    assert run.counts["findings"]["error"] == 151
    assert run.counts["rows_left_out"] == 151


# --- who may ----------------------------------------------------------------------------------


def test_eve_cannot_import(tmp_path: Path, eve: Person) -> None:
    with pytest.raises(NotAllowed, match="Your roles do not permit “import” on Incidents"):
        bring_in(a_log(tmp_path, TWO_LIVES), by=eve)

    assert Incident.objects.count() == 0


def test_a_process_manager_imports_people_without_giving_them_power(tmp_path: Path) -> None:
    pia = a_person("Pia Grant", username="pia", roles=["process_manager"])
    facts = {"roles": ["administrator"], "username": "backdoor"}
    origins = {**LOG.origins, "requester": replace(LOG.origins["requester"], facts=facts)}

    run = bring_in(a_log(tmp_path, TWO_LIVES), replace(LOG, origins=origins), by=pia)

    assert Incident.objects.count() == 2
    assert all(p.roles == [] and p.username is None for p in Person.objects.exclude(pk=pia.pk))
    assert says(run, "warning") == [
        (0, "People: new ones are recorded with their names alone, because your roles do not permit to import them.")
    ]
    assert set(LedgerEntry.objects.filter(kind="incident").values_list("actor", flat=True)) == {pia.number}


def test_two_processes_with_one_file_do_not_write_it_twice(tmp_path: Path) -> None:
    path = a_log(tmp_path, TWO_LIVES)
    run = runs.begin(path, LOG, by=SYSTEM)
    ImportRun.objects.filter(pk=run.pk).update(state="running")
    slow = runs.begin(path, LOG, by=SYSTEM)
    assert slow.pk == run.pk
    quick = ImportRun.objects.get(pk=run.pk)

    runs.carry_out(quick, path, LOG, by=SYSTEM)
    with pytest.raises(ImportUnderWay, match=r"log\.csv is being imported by another process"):
        runs.carry_out(slow, path, LOG, by=SYSTEM)

    assert Incident.objects.count() == 2
