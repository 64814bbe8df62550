"""The configuration as one file: what is exported comes back as it was, a second import changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from tests.makers import a_person
from tests.organization.makers import a_field, a_version
from tests.organization.test_workflow_versions import with_vendor

from gnomon.agreements.models import ServiceLevelAgreement
from gnomon.organization.kinds import CUSTOM_FIELD, TEAM, WORK_CALENDAR
from gnomon.organization.models import CustomField, Team, WorkflowVersion
from gnomon.portfolio.kinds import service as SERVICE
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.configuring.declared import sections
from gnomon.records.configuring.plan import Plan, PlanMoved, apply_configuration, plan_of
from gnomon.records.configuring.reading import read_configuration
from gnomon.records.configuring.writing import configuration_text
from gnomon.records.kinds import kind_named
from gnomon.records.ledger.verification import verify_ledger
from gnomon.records.models import LedgerEntry
from gnomon.records.queries import history
from gnomon.records.refusals import NotAllowed
from gnomon.resolution.models import PriorityMatrix

pytestmark = pytest.mark.django_db
HEAD = "gnomon_configuration: 1\n"
HOURS = {"time_zone": "Asia/Shanghai", "week": {"mon": [["09:00", "18:00"]]}, "closed": [], "open": []}
FIELD = """custom_field:
  - {of_kind: incident, name: room, title: Room, title_zh: 房间, type: text, position: 10, status: in_use}
"""


def a_configuration() -> None:
    """Something of every part."""
    hours = actions.record(WORK_CALENDAR, by=SYSTEM, title="Office hours", hours={**HOURS, "holidays": "CN"})
    second = actions.record(TEAM, by=SYSTEM, title="Second line")
    desk = actions.record(TEAM, by=SYSTEM, title="Desk", escalates_to=second, parent=second)
    a_field("room", help="Where: “4.11”\nor so", required=True)
    actions.move(a_field("old"), "retire", by=SYSTEM, because="Nobody fills it.")
    a_field("place", "choice", choices=[{"value": "hq", "zh": "总部"}, "no", "1.0", "on"])
    a_version(with_vendor())
    mail = actions.record(SERVICE, by=SYSTEM, title="Mail", team=desk, criticality=2)
    acme = actions.record(kind_named("customer"), by=SYSTEM, title="Acme: “the maker”")
    actions.record(
        kind_named("service_level_agreement"), by=SYSTEM, title="Mail for Acme", service=mail, customer=acme,
        calendar=hours, targets=[{"priority": 1, "respond_minutes": 15, "resolve_minutes": 240}],
    )  # fmt: skip
    matrix = actions.record(kind_named("priority_matrix"), by=SYSTEM, title="Ours")
    actions.move(matrix, "adopt", by=SYSTEM)
    actions.record(kind_named("level_name"), by=SYSTEM, scale="priority", level=1, title="P1", title_zh="一级")


def exported() -> str:
    return configuration_text(SYSTEM)


def brought(text: str | bytes, by: Any = SYSTEM, **more: Any) -> Plan:
    content = text.encode() if isinstance(text, str) else text
    return apply_configuration(read_configuration(content, "ours.yaml"), by=by, **more)


def whats(plan: Plan) -> set[str]:
    return {step.what for step in plan.steps}


# --- there and back -------------------------------------------------------------------------------


def test_a_whole_configuration_comes_back_as_it_was_on_another_installation():
    before = exported()
    mark = transaction.savepoint()
    a_configuration()
    text = exported()
    transaction.savepoint_rollback(mark)
    assert exported() == before
    plan = brought(text)
    assert plan.faults == []
    assert plan.done
    waiting = WorkflowVersion.objects.get()
    assert waiting.status == "drafted"
    actions.move(waiting, "put_in_force", by=SYSTEM, because="Looked at it.")
    assert exported() == text
    assert ServiceLevelAgreement.objects.get().service.team.escalates_to.title == "Second line"
    assert verify_ledger().whole
    again = brought(text)
    assert whats(again) == {"same"}
    assert exported() == text


def test_a_second_import_writes_nothing():
    a_configuration()
    entries = LedgerEntry.objects.count()
    assert whats(brought(exported())) == {"same"}
    assert LedgerEntry.objects.count() == entries


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=20).filter(
    str.strip
)
choices = st.lists(words.map(str.strip), min_size=1, max_size=4, unique=True)


class ThereAndBack(TestCase):
    """Whatever the words are: signs that YAML knows, numbers, yes and no, quotes."""

    @settings(max_examples=15, suppress_health_check=list(HealthCheck))
    @given(titles=st.lists(words.map(str.strip), min_size=1, max_size=3, unique=True), help=words, options=choices)
    def test_words_survive(self, titles: list[str], help: str, options: list[str]) -> None:
        mark = transaction.savepoint()
        for title in titles:
            actions.record(TEAM, by=SYSTEM, title=title)
        actions.record(
            CUSTOM_FIELD,
            by=SYSTEM,
            of_kind="incident",
            title=titles[0],
            help=help.strip(),
            type="choice",
            choices=options,
        )
        text = exported()
        transaction.savepoint_rollback(mark)
        plan = brought(text)
        assert plan.faults == [], plan.faults
        assert exported() == text
        assert whats(brought(text)) == {"same"}


def test_every_part_says_in_both_languages_what_it_is_and_nothing_secret_is_in_it():
    a_person(
        "Olga Winter", username="olga", password="lantern-in-fog", email="olga@example.org", roles=["administrator"]
    )
    a_configuration()
    text = exported()
    for section in sections():
        assert section.says[0] != section.says[1]
        if f"\n{section.kind}:" in text:
            assert section.says[0] in text
            assert section.says[1] in text
    for secret in ("olga", "lantern", "PER-", "password:", "token:"):
        assert secret not in text


# --- what a file does ------------------------------------------------------------------------------


def test_the_plan_tells_what_would_be_added_changed_and_left_and_does_nothing():
    a_field("room", title="Office", title_zh="房间")
    a_field("extra")
    entries = LedgerEntry.objects.count()
    read = read_configuration((HEAD + FIELD + "  - {of_kind: incident, name: new, title: New}\n").encode())
    plan = plan_of(read, by=SYSTEM)
    assert plan.counts == {"added": 1, "changed": 1, "same": 0, "left": 1}
    (changed,) = [step for step in plan.steps if step.what == "changed"]
    assert [(one.name, one.before, one.after) for one in changed.differences] == [("title", "Office", "Room")]
    assert changed.line == 3
    assert plan.left == [("custom_field", "FLD-000002 Extra")]
    assert LedgerEntry.objects.count() == entries
    assert CustomField.objects.get(name="room").title == "Office"


def test_each_change_is_an_entry_that_names_the_file():
    a_field("room", title="Office", title_zh="房间")
    plan = brought(HEAD + FIELD)
    (entry,) = [one for one in history(CustomField.objects.get()) if one.version == 2]
    assert entry.changes == {"title": ["Office", "Room"]}
    assert plan.digest in entry.because
    assert "ours.yaml" in entry.because
    assert verify_ledger().whole


def test_a_status_is_reached_by_moves():
    brought(HEAD + FIELD.replace("status: in_use", "status: retired"))
    field = CustomField.objects.get()
    assert [entry.verb for entry in history(field)] == ["custom_field:recorded", "custom_field:retire"]
    brought(HEAD + FIELD)
    assert [entry.verb for entry in history(field)][-1] == "custom_field:bring_back"


def test_the_matrix_of_a_file_takes_the_place_of_the_one_in_use():
    first = actions.record(kind_named("priority_matrix"), by=SYSTEM, title="Old")
    actions.move(first, "adopt", by=SYSTEM)
    row = "{'1': 1, '2': 1, '3': 2}"
    text = f"{HEAD}priority_matrix:\n  - title: New\n    status: in_use\n    table: {{'1': {row}, '2': {row}, '3': {row}}}\n"
    assert brought(text).faults == []
    assert {one.title: one.status for one in PriorityMatrix.objects.all()} == {"Old": "retired", "New": "in_use"}


def test_one_fault_and_nothing_is_done():
    text = HEAD + FIELD + "  - {of_kind: incident, name: Bad, title: Bad}\nteam:\n  - {title: Desk, parent: Nobody}\n"
    plan = brought(text)
    assert not plan.done
    assert [(fault.line, fault.says) for fault in plan.faults] == [
        (6, "parent: There is no Team called “Nobody”, neither here nor earlier in the file."),
        (4, "name: Begin with a letter, then small letters, digits and _, at most 40."),
    ]
    assert (CustomField.objects.count(), Team.objects.count()) == (0, 0)


def test_two_people_at_once_do_not_overwrite_each_other():
    read = read_configuration((HEAD + FIELD).encode())
    seen = plan_of(read, by=SYSTEM).seen
    a_field("room", title="Theirs", title_zh="房间")
    with pytest.raises(PlanMoved) as moved:
        apply_configuration(read, by=SYSTEM, seen=seen)
    assert [step.what for step in moved.value.plan.steps] == ["changed"]
    assert CustomField.objects.get().title == "Theirs"
    assert apply_configuration(read, by=SYSTEM, seen=moved.value.plan.seen).done


def test_nobody_brings_in_what_they_might_not_set_by_hand(bob, dave):
    for person in (bob, dave):
        plan = brought(HEAD + FIELD, by=person)
        assert not plan.done
        assert "do not permit" in plan.faults[0].says
    with pytest.raises(NotAllowed):
        configuration_text(bob)


# --- files that are none ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 1, "The file is empty."), ("- a\n", 1, "Give names and values here"), ("team: []\n", 1, "does not begin with"),
        ("gnomon_configuration: 2\n", 1, "Update Gnomon first."), ("gnomon_configuration: x\n", 1, "is a number"),
        (HEAD + "teams:\n  - title: a\n", 2, "There is no part “teams”."), (HEAD + "team: a\n", 2, "is a list of items"),
        (HEAD + "team:\n  - a\n", 3, "Give names and values here"), (HEAD + "team:\n  - titel: a\n", 3, "“titel” is unknown here."),
        (HEAD + "team:\n  - email: a\n", 3, "“title” is missing"),
        (HEAD + "team:\n  - title: a\n    title: b\n", 4, "stands there twice"),
        (HEAD + "team:\n  - title: a\n  - title: a\n", 4, "stands in line 3 already"),
        (HEAD + "team:\n  - {title: a, status: gone}\n", 3, "There is no status “gone” here."),
        (HEAD + "team: &t\n  - title: a\nservice: *t\n", 4, "References"), (HEAD + "team: [\n", 3, "This is no YAML"),
        (HEAD + "team:\n  - title: !!python/object:os.system a\n", 3, "is no value"),
        (HEAD + "team:\n  - title: " + "[" * 60 + "]" * 60 + "\n", 3, "nested too deeply"),
        (HEAD + "custom_field:\n  - {of_kind: incident, name: a, title: A, position: 99999999999}\n", 3, "no value"),
        (HEAD + "custom_field:\n  - {of_kind: incident, name: a, title: [1]}\n", 3, "no value"),
        (HEAD + 'team:\n  - title: "a\\0b"\n', 3, "cannot be kept"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line(text, line, says):
    plan = brought(text)
    assert not plan.done
    assert [(fault.line, says in fault.says) for fault in plan.faults][:1] == [(line, True)], plan.faults


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_files_of_any_editor_are_read(encoding):
    assert brought((HEAD + FIELD).replace("\n", "\r\n").encode(encoding)).done
    assert CustomField.objects.get().title_zh == "房间"


@pytest.mark.parametrize(
    "content", [b"\x00" * 100, b"\xff\xfe\x00", b"PK\x03\x04" + bytes(range(256)), b"a" * 5_000_001]
)
def test_what_is_no_text_is_refused_in_a_sentence(content):
    plan = brought(content)
    assert len(plan.faults) == 1
    assert plan.faults[0].says.endswith(".")
