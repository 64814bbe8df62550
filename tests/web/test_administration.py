"""Administration: one place for all that is set, the whole of it as a file, and every change with before and after."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.makers import a_person, a_team
from tests.organization.makers import a_draft, a_field
from tests.organization.test_workflow_versions import with_vendor
from typer.testing import CliRunner

from gnomon.organization.actions import make_token
from gnomon.organization.models import CustomField, Team
from gnomon.project.command import application
from gnomon.records import actions
from gnomon.records.actors import SYSTEM

pytestmark = pytest.mark.django_db
HOME, FILE, PAST = "/administration/", "/administration/configuration", "/administration/history"
TEXT = "gnomon_configuration: 1\nteam:\n  - {title: Desk, email: desk@example.org}\n  - {title: Second line}\n"


def a_file(text: str = TEXT) -> SimpleUploadedFile:
    return SimpleUploadedFile("ours.yaml", text.encode())


@pytest.mark.parametrize("place", [HOME, FILE, f"{FILE}.yaml", PAST])
def test_administration_is_for_those_who_set_processes(place, bob_browser, carol_browser, eve_browser, olga_browser):
    for browser in (bob_browser, carol_browser, eve_browser):
        assert browser.get(place).status_code == 403
        assert "/administration/" not in browser.get("/").content.decode()
    assert olga_browser.get(place).status_code == 200
    assert "/administration/" in olga_browser.get("/").content.decode()


def test_auditors_read_the_history_and_change_nothing(dave_browser):
    assert dave_browser.get(PAST).status_code == 200
    assert dave_browser.post(FILE, {"file": a_file()}).status_code == 403


def test_home_says_what_is_in_force_and_who_changed_it_last(olga, olga_browser):
    actions.change(a_field("room"), by=olga, title="Office")
    page = olga_browser.get(HOME).content.decode()
    assert "In use 1" in page
    assert "Olga Winter" in page
    found = olga_browser.get(HOME, {"q": "HOLIDAYS"})
    assert [card.url for _title, cards in found.context["groups"] for card in cards] == ["/organization/calendars/"]
    assert "Nothing here is called so" in olga_browser.get(HOME, {"q": "zebra"}).content.decode()
    assert olga_browser.get(HOME, {"q": "\x00"}).status_code == 400


def test_home_asks_no_more_when_there_is_more(olga_browser):
    def asked() -> int:
        olga_browser.get(HOME)
        with CaptureQueriesContext(connection) as captured:
            olga_browser.get(HOME)
        return len(captured)

    a_field("room")
    a_team()
    before = asked()
    for n in range(20):
        a_field(f"extra_{n}")
    assert asked() == before


def test_history_shows_before_and_after_of_short_and_long_values(olga, olga_browser):
    field = a_field("room")
    actions.change(field, by=olga, title="Office", because="They moved.")
    draft = a_draft(with_vendor())
    table = {"states": draft.table["states"], "moves": [*draft.table["moves"]]}
    table["states"] = [{**one, "title": "Fresh"} if one["name"] == "new" else one for one in table["states"]]
    actions.change(draft, by=SYSTEM, table=table)
    page = olga_browser.get(PAST)
    newest, _drafted, changed, *_rest = page.context["lines"]
    assert [(line.sign, line.text.strip()) for line in newest.changes[0].lines if line.sign] == [
        ("-", "title: New"), ("+", "title: Fresh"),
    ]  # fmt: skip
    assert (changed.changes[0].before, changed.changes[0].after) == ("Room", "Office")
    assert "They moved." in page.content.decode()
    assert len(olga_browser.get(PAST, {"kind": "custom_field"}).context["lines"]) == 2
    assert len(olga_browser.get(PAST, {"by": olga.number}).context["lines"]) == 1
    for odd in ({"kind": "x"}, {"before": "9" * 30}, {"before": "-1"}):
        assert olga_browser.get(PAST, odd).status_code == 200


def test_history_is_read_in_pages(olga_browser):
    for n in range(60):
        a_field(f"extra_{n}") if n < 1 else a_team(f"Team {n}")
    first = olga_browser.get(PAST)
    second = olga_browser.get(PAST, {"before": first.context["older"]})
    told = [line.sequence for page in (first, second) for line in page.context["lines"]]
    assert len(told) == len(set(told)) == 61  # sixty of ours, and Olga herself
    assert second.context["older"] is None


def test_a_file_is_shown_first_and_carried_out_when_somebody_says_so(olga_browser):
    a_team("Desk")
    plan = olga_browser.post(FILE, {"file": a_file()})
    assert plan.status_code == 200
    assert plan.context["plan"].counts == {"added": 1, "changed": 1, "same": 0, "left": 0}
    assert Team.objects.count() == 1
    given = {name: plan.context[name] for name in ("digest", "name")} | {
        "seen": plan.context["plan"].seen,
        "apply": "1",
    }
    assert olga_browser.post(FILE, given).url == PAST
    assert {one.title: one.email for one in Team.objects.all()} == {"Desk": "desk@example.org", "Second line": ""}
    assert "There is nothing to do" in olga_browser.post(FILE, {"file": a_file()}).content.decode()


def test_a_plan_that_is_no_longer_so_is_shown_anew(olga_browser):
    plan = olga_browser.post(FILE, {"file": a_file()})
    a_team("Desk")
    given = {"digest": plan.context["digest"], "seen": plan.context["plan"].seen, "apply": "1"}
    answer = olga_browser.post(FILE, given)
    assert answer.status_code == 409
    assert "changed meanwhile" in answer.content.decode()
    assert answer.context["plan"].counts["changed"] == 1
    assert Team.objects.count() == 1


def test_faults_are_shown_with_their_lines_and_nothing_can_be_carried_out(olga_browser):
    answer = olga_browser.post(FILE, {"file": a_file("gnomon_configuration: 1\nteam:\n  - {titel: <b>x</b>}\n")})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Line 3: “titel” is unknown here." in page
    assert "Carry it out" not in page


@pytest.mark.parametrize("sent", [{}, {"digest": "../../etc/passwd"}, {"digest": "0" * 64}, {"digest": "\x00"}])
def test_without_a_file_there_is_a_sentence(olga_browser, sent):
    answer = olga_browser.post(FILE, sent)
    assert answer.status_code == 400
    assert "No file came along" in answer.content.decode()


# --- the other doors ----------------------------------------------------------------------------------


def test_programs_take_it_out_and_bring_it_in(olga):
    _token, secret = make_token(olga, name="x", by=SYSTEM)
    program = Client(headers={"Authorization": f"Bearer {secret}"})
    a_field("room", title_zh="房间")
    text = program.get("/api/v1/configuration").content.decode()
    assert "title_zh: 房间" in text
    given = {"configuration": text.replace("title: Room", "title: Office"), "name": "ours.yaml"}
    plan = program.post("/api/v1/configuration", json.dumps(given), content_type="application/json").json()
    assert (plan["done"], plan["counts"]["changed"]) == (False, 1)
    given |= {"apply": True, "seen": plan["seen"]}
    done = program.post("/api/v1/configuration", json.dumps(given), content_type="application/json").json()
    assert (done["done"], done["steps"][0]["changes"]) == (True, {"title": ["Room", "Office"]})
    assert CustomField.objects.get().title == "Office"


def test_programs_of_others_do_not(bob):
    _token, secret = make_token(bob, name="x", by=SYSTEM)
    program = Client(headers={"Authorization": f"Bearer {secret}"})
    assert program.get("/api/v1/configuration").status_code == 403
    body = json.dumps({"configuration": TEXT, "apply": True})
    assert program.post("/api/v1/configuration", body, content_type="application/json").status_code == 403
    assert Team.objects.count() == 0


def test_the_command_line_does_the_same(tmp_path, db):
    a_person("Olga Winter", username="olga", roles=["administrator"])
    run = CliRunner()
    file = tmp_path / "ours.yaml"
    file.write_text(TEXT, encoding="utf-8")
    told = run.invoke(application(), ["configuration", "import", str(file), "--as", "olga"])
    assert "It would be: 2 added" in told.output
    assert Team.objects.count() == 0
    done = run.invoke(application(), ["configuration", "import", str(file), "--apply", "--as", "olga"])
    assert (done.exit_code, "Done: 2 added" in done.output) == (0, True)
    out = tmp_path / "out.yaml"
    assert run.invoke(application(), ["configuration", "export", str(out), "--part", "team"]).exit_code == 0
    assert "email: desk@example.org" in out.read_text(encoding="utf-8")
    again = run.invoke(application(), ["configuration", "import", str(out), "--apply", "--json"])
    assert json.loads(again.output)["counts"] == {"added": 0, "changed": 0, "same": 2, "left": 0}
    file.write_text("team: []\n", encoding="utf-8")
    assert run.invoke(application(), ["configuration", "import", str(file), "--apply"]).exit_code == 1
