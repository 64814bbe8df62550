"""Versions of workflows: drafted by one, put in force by another, never changed while records live by them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.makers import a_person
from tests.organization.makers import a_draft, a_version
from tests.resolution.makers import an_incident

from gnomon.organization.kinds import WORKFLOW_VERSION
from gnomon.organization.models import WorkflowVersion
from gnomon.organization.workflow_tables import SENTENCES, faults_of, table_of
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.definitions import workflow_in_force
from gnomon.records.kinds import kind_named, kinds
from gnomon.records.ledger.verification import verify_ledger
from gnomon.records.listing import Listing
from gnomon.records.refusals import InvalidFacts, NotAllowed
from gnomon.resolution.kinds import incident as INCIDENT
from gnomon.workflow import tables
from gnomon.workflow.tables import Move, Phase, State, Workflow

pytestmark = pytest.mark.django_db
DECLARED = INCIDENT.workflow


@pytest.fixture
def yuan(db):
    """Answers for a process."""
    return a_person("Yuan Fang", username="yuan", roles=["process_manager"])


def with_vendor(workflow: Workflow = DECLARED) -> Workflow:
    """Incidents that wait at the maker's."""
    return replace(
        workflow,
        states=(*workflow.states, State("at_vendor", Phase.WAITING, "With the vendor")),
        moves=(
            *workflow.moves,
            Move("hand_over", ("in_progress",), "at_vendor", "Hand to the vendor", who=("agent",)),
            Move("take_back", ("at_vendor",), "in_progress", "Take back", who=("agent",)),
        ),
    )


def without(workflow: Workflow, *names: str) -> Workflow:
    return replace(workflow, moves=tuple(move for move in workflow.moves if move.name not in names))


def faults(workflow: Workflow) -> list[str]:
    return faults_of(INCIDENT, {name: part for name, part in table_of(workflow).items() if name in {"states", "moves"}})


# --- what a table must keep -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.name)
def test_what_a_kind_declares_may_always_be_put_in_force(kind):
    table = {name: part for name, part in table_of(kind.workflow).items() if name in {"states", "moves"}}
    assert faults_of(kind, table) == []


def test_a_state_and_moves_of_our_own_are_no_fault():
    assert faults(with_vendor()) == []


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (without(DECLARED, "resolve"), "The move “Resolve” is gone."),
        (replace(without(DECLARED, "cancel"), states=tuple(s for s in DECLARED.states if s.name != "cancelled")),
         "State cancelled is gone"),
        (replace(DECLARED, states=(*DECLARED.states[1:], DECLARED.states[0])), "begin as “New”"),
        (without(with_vendor(), "hand_over"), "State at_vendor cannot be reached."),
        (without(with_vendor(), "take_back"), "State at_vendor is a dead end"),
        (replace(DECLARED, states=tuple(replace(s, phase=Phase.CLOSED) if s.name == "waiting" else s for s in DECLARED.states)),
         "State waiting was waiting and would become closed."),
        (replace(DECLARED, moves=tuple(replace(m, end="closed") if m.name == "resolve" else m for m in DECLARED.moves)),
         "The move “Resolve” ends as “Resolved”"),
        (replace(DECLARED, moves=tuple(replace(m, needs=()) if m.name == "resolve" else m for m in DECLARED.moves)),
         "The move “Resolve” must go on to need: resolution, closure_code."),
        (replace(DECLARED, moves=(*DECLARED.moves, Move("edit", ("new",), "closed", "Edit", who=("agent",)))),
         "cannot be called “edit”"),
        (replace(DECLARED, moves=(*DECLARED.moves, Move("finish", ("new",), "closed", "Finish"))), "Nobody may take"),
        (replace(DECLARED, moves=(*DECLARED.moves, Move("finish", ("new",), "closed", "F", who=("wizard",)))), "“wizard”"),
        (replace(DECLARED, moves=(*DECLARED.moves, Move("finish", ("new",), "closed", "F", needs=("id",), who=("agent",)))),
         "asks for “id”"),
        (replace(DECLARED, moves=(*DECLARED.moves, Move("Fin!", ("new",), "closed", "F", who=("agent",)))), "“Fin!”"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_would_break_something_is_said_in_a_sentence(broken, says):
    assert any(says in fault for fault in faults(broken)), faults(broken)


def test_every_sentence_of_the_pure_tables_has_its_chinese():
    import ast
    import inspect

    calls = [node for node in ast.walk(ast.parse(inspect.getsource(tables))) if isinstance(node, ast.Call)]
    said = {call.args[0].value for call in calls if getattr(call.func, "id", "") == "Fault"}
    assert said == set(SENTENCES)


# --- its life ---------------------------------------------------------------------------------------


def test_a_new_version_begins_as_a_copy_of_the_one_in_force(yuan):
    draft = actions.record(WORKFLOW_VERSION, by=yuan, title="Second", of_kind="incident")
    assert (draft.status, draft.edition) == ("drafted", 1001)
    assert faults_of(INCIDENT, {name: draft.table[name] for name in ("states", "moves")}) == []
    resolve = next(move for move in draft.table["moves"] if move["name"] == "resolve")
    assert (resolve["title"], resolve["title_zh"]) == ("Resolve", "解决")


def test_who_wrote_it_does_not_put_it_in_force_while_somebody_else_can(yuan, olga):
    draft = a_draft(with_vendor(), by=yuan)
    with pytest.raises(InvalidFacts, match="You wrote this version"):
        actions.move(draft, "put_in_force", by=yuan, because="It is fine.")
    actions.move(draft, "put_in_force", by=olga, because="Looked at it together.")
    assert str(workflow_in_force(INCIDENT).state("at_vendor").title) == "With the vendor"


def test_one_who_is_alone_may_and_says_why(yuan):
    draft = a_draft(with_vendor(), by=yuan)
    with pytest.raises(InvalidFacts):
        actions.move(draft, "put_in_force", by=yuan)
    assert actions.move(draft, "put_in_force", by=yuan, because="Nobody else yet.").status == "in_force"


def test_agents_and_auditors_neither_draft_nor_put_in_force(bob, dave):
    draft = a_draft(with_vendor())
    for person in (bob, dave):
        with pytest.raises(NotAllowed):
            actions.move(draft, "put_in_force", by=person, because="Me too.")
        with pytest.raises(NotAllowed):
            actions.record(WORKFLOW_VERSION, by=person, title="Mine", of_kind="incident")


def test_a_draft_with_faults_is_kept_and_cannot_be_put_in_force():
    draft = a_draft(without(with_vendor(), "take_back"))
    with pytest.raises(InvalidFacts, match="dead end"):
        actions.move(draft, "put_in_force", by=SYSTEM, because="Now.")
    assert WorkflowVersion.objects.get().status == "drafted"


def test_the_newest_sets_the_other_aside_in_the_same_breath():
    first, second = a_version(with_vendor()), a_draft(with_vendor())
    actions.move(second, "put_in_force", by=SYSTEM, because="Better.")
    first.refresh_from_db()
    assert (first.status, second.status) == ("replaced", "in_force")
    assert verify_ledger().whole


def test_what_records_live_by_does_not_change():
    version = a_version(with_vendor())
    with pytest.raises(InvalidFacts, match="does not change"):
        actions.change(version, by=SYSTEM, table=table_of(DECLARED))
    with pytest.raises(InvalidFacts, match="belongs to its kind"):
        actions.change(version, by=SYSTEM, of_kind="service")


@pytest.mark.parametrize(
    "table",
    [
        "x", {"states": []}, {"states": 1, "moves": []}, {"states": ["new"], "moves": []},
        {"states": [{"name": "new", "title": "New", "phase": "begun"}], "moves": []},
        {"states": [{"name": "new", "title": "New", "phase": "open", "colour": "red"}], "moves": []},
        {"states": [{"name": 1, "title": "New", "phase": "open"}], "moves": []},
        {"states": [], "moves": [{"name": "x", "title": "X", "starts": [1], "end": "y"}]},
        {"states": [], "moves": [{"name": "x", "title": "X"}]},
        {"states": [{"name": f"s{n}", "title": "S", "phase": "open"} for n in range(61)], "moves": []},
    ],
)  # fmt: skip
def test_what_is_no_table_is_not_even_a_draft(table):
    with pytest.raises(InvalidFacts):
        actions.record(WORKFLOW_VERSION, by=SYSTEM, title="Odd", of_kind="incident", table=table)


# --- lists know the states of every version -----------------------------------------------------------


def test_a_state_of_our_own_is_found_by_its_phase_in_filters_and_moved_in_bulk(bob, bob_browser):
    a_version(with_vendor())
    old = an_incident("Old")
    new = an_incident("New", by=bob)
    actions.move(new, "start", by=bob)
    actions.move(new, "hand_over", by=bob)
    assert [one.title for one in Listing(kind_named("incident"), bob, {"phase": ["waiting"]}).ordered()] == ["New"]
    page = bob_browser.get("/resolution/incidents/", {"status": "at_vendor"})
    offered = {key: str(title) for key, title in page.context["filters"].fields["status"].choices}
    assert offered["at_vendor"] == "With the vendor"
    assert page.context["chips"][0].value == "With the vendor"
    given = {"number": [old.number, new.number], "move": "take_back"}
    preview = bob_browser.post("/resolution/incidents/bulk", given)
    assert {line.record.title: line.can for line in preview.context["lines"]} == {"Old": False, "New": True}
    assert bob_browser.post("/resolution/incidents/bulk", {**given, "sure": "1"}).context["done"] == 1


def test_a_draft_that_was_withdrawn_offers_no_state_to_filter_by(bob_browser):
    draft = a_draft(with_vendor())
    actions.move(draft, "withdraw", by=SYSTEM, because="Nobody wanted it.")
    page = bob_browser.get("/resolution/incidents/")
    assert "at_vendor" not in dict(page.context["filters"].fields["status"].choices)
