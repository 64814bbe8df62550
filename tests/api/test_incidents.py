"""The REST door as scripts and other systems use it: incidents from beginning to end."""

from __future__ import annotations

import pytest
from tests.makers import a_team
from tests.resolution.makers import a_service, an_incident

from gnomon.records import actions
from gnomon.records.models import Comment
from gnomon.records.queries import history
from gnomon.resolution.models import Incident

pytestmark = pytest.mark.django_db


def version_in(answer):
    """The version of the record that an ETag names."""
    return int(answer["ETag"].strip('"').partition("-")[0])


def test_an_incident_is_recorded_and_answered_with_its_number_place_and_version(bobs, bob):
    mail, carol_number = a_service("Mail"), bob.number
    answer = bobs.post(
        "incidents",
        {"title": "No mail", "description": "Since nine", "impact": 1, "urgency": 2, "service": mail.number,
         "requester": carol_number},
    )  # fmt: skip
    assert answer.status_code == 201
    told = answer.json()
    assert told["number"] == "INC-000001"
    assert (told["status"], told["priority"], told["service"], told["requester"]) == ("new", 2, mail.number, bob.number)
    assert answer["Location"] == "/api/v1/incidents/INC-000001"
    assert version_in(answer) == 1
    assert answer["Content-Type"] == "application/json"
    assert history(Incident.objects.get())[0].actor == bob.number


def test_nothing_but_a_title_is_needed(bobs):
    assert bobs.post("incidents", {"title": "打印机坏了"}).json()["title"] == "打印机坏了"


def test_a_record_is_read_by_its_number_however_it_is_written(bobs):
    an_incident()
    for number in ("INC-000001", "inc-000001"):
        answer = bobs.get(f"incidents/{number}")
        assert (answer.status_code, version_in(answer)) == (200, 1)
    told = answer.json()
    assert told["opened_at"].endswith("Z")
    assert not {"id", "password", "workflow_version"} & told.keys()


def test_an_incident_is_worked_to_its_end(bobs, bob):
    desk = a_team("Desk")
    number = bobs.post("incidents", {"title": "No mail"}).json()["number"]
    moves = f"incidents/{number}/moves"
    assert bobs.post(f"{moves}/assign", {"team": desk.number, "assignee": bob.number}).json()["status"] == "assigned"
    assert bobs.post(f"{moves}/start").json()["status"] == "in_progress"
    assert (
        bobs.post(f"{moves}/wait", {"waiting_reason": "user", "because": "She is away"}).json()["status"] == "waiting"
    )
    assert bobs.post(f"incidents/{number}/comments", {"text": "Rang her"}).status_code == 201
    assert bobs.post(f"{moves}/resume", {}).json()["status"] == "in_progress"
    told = bobs.post(f"{moves}/resolve", {"resolution": "Restarted the queue", "closure_code": "solved"}).json()
    assert (told["status"], told["version"]) == ("resolved", 7)
    assert bobs.post(f"{moves}/close").json()["status"] == "closed"
    assert [entry.verb for entry in history(Incident.objects.get())] == [
        f"incident:{verb}"
        for verb in ("recorded", "assign", "start", "wait", "commented", "resume", "resolve", "close")
    ]
    assert history(Incident.objects.get())[3].because == "She is away"


def test_a_comment_is_told_as_it_was_kept(bobs, bob):
    an_incident()
    answer = bobs.post("incidents/INC-000001/comments", {"text": " Rang her ", "internal": True})
    assert answer.json() == {
        "id": Comment.objects.get().pk, "number": "INC-000001", "text": "Rang her", "internal": True,
        "by": bob.number, "happened_at": answer.json()["happened_at"],
    }  # fmt: skip
    assert answer["ETag"] == '"2"'
    assert Comment.objects.get().internal is True


def test_facts_are_changed_and_emptied(bobs):
    mail = a_service("Mail")
    an_incident(service=mail, category="mail", impact=2)
    answer = bobs.patch("incidents/INC-000001", {"service": None, "category": "vpn", "because": "Wrong service"})
    assert (answer.status_code, version_in(answer)) == (200, 2)
    assert (answer.json()["service"], answer.json()["category"], answer.json()["impact"]) == (None, "vpn", 2)


def test_a_change_that_changes_nothing_keeps_its_version(bobs):
    an_incident(category="mail")
    assert version_in(bobs.patch("incidents/INC-000001", {"category": "mail"})) == 1


# --- who was quicker (conditions in headers: test_conditions.py) -----------------------------------


def test_a_version_named_in_the_body_that_has_moved_on_is_a_conflict_that_tells_what_changed(bobs, alice):
    actions.change(an_incident(), by=alice, category="mail", urgency=1)
    answer = bobs.patch("incidents/INC-000001", {"category": "vpn", "expect": 1})
    assert answer.status_code == 409
    problem = answer.json()
    assert problem["changed"] == {"category": ["", "mail"], "urgency": [None, 1]}
    assert problem["by"] == alice.number
    assert "was changed by somebody else meanwhile" in problem["detail"]
    assert Incident.objects.get().category == "mail"


# --- lists ----------------------------------------------------------------------------------------


def test_a_list_is_filtered_sorted_and_paged(bobs):
    for n in range(5):
        an_incident(f"Case {n}", impact=1 if n % 2 else 2, urgency=1)
    page = bobs.get("incidents?priority=2,none&sort=opened_at&limit=2").json()
    assert [record["title"] for record in page["records"]] == ["Case 0", "Case 2"]
    rest = bobs.get(f"incidents?priority=2,none&sort=opened_at&limit=2&cursor={page['next']}").json()
    assert [record["title"] for record in rest["records"]] == ["Case 4"]
    assert rest["next"] is None
    assert bobs.get("incidents?status=new&status=closed&limit=1").json()["records"][0]["title"] == "Case 4"


def test_a_list_and_a_record_tell_the_same(bobs):
    an_incident(service=a_service(), impact=1, urgency=1, source={"a": [1, None]}, is_major=True)
    assert bobs.get("incidents").json()["records"] == [bobs.get("incidents/INC-000001").json()]


def test_an_empty_list_is_a_list(bobs):
    assert bobs.get("incidents").json() == {"records": [], "next": None}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"), ("limit=501", "limit"), ("limit=-1", "limit"), ("limit=many", "limit"),
        ("limit=1e3", "limit"), ("limit=٣", "limit"), ("limit=" + "9" * 5000, "limit"),
        ("cursor=x", "cursor"), ("cursor=%00", "cursor"), ("cursor=W10", "cursor"), ("cursor=" + "W1tb" * 500, "cursor"),
        ("colour=red", "colour"), ("priority=high", "priority"), ("sort=password", "sort"), ("phase=x", "phase"),
        ("opened_at.from=soon", "opened_at.from"), ("category=%00", "category"),
    ],
)  # fmt: skip
def test_nonsense_in_a_list_is_refused_by_name(bobs, query, field):
    an_incident()
    answer = bobs.get(f"incidents?{query}")
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == [field]


# --- who may --------------------------------------------------------------------------------------


def test_a_requester_reports_and_follows_her_own(bobs, carols, carol):
    hers = carols.post("incidents", {"title": "No mail", "impact": 2, "urgency": 2}).json()
    assert hers["requester"] == carol.number
    bobs.post("incidents", {"title": "Somebody else's"})
    assert [record["number"] for record in carols.get("incidents").json()["records"]] == [hers["number"]]
    assert carols.get("incidents/INC-000002").status_code == 404
    assert carols.post("incidents/INC-000002/comments", {"text": "x"}).status_code == 404
    answer = carols.patch(f"incidents/{hers['number']}", {"category": "x"})
    assert answer.status_code == 403
    assert "do not permit “change”" in answer.json()["detail"]


def test_a_requester_closes_what_is_solved_but_rewrites_nothing(bobs, carols, carol):
    an_incident(by=carol)
    solved = {"resolution": "Restarted", "closure_code": "solved"}
    bobs.post("incidents/INC-000001/moves/resolve", solved)
    answer = carols.post("incidents/INC-000001/moves/close", {"resolution": "I never had a problem"})
    assert answer.status_code == 403
    assert carols.post("incidents/INC-000001/moves/close").json()["status"] == "closed"


def test_a_refused_wish_writes_nothing(carols, carol):
    an_incident(by=carol)
    assert (
        carols.post("incidents/INC-000001/moves/resolve", {"resolution": "x", "closure_code": "x"}).status_code == 403
    )
    assert Incident.objects.get().version == 1


def test_a_move_and_a_comment_are_one_call(bobs):
    number = bobs.post("incidents", {"title": "No mail"}).json()["number"]
    answer = bobs.post(f"incidents/{number}/moves/start", {"comment": {"text": "I look after it.", "internal": True}})
    assert (answer.status_code, answer.json()["status"], version_in(answer)) == (200, "in_progress", 3)
    told = Comment.objects.get(number=number)
    assert (told.text, told.internal) == ("I look after it.", True)
    # two entries, as of two calls
    assert [entry.verb for entry in history(Incident.objects.get())] == [
        "incident:recorded", "incident:start", "incident:commented",
    ]  # fmt: skip


def test_facts_and_a_comment_are_one_call(bobs):
    number = bobs.post("incidents", {"title": "No mail"}).json()["number"]
    answer = bobs.patch(f"incidents/{number}", {"title": "No mail at all", "comment": {"text": "She rang again."}})
    assert (answer.json()["title"], version_in(answer)) == ("No mail at all", 3)
    assert not Comment.objects.get(number=number).internal


@pytest.mark.parametrize(
    "said", [{"text": ""}, {"text": "  "}, "words", {"internal": True}, {"text": "x", "loud": True}]
)
def test_a_comment_that_is_refused_takes_the_move_along(bobs, said):
    number = bobs.post("incidents", {"title": "No mail"}).json()["number"]
    assert bobs.post(f"incidents/{number}/moves/start", {"comment": said}).status_code == 422
    assert (Incident.objects.get().status, Incident.objects.get().version) == ("new", 1)
    assert not Comment.objects.exists()
