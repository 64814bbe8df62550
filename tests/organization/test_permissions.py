"""Roles × kinds × verbs: what the table says is what the actions do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from tests.makers import a_person

from gnomon.organization.roles import CODES, EXTERNAL_AUDITOR, REQUESTER
from gnomon.organization.views.permissions import blocks
from gnomon.records import actions, permissions
from gnomon.records.kinds import Kind, kinds
from gnomon.records.refusals import NotAllowed, Refused

pytestmark = [pytest.mark.django_db, pytest.mark.clause("5.3")]


@dataclass(frozen=True)
class Holder:
    """Somebody with one role and nothing else."""

    roles: tuple[str, ...]
    number: str = "PER-000001"
    pk: int = 0
    title: str = "Holder"


def passes_gate(doing, *args, **facts) -> bool:
    """Whether an action gets past the question who may; what is wrong with its facts comes after that."""
    try:
        doing(*args, **facts)
    except NotAllowed:
        return False
    except Refused:
        return True
    return True


def enforced(kind: Kind, verb: str, person: Holder) -> bool:
    """What happens when a person of this role tries it, on a record that holds nothing."""
    record = kind.model(number=f"{kind.prefix}-000000", status=kind.workflow.initial.name)
    if verb == "create":
        return passes_gate(actions.record, kind, by=person, title="x" * 301)
    if verb == "change":
        return passes_gate(actions.change, record, by=person, title="")
    if verb == "comment":
        return passes_gate(actions.comment, record, "", by=person)
    if verb in ("export", "import"):
        return passes_gate(permissions.require, person, verb, kind)
    return passes_gate(actions.move, record, verb, by=person)


def combinations(kind: Kind) -> Iterator[tuple[str, str]]:
    verbs = [verb for verb in permissions.VERBS if verb != "read"] + [move.name for move in kind.workflow.moves]
    return ((role, verb) for role in CODES for verb in verbs)


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.name)
def test_every_verb_is_open_to_the_roles_of_the_table_and_to_nobody_else(kind):
    wrong = [
        (role, verb)
        for role, verb in combinations(kind)
        if enforced(kind, verb, Holder((role,))) is not (role in kind.holders(verb))
    ]
    assert wrong == []


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.name)
def test_whoever_holds_no_role_may_do_nothing(kind):
    eve = Holder(())
    assert not any(enforced(kind, verb, eve) for _role, verb in combinations(kind))


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.name)
def test_reading_is_all_own_or_nothing(kind):
    """A role that reads gets the whole query; any other gets what `sees` leaves, or no query at all."""
    everything = kind.model.objects.all()
    for role in CODES:
        seen = permissions.visible(everything, Holder((role,)))
        if role in kind.holders("read"):
            assert str(seen.query) == str(everything.query)
        elif kind.sees is None:
            assert seen.query.is_empty()
        else:
            assert seen.query.is_empty() or str(seen.query) != str(everything.query)


def test_an_external_auditor_reads_takes_lists_asks_for_audit_packs_draws_samples_and_does_nothing_else():
    allowed = {(kind.name, verb) for kind, verb, roles in permissions.matrix() if EXTERNAL_AUDITOR in roles}
    assert {verb for kind, verb in allowed if kind not in {"audit_pack", "sample"}} <= {"read", "export"}
    assert {verb for kind, verb in allowed if kind == "sample"} == {"read", "create", "conclude", "withdraw"}
    assert {verb for kind, verb in allowed if kind == "audit_pack"} <= {
        "read",
        "export",
        "create",
        "order_again",
        "downloaded",
    }


def test_no_kind_is_open_to_the_reading_of_all_requesters_but_what_they_choose_from():
    """Requesters see their own; only lists they choose from may be open to them as a whole."""
    open_to_all = {kind.name for kind in kinds() if REQUESTER in kind.holders("read")}
    assert open_to_all <= {"service"}


def test_the_table_names_only_roles_that_exist():
    unknown = {
        (kind.name, verb, role) for kind, verb, roles in permissions.matrix() for role in roles if role not in CODES
    }
    assert unknown == set()


def test_every_kind_can_be_read_and_recorded_by_somebody():
    closed = [(kind.name, verb) for kind in kinds() for verb in ("read", "create") if not kind.holders(verb)]
    assert closed == [("message_seal", "create"), ("snapshot_seal", "create")], "these the worker makes by itself"


def test_a_role_given_twice_over_two_lists_adds_up(bob):
    both = a_person(roles=["agent", "process_manager"])
    agent, manager = Holder(("agent",)), Holder(("process_manager",))
    for kind, verb, _roles in permissions.matrix():
        either = permissions.may(agent, verb, kind) or permissions.may(manager, verb, kind)
        assert permissions.may(both, verb, kind) is either


def test_the_page_shows_the_same_table():
    from gnomon.organization.roles import ROLES

    shown = {
        (block.kind.name, str(line.title), role.code): cell.allowed
        for block in blocks(ROLES)
        for line in block.lines
        for role, cell in zip(ROLES, line.cells, strict=True)
    }
    assert shown["team", "Record", "process_manager"] is True
    assert shown["team", "Record", "agent"] is False
    assert shown["person", "Leave", "administrator"] is True
    assert shown["person", "Leave", "sms_manager"] is False
    assert len(shown) == sum(len(CODES) for _row in permissions.matrix())


@pytest.mark.parametrize("role", CODES)
def test_lists_leave_the_house_only_with_those_who_may_export(sign_in, role):
    browser = sign_in(a_person(roles=[role]))
    for kind in kinds():
        answer = browser.get(f"/{kind.app}/{kind.path}/export.csv")
        assert (answer.status_code == 200) is (role in kind.holders("export")), kind.name
