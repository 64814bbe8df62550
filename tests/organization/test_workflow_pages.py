"""Workflows are drawn, drafted and compared on pages that need no script."""

from __future__ import annotations

import pytest
from tests.makers import a_person
from tests.organization.makers import a_draft, a_field, a_version
from tests.organization.test_workflow_versions import DECLARED, with_vendor, without
from tests.resolution.makers import an_incident

from gnomon.organization.models import WorkflowVersion
from gnomon.records import actions
from gnomon.records.actors import SYSTEM

pytestmark = pytest.mark.django_db
HOW = "/organization/workflows/incident"


@pytest.fixture
def yuan_browser(db, sign_in):
    return sign_in(a_person("Yuan Fang", username="yuan", roles=["process_manager"]))


def typed(page):
    """What a browser would send of the editor as it stands."""
    given = {"title": page.context["title_given"], "expect": page.context["expect"]}
    for n, state in enumerate(page.context["states"]):
        row = state.row
        phase = row.get("phase", "open")
        parts = {name: row.get(name, "") for name in ("name", "title", "title_zh")}
        given |= {
            f"s-{n}-{k}": v for k, v in {**parts, "phase": phase, "order": str(10 * n + 10) if row else ""}.items()
        }
    for n, move in enumerate(page.context["moves"]):
        row = move.row
        given |= {f"m-{n}-{k}": row.get(k, "") for k in ("name", "title", "title_zh", "end", "clause")}
        given |= {f"m-{n}-{k}": list(row.get(k, ())) for k in ("starts", "needs", "asks", "who", "or_ends")}
        given |= {f"m-{n}-because": "on"} if row.get("because") else {}
    return given


def test_what_the_editor_shows_is_what_it_saves(yuan_browser):
    draft = a_draft(with_vendor())
    before = draft.table
    page = yuan_browser.get(f"{draft.get_absolute_url()}/edit")
    assert page.context["faults"] == []
    assert yuan_browser.post(f"{draft.get_absolute_url()}/edit", {**typed(page), "save": "1"}).status_code == 302
    draft.refresh_from_db()
    assert draft.table == before
    assert draft.version == 1  # nothing new, so nothing written


def test_a_state_and_two_moves_are_added_by_hand_checked_and_put_in_force(yuan_browser, olga_browser, bob):
    answer = yuan_browser.post(
        "/organization/workflow-versions/new", {"title": "Vendor", "of_kind": "incident", "begin": ""}
    )  # fmt: skip
    draft = WorkflowVersion.objects.get()
    assert answer.url == f"{draft.get_absolute_url()}/edit"
    given = typed(yuan_browser.get(answer.url))
    new, first = f"s-{len(DECLARED.states)}", len(DECLARED.moves)
    given |= {f"{new}-title": "", f"{new}-title_zh": "等待厂商", f"{new}-phase": "waiting", f"{new}-order": "35"}
    page = yuan_browser.post(answer.url, {**given, "check": "1"})
    assert "State state cannot be reached." in page.context["faults"]
    assert WorkflowVersion.objects.get().version == 1
    given = typed(page)
    over, back = f"m-{first}", f"m-{first + 1}"
    given |= {
        f"{over}-title": "Hand over",
        f"{over}-starts": ["in_progress"],
        f"{over}-end": "state",
        f"{over}-who": ["agent"],
    }
    page = yuan_browser.post(answer.url, {**given, "check": "1"})
    given = typed(page)
    given |= {f"{back}-title": "Take back", f"{back}-starts": ["state"], f"{back}-end": "in_progress"}
    given |= {f"{back}-who": ["agent"], f"{back}-because": "on"}
    page = yuan_browser.post(answer.url, {**given, "save": "1"})
    assert page.status_code == 302
    draft.refresh_from_db()
    assert [state["name"] for state in draft.table["states"]][3:5] == ["state", "waiting"]
    assert [move["name"] for move in draft.table["moves"]][-2:] == ["hand_over", "take_back"]
    move = {"because": "We looked at it together.", "expect": draft.version}
    assert olga_browser.post(f"{draft.get_absolute_url()}/put_in_force", move).status_code == 302
    incident = an_incident(by=bob)
    actions.move(incident, "start", by=bob)
    assert actions.move(incident, "hand_over", by=bob).status_title == "等待厂商"


def test_two_people_at_one_draft_lose_nothing(yuan_browser):
    draft = a_draft(DECLARED)
    given = typed(yuan_browser.get(f"{draft.get_absolute_url()}/edit"))
    actions.change(draft, by=SYSTEM, table={k: a_draft(with_vendor()).table[k] for k in ("states", "moves")})
    given["s-0-title"] = "Fresh"
    answer = yuan_browser.post(f"{draft.get_absolute_url()}/edit", {**given, "save": "1"})
    assert answer.status_code == 409
    assert answer.context["states"][0].row["title"] == "Fresh"
    assert "New state: With the vendor." in answer.context["theirs"]
    assert yuan_browser.post(f"{draft.get_absolute_url()}/edit", {**typed(answer), "save": "1"}).status_code == 302


@pytest.mark.parametrize(
    "sent",
    [
        {}, {"s-0-title": "\x00"}, {"s-0-title": "x", "s-0-phase": "begun"}, {"m-0-title": "x" * 9000},
        {"s-99999999-title": "x"}, {"s-0-title": "A", "s-0-order": "9" * 400, "s-0-phase": "open"},
        {"m-0-title": "M", "m-0-starts": ["nowhere"] * 500, "m-0-end": "nowhere"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("button", ["check", "save"])
def test_nonsense_is_answered_in_a_sentence(yuan_browser, sent, button):
    draft = a_draft(DECLARED)
    answer = yuan_browser.post(f"{draft.get_absolute_url()}/edit", {"title": "Odd", "expect": "1", **sent, button: "1"})
    assert answer.status_code in {200, 302, 409, 422}


def test_the_drawing_marks_where_a_record_stands_and_what_is_new(bob, bob_browser):
    a_version(with_vendor())
    incident = an_incident(by=bob)
    page = bob_browser.get(HOW, {"at": incident.number}).content.decode()
    assert "flow-here" in page
    assert "stands at New" in page
    old = a_draft(without(with_vendor(), "take_back"))
    draft = bob_browser.get(old.get_absolute_url()).content.decode()
    assert "flow-removed" in draft
    assert "Move dropped: Take back." in draft
    assert "is a dead end" in draft


def test_a_draft_asks_for_other_eyes_where_there_are_some(sign_in, olga):
    yuan = a_person("Yuan Fang", username="yuan", roles=["process_manager"])
    draft = a_draft(with_vendor(), by=yuan)
    assert "Somebody else" in sign_in(yuan).get(draft.get_absolute_url()).content.decode()
    assert "Somebody else" not in sign_in(olga).get(draft.get_absolute_url()).content.decode()


def test_who_may_not_read_a_kind_learns_nothing_of_its_workflow(eve_browser, carol_browser, bob_browser):
    hidden = an_incident()
    for browser in (eve_browser, carol_browser):
        assert browser.get(HOW).status_code in {403, 404}
        assert browser.get("/organization/workflows/").status_code == 403
    assert bob_browser.get("/organization/workflows/nothing").status_code == 404
    assert bob_browser.get(HOW, {"at": "TEAM-000001"}).status_code == 404
    assert bob_browser.get(HOW, {"at": hidden.number}).status_code == 200
    draft = a_draft(DECLARED)
    assert bob_browser.get(f"{draft.get_absolute_url()}/edit").status_code == 403
    assert bob_browser.get("/organization/workflow-versions/new").status_code == 403


def test_the_page_of_a_field_counts_what_records_hold(olga_browser):
    field = a_field("place", "choice", choices=["hq", "lab"])
    an_incident(custom={"place": "hq"})
    an_incident()
    an_incident()
    page = olga_browser.get(field.get_absolute_url()).content.decode()
    # one of three holds a value, and that is “hq”
    for says in ("1 record: hold a value", "2 records: lack it", "1 record: “hq”", "0 records: “lab”"):
        assert says in page, says
