"""Rows of kinds without a past of their own pass the same rules as records that are made here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.makers import a_person
from tests.records.imports.makers import write_rows

from gnomon.organization.models import Person, Responsibility, Team
from gnomon.records.actors import SYSTEM
from gnomon.records.imports import runs
from gnomon.records.imports.mappings import mapping_of
from gnomon.records.ledger.verification import verify_ledger
from gnomon.records.models import ImportRun

pytestmark = pytest.mark.django_db

PEOPLE = {"kind": "person", "key": "id", "fields": {"title": "name", "username": "login", "roles": "roles"}}


def bring_in(path: Path, table: Mapping[str, Any]) -> ImportRun:
    mapping = mapping_of(table)
    return runs.carry_out(runs.begin(path, mapping, by=SYSTEM), path, mapping, by=SYSTEM)


def people(tmp_path: Path, *rows: tuple[str, str, str, str]) -> Path:
    columns = ("id", "name", "login", "roles")
    return write_rows(tmp_path / "people.csv", [dict(zip(columns, row, strict=True)) for row in rows], columns)


def errors(run: ImportRun) -> list[tuple[int, str]]:
    return [(finding.row, finding.says) for finding in run.findings.filter(severity="error")]


def test_what_follows_from_a_row_is_added_as_for_any_new_record(tmp_path: Path) -> None:
    run = bring_in(people(tmp_path, ("1", "Bob Reed", " BOB ", "agent")), PEOPLE)

    bob = Person.objects.get()
    assert (bob.username, bob.roles, run.counts["made"]) == ("bob", ["agent"], 1)
    assert verify_ledger().whole


def test_a_row_that_breaks_a_rule_is_named_already_by_the_dry_run(tmp_path: Path) -> None:
    path = people(tmp_path, ("1", "Bob Reed", "bob", "agent"), ("2", "Ann Vole", "ann", "wizard"))

    tally, _table = runs.try_dry(path, mapping_of(PEOPLE), by=SYSTEM)
    run = bring_in(path, PEOPLE)

    assert [finding.row for finding in tally.findings.kept if finding.severity == "error"] == [3]
    assert errors(run)[0][1].startswith("“2” was left out: There is no role called wizard.")
    assert [person.username for person in Person.objects.all()] == ["bob"]
    assert run.counts == tally.as_json()


def test_two_rows_with_one_user_name_are_told_apart(tmp_path: Path) -> None:
    run = bring_in(people(tmp_path, ("1", "Bob Reed", "bob", "agent"), ("2", "Bob Vole", "bob", "agent")), PEOPLE)

    assert errors(run) == [(3, "“2” was left out: Another record already has this username.")]
    assert Person.objects.get().title == "Bob Reed"


def test_a_change_of_a_known_row_passes_the_rules_too(tmp_path: Path) -> None:
    bring_in(people(tmp_path, ("1", "Bob Reed", "bob", "agent")), PEOPLE)

    wrong = bring_in(people(tmp_path, ("1", "Bob Reed", "bob", "wizard")), PEOPLE)
    assert errors(wrong)[0][1].startswith("“1” was left out: There is no role called wizard.")
    right = bring_in(people(tmp_path, ("1", "Bob A. Reed", "bob", "agent")), PEOPLE)

    assert right.counts["continued"] == 1
    assert (Person.objects.get().title, Person.objects.get().roles) == ("Bob A. Reed", ["agent"])
    assert verify_ledger().whole


def test_a_row_that_names_somebody_new_is_judged_when_they_are_recorded(tmp_path: Path) -> None:
    columns = ("who", "what", "since", "until")
    table = {
        "kind": "responsibility", "dates": ["iso"],
        "fields": {
            "person": {"column": "who", "create": True}, "authority": "what", "since": "since", "until": "until",
            "title": {"column": "what"},
        },
    }  # fmt: skip
    rows = [("Ann Vole", "May order", "2026-01-05", ""), ("Bob Reed", "May sign", "2026-02-01", "2026-01-01")]
    path = write_rows(tmp_path / "r.csv", [dict(zip(columns, row, strict=True)) for row in rows], columns)

    run = bring_in(path, table)

    assert Responsibility.objects.get().person.title == "Ann Vole"
    assert errors(run)[0][0] == 3
    assert "The last day lies before the first." in errors(run)[0][1]


def test_a_team_names_its_lead_and_its_parent(tmp_path: Path) -> None:
    alice = a_person("Alice Chen", username="alice")
    columns = ("name", "lead", "part of")
    table = {
        "kind": "team",
        "fields": {
            "title": "name", "lead": {"column": "lead", "by": ["username"]},
            "parent": {"column": "part of", "create": True},
        },
    }  # fmt: skip
    path = write_rows(tmp_path / "t.csv", [{"name": "Wireless", "lead": "alice", "part of": "Network"}], columns)

    bring_in(path, table)

    wireless = Team.objects.get(title="Wireless")
    assert wireless.lead == alice
    assert wireless.parent is not None
    assert wireless.parent.title == "Network"
