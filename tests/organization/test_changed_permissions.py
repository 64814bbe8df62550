"""Administrators make roles and decide what a role may do, within bounds, and each change is in the ledger."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from tests.api.conftest import Program
from tests.makers import a_person
from tests.resolution.makers import an_incident

from gnomon.organization.actions import make_token
from gnomon.organization.models import ChangedPermission, Person, Role
from gnomon.organization.permitting import permit, stays
from gnomon.organization.roles import ADMINISTRATOR, CODES, EXTERNAL_AUDITOR, REQUESTER, known_roles, role_title
from gnomon.organization.views.permissions import blocks
from gnomon.records import actions, permissions
from gnomon.records.configuring.plan import apply_configuration
from gnomon.records.configuring.reading import read_configuration
from gnomon.records.configuring.writing import configuration_text
from gnomon.records.kinds import kind_named
from gnomon.records.ledger.verification import verify_ledger
from gnomon.records.queries import history
from gnomon.records.refusals import InvalidFacts, NotAllowed

pytestmark = [pytest.mark.django_db, pytest.mark.clause("5.3")]
PAGE = "/organization/permissions/?role=agent"
INCIDENT, TEAM = kind_named("incident"), kind_named("team")


def sent(browser: Client, page: str = PAGE, *, give: tuple[str, ...] = (), take: tuple[str, ...] = ()) -> dict:
    """What the form sends: all that is ticked, as a person ticks and unticks it."""
    shown = browser.get(page).content.decode()
    ticked = set(re.findall(r'value="([a-z_]+:[a-z_]+)"[^>]* checked', shown))
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', shown)
    assert seen is not None
    return {"seen": seen[1], "may": sorted((ticked | {*give}) - {*take}), "because": "Agreed with the desk."}


def test_an_administrator_takes_and_gives_on_the_page_and_every_door_obeys(olga, olga_browser, bob, bob_browser):
    found = an_incident("Printer jams")
    assert bob_browser.get(f"{found.get_absolute_url()}/edit").status_code == 200
    answer = olga_browser.post(PAGE, sent(olga_browser, take=("incident:change",), give=("team:create",)))
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    assert bob_browser.get(f"{found.get_absolute_url()}/edit").status_code == 403
    with pytest.raises(NotAllowed):
        actions.change(found, by=bob, title="Printer burns")
    program = Program(make_token(bob, name="script", by=bob)[1])
    assert program.patch(f"incidents/{found.number}", {"title": "x"}).status_code == 403
    assert program.post("teams", {"title": "Night desk"}).status_code == 201
    assert [(one.of_kind, one.verb, one.role, one.allowed) for one in ChangedPermission.objects.order_by("of_kind")] == [
        ("incident", "change", "agent", False), ("team", "create", "agent", True),
    ]  # fmt: skip


def test_each_change_is_in_the_ledger_with_before_and_after(olga, olga_browser):
    olga_browser.post(PAGE, sent(olga_browser, take=("incident:change",)))
    stored = ChangedPermission.objects.get()
    olga_browser.post(PAGE, sent(olga_browser, give=("incident:change",)))
    olga_browser.post(PAGE, sent(olga_browser, take=("incident:change",)))
    told = [(entry.verb, entry.changes.get("status"), entry.because, entry.actor) for entry in history(stored)]
    assert told == [
        ("changed_permission:recorded", [None, "in_use"], "Agreed with the desk.", olga.number),
        ("changed_permission:set_aside", ["in_use", "set_aside"], "Agreed with the desk.", olga.number),
        ("changed_permission:take_up", ["set_aside", "in_use"], "Agreed with the desk.", olga.number),
    ]
    assert verify_ledger().whole


def test_nothing_different_writes_nothing(olga_browser):
    olga_browser.post(PAGE, sent(olga_browser))
    assert not ChangedPermission.objects.exists()


def test_of_two_who_decide_at_once_the_later_looks_again(olga, olga_browser):
    late = sent(olga_browser, take=("incident:export",))
    permit(INCIDENT, "change", "agent", allowed=False, by=olga)
    answer = olga_browser.post(PAGE, late)
    assert answer.status_code == 422
    assert "Look at them again" in answer.content.decode()
    assert ChangedPermission.objects.count() == 1


def test_only_administrators_decide(bob, bob_browser, alice):
    assert 'name="may"' not in bob_browser.get(PAGE).content.decode()
    assert bob_browser.post(PAGE, {"may": "person:create"}).status_code == 403
    for by in (bob, alice, a_person(roles=["sms_manager"])):
        with pytest.raises(NotAllowed):
            permit(TEAM, "create", "agent", allowed=True, by=by)


def test_nobody_is_locked_out_and_separation_of_duties_stays(olga):
    """Whatever is tried on every cell: administrators keep what they have, external auditors only read, access stays."""
    for kind, verb, _holders in permissions.matrix():
        assert stays(kind, verb, ADMINISTRATOR)
        assert stays(kind, verb, EXTERNAL_AUDITOR)
        for role in CODES if kind.name in ("person", "incident", "changed_permission") else ():
            if stays(kind, verb, role):
                with pytest.raises(InvalidFacts):
                    permit(kind, verb, role, allowed=role not in kind.holders(verb), by=olga)
    for verb in ("create", "change", "leave"):
        assert stays(kind_named("person"), verb, "agent")
        assert kind_named("person").holders(verb) == (ADMINISTRATOR,)
    assert stays(INCIDENT, "read", REQUESTER)


def test_the_rule_of_four_eyes_is_no_permission_and_cannot_be_given(olga):
    """A pack that nobody but the system finishes stays the system's, whoever is permitted whatever."""
    assert stays(kind_named("audit_pack"), "make", "agent") == "Nobody does this but the system."
    with pytest.raises(InvalidFacts):
        permit(kind_named("audit_pack"), "make", "agent", allowed=True, by=olga)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"of_kind": "unicorn"}, "of_kind"), ({"verb": "dance"}, "verb"), ({"role": "archivist"}, "role"),
        ({"role": "administrator"}, "allowed"), ({"of_kind": "person", "verb": "create"}, "allowed"),
    ],
)  # fmt: skip
def test_what_does_not_exist_or_stays_is_refused_in_a_sentence(olga, facts, field):
    whole = {"of_kind": "incident", "verb": "change", "role": "agent", "allowed": False} | facts
    with pytest.raises(InvalidFacts) as refused:
        actions.record(kind_named("changed_permission"), by=olga, **whole)
    assert refused.value.fields[field].endswith(".")


# --- roles made here ------------------------------------------------------------------------------


def night_desk(by: Person) -> Role:
    made = actions.record(
        kind_named("role"), by=by, title="Night desk", title_zh="夜班服务台", code="night_desk", based_on="agent"
    )
    assert isinstance(made, Role)
    return made


def test_a_role_made_here_begins_as_the_one_it_is_based_on_and_goes_its_own_way(olga, sign_in):
    night_desk(olga)
    mo = a_person("Mo Night", username="mo", roles=["night_desk"])
    assert mo.roles == ["agent", "night_desk"]
    found = an_incident("Printer jams")
    for kind, verb, holders in permissions.matrix():
        assert permissions.may(mo, verb, kind) is ("agent" in holders), (kind.name, verb)
    browser = sign_in(mo)
    assert browser.get("/resolution/incidents/").status_code == 200
    permit(INCIDENT, "change", "night_desk", allowed=False, by=olga)
    assert browser.get(f"{found.get_absolute_url()}/edit").status_code == 403
    assert permissions.may(a_person(roles=["agent"]), "change", INCIDENT)
    # What the desk as a whole may no longer do, the night desk may neither, until somebody decides otherwise.
    permit(INCIDENT, "export", "night_desk", allowed=True, by=olga)
    permit(INCIDENT, "comment", "agent", allowed=False, by=olga)
    assert (permissions.may(mo, "export", INCIDENT), permissions.may(mo, "comment", INCIDENT)) == (True, False)
    assert role_title("night_desk") == "Night desk"


def test_the_table_is_what_the_actions_do_with_changed_permissions_and_own_roles_too(olga):
    night_desk(olga)
    permit(INCIDENT, "resolve", "night_desk", allowed=False, by=olga)
    permit(TEAM, "create", "agent", allowed=True, by=olga)
    roles = known_roles()
    people = {role.code: a_person(roles=[role.code]) for role in roles}
    for block in blocks(roles):
        for line in block.lines:
            for role, cell in zip(roles, line.cells, strict=True):
                person = people[role.code]
                may = (
                    permissions.may_move(person, block.kind, block.kind.workflow.move(line.name))
                    if line.is_move
                    else permissions.may(person, line.name, block.kind)
                )
                assert cell.allowed is may, (block.kind.name, line.name, role.code)


def test_whoever_loses_an_own_role_loses_its_base_with_it(olga, olga_browser):
    night_desk(olga)
    mo = a_person("Mo Night", username="mo", roles=["night_desk"])
    answer = olga_browser.post("/organization/roles/held", {"take": f"{mo.number}:night_desk"})
    assert answer.status_code == 302
    mo.refresh_from_db()
    assert mo.roles == []


def test_a_role_that_somebody_holds_is_not_retired(olga):
    role = night_desk(olga)
    a_person("Mo Night", username="mo", roles=["night_desk"])
    with pytest.raises(InvalidFacts):
        actions.move(role, "retire", by=olga, because="No night desk any more.")


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"based_on": "administrator"}, "based_on"), ({"based_on": "external_auditor"}, "based_on"),
        ({"based_on": "night_desk"}, "based_on"), ({"code": "system"}, "code"),
    ],
)  # fmt: skip
def test_no_role_stands_above_the_house(olga, facts, field):
    with pytest.raises(InvalidFacts) as refused:
        actions.record(kind_named("role"), by=olga, title="X", **({"code": "x", "based_on": "agent"} | facts))
    assert refused.value.fields[field].endswith(".")


def test_only_an_administrator_makes_roles_that_give_access_and_none_changes_its_base(olga):
    yuan = a_person(roles=["sms_manager"])
    with pytest.raises(InvalidFacts):
        night_desk(yuan)
    actions.record(kind_named("role"), by=yuan, title="Fire warden", code="fire_warden")
    with pytest.raises(InvalidFacts):
        a_person("Flo", roles=["fire_warden"])  # a role without a base is a name, and gives nothing
    role = night_desk(olga)
    with pytest.raises(InvalidFacts):
        actions.change(role, by=olga, based_on="process_manager")


def test_roles_and_permissions_travel_in_the_configuration_file(olga):
    night_desk(olga)
    permit(INCIDENT, "change", "night_desk", allowed=False, by=olga)
    permit(TEAM, "create", "agent", allowed=True, by=olga)
    text = configuration_text(olga, ("role", "changed_permission"))
    assert "based_on: agent" in text
    permit(INCIDENT, "change", "night_desk", allowed=True, by=olga)
    permit(TEAM, "create", "agent", allowed=False, by=olga)
    apply_configuration(read_configuration(text.encode()), by=olga)
    assert "night_desk" not in INCIDENT.holders("change")
    assert "agent" in TEAM.holders("create")


def test_a_permission_taken_back_leaves_nothing_behind(olga):
    usual = {(kind.name, verb): holders for kind, verb, holders in permissions.matrix()}
    permit(TEAM, "create", "agent", allowed=True, by=olga)
    permit(TEAM, "create", "agent", allowed=False, by=olga)
    assert {(kind.name, verb): holders for kind, verb, holders in permissions.matrix()} == usual
