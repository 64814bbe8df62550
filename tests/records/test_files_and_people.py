"""Files to look at, people who take part, links taken back: by page, by REST and by command."""

from __future__ import annotations

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.resolution.makers import an_incident
from typer.testing import CliRunner

from gnomon.organization.actions import make_token
from gnomon.organization.models import AccessToken
from gnomon.project.command import application
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named
from gnomon.records.models import Attachment, Link, Participant
from gnomon.records.queries import history

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
HOSTILE = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(document.cookie)</script></svg>'


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.HOME = tmp_path


@pytest.fixture
def incident(bob, carol):
    return an_incident("Printer smokes", by=bob, requester=carol)


def attached(incident, by, name="photo.png", body=PNG, **more):
    return actions.attach(incident, SimpleUploadedFile(name, body), by=by, **more)


def program(person):
    _token, secret = make_token(person, name=f"test {AccessToken.objects.count()}", by=SYSTEM)
    return Client(headers={"Authorization": f"Bearer {secret}"})


def here(incident, place=""):
    return f"{incident.get_absolute_url()}{place}"


# --- previews ---


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("drawing.svg", HOSTILE),
        ("page.html", b"<script>alert(1)</script>"),
        ("mail.eml", b"<img src=x onerror=alert(1)>"),
    ],
)
def test_hostile_files_are_shown_as_text_and_never_handed_to_the_browser_to_draw(
    incident, bob, bob_browser, name, body
):
    file = attached(incident, bob, name, body)
    shown = bob_browser.get(here(incident, f"/files/{file.pk}/preview")).content.decode()
    assert body.decode() not in shown
    assert "&lt;" in shown
    given = bob_browser.get(here(incident, f"/files/{file.pk}?show"))
    assert given["Content-Disposition"].startswith("attachment")
    assert "sandbox" in given["Content-Security-Policy"]
    assert given["X-Content-Type-Options"] == "nosniff"
    assert f'src="{here(incident, f"/files/{file.pk}")}"' not in bob_browser.get(here(incident)).content.decode()


def test_only_what_begins_like_a_pdf_opens_in_the_viewer(incident, bob, bob_browser):
    real = attached(incident, bob, "plan.pdf", b"%PDF-1.7 ...")
    fake = attached(incident, bob, "fake.pdf", b"<html><script>alert(1)</script>")
    for file, inline in ((real, True), (fake, False)):
        answer = bob_browser.get(here(incident, f"/files/{file.pk}?show"))
        assert answer["Content-Disposition"].startswith("inline" if inline else "attachment")
        assert "script" not in answer["Content-Security-Policy"]
        assert bob_browser.get(here(incident, f"/files/{file.pk}"))["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("body", "words"),
    [("打印机冒烟".encode("gb18030"), "打印机冒烟"), ("\ufeff日志".encode(), "日志"), (b"caf\xe9", "caf"), (b"", "")],
)
def test_text_is_read_in_whichever_encoding_it_was_written(incident, bob, bob_browser, body, words):
    file = attached(incident, bob, "trace.log", body)
    page = bob_browser.get(here(incident, f"/files/{file.pk}/preview"))
    assert page.status_code == 200
    assert words in page.content.decode()


def test_a_text_cut_in_the_middle_of_a_sign_is_still_text(incident, bob, bob_browser):
    file = attached(incident, bob, "long.txt", ("a" + "冒" * 40_000).encode())
    assert "冒冒冒" in bob_browser.get(here(incident, f"/files/{file.pk}/preview")).content.decode()


def test_bytes_under_the_name_of_a_text_are_not_shown(incident, bob, bob_browser):
    file = attached(incident, bob, "core.log", b"\x00\x01\x02")
    assert "Download it to open it" in bob_browser.get(here(incident, f"/files/{file.pk}/preview")).content.decode()


def test_internal_files_do_not_exist_for_the_requester(incident, bob, carol, carol_browser):
    secret, open_to_all = (
        attached(incident, bob, "salary.txt", b"x", internal=True),
        attached(incident, bob, "ok.txt", b"y"),
    )
    for place in (f"/files/{secret.pk}", f"/files/{secret.pk}/preview"):
        assert carol_browser.get(here(incident, place)).status_code == 404
    for place in ("", "/files", f"/files/{open_to_all.pk}/preview"):
        assert "salary" not in carol_browser.get(here(incident, place)).content.decode()
    told = program(carol).get(f"/api/v1/incidents/{incident.number}/files").json()
    assert [one["name"] for one in told["files"]] == ["ok.txt"]
    assert program(carol).get(f"/api/v1/incidents/{incident.number}/files/{secret.pk}").status_code == 404


def test_a_requester_cannot_hide_what_they_attach(incident, carol, carol_browser):
    carol_browser.post(here(incident, "/attach"), {"file": SimpleUploadedFile("a.txt", b"x"), "internal": "1"})
    assert not Attachment.objects.get().internal


# --- many ---


def test_five_hundred_files_cost_a_page_no_more_than_nine(incident, bob, bob_browser):
    def asked(place):
        bob_browser.get(here(incident, place))
        with CaptureQueriesContext(connection) as captured:
            html = bob_browser.get(here(incident, place)).content.decode()
        return len(captured), html

    for n in range(9):
        attached(incident, bob, f"f{n}.txt", str(n).encode())
    few, _html = asked("?show=comments")
    one = Attachment.objects.first()
    Attachment.objects.bulk_create(
        Attachment(kind="incident", number=incident.number, name=f"g{n}.txt", size=1,
                   sha256=one.sha256, actor=bob.number, recorded_at=one.recorded_at, entry=0)
        for n in range(491)
    )  # fmt: skip
    many, html = asked("?show=comments")
    assert many == few
    assert html.count('class="file"') == 8
    assert "All 500 files" in html
    assert bob_browser.get(here(incident, "/files")).content.decode().count('class="file"') == 50
    url, seen = here(incident, "/files"), []
    while url:
        page = bob_browser.get(url).content.decode()
        seen += re.findall(r"/files/(\d+)/preview\" hx-get", page)
        following = re.search(r'href="([^"]+\?before=\d+)"', page)
        url = following[1] if following else ""
    assert len(seen) == len(set(seen)) == 500


def test_a_script_that_sends_files_one_by_one_is_told_of_each(incident, bob_browser):
    def send(name, body):
        sent = {"file": SimpleUploadedFile(name, body)}
        return bob_browser.post(here(incident, "/attach"), sent, headers={"Accept": "application/json"})

    assert send("shot.png", PNG).status_code == 201
    again = send("other.png", PNG)
    assert (again.status_code, again.json()["says"]) == (201, "Already attached, and not kept twice: shot.png.")
    refused = send("virus.exe", b"MZ")
    assert refused.status_code == 422
    assert refused.json()["says"].endswith(".")


# --- REST ---


def test_files_by_rest(incident, bob):
    client, root = program(bob), f"/api/v1/incidents/{incident.number}/files"
    for n in range(3):
        assert client.post(root, {"file": SimpleUploadedFile(f"{n}.txt", str(n).encode())}).status_code == 201
    page = client.get(f"{root}?limit=2").json()
    assert [one["name"] for one in page["files"]] == ["2.txt", "1.txt"]
    rest = client.get(f"{root}?limit=2&before={page['next']}").json()
    assert ([one["name"] for one in rest["files"]], rest["next"]) == (["0.txt"], None)
    assert b"".join(client.get(page["files"][0]["url"]).streaming_content) == b"2"
    assert client.get(f"{root}/99999999999999999999").status_code == 404
    assert client.get(f"{root}?limit=0").status_code == 422
    assert client.post(root, {}).status_code == 422


def test_links_and_people_by_rest_are_made_once_and_taken_back(incident, bob, carol):
    client, root, other = program(bob), f"/api/v1/incidents/{incident.number}", an_incident("Other", by=bob)

    def send(place, **body):
        return client.post(f"{root}/{place}", json.dumps(body), content_type="application/json")

    for _time in range(2):
        assert send("links", other=other.number, relation="duplicate_of").status_code == 201
        assert send("people", person=carol.number).status_code == 201
    assert (Link.objects.count(), Participant.objects.count()) == (1, 1)
    assert client.get(f"{root}/links").json()["links"] == [{"relation": "duplicate_of", "other": other.number}]
    assert client.get(f"/api/v1/incidents/{other.number}/links").json()["links"] == [
        {"relation": "duplicate_of:from", "other": incident.number}
    ]
    assert client.get(f"{root}/people").json()["people"] == [{"person": carol.number, "part": "watcher"}]
    assert client.delete(f"{root}/links/duplicate_of/{other.number}").status_code == 204
    assert client.delete(f"{root}/people/{carol.number}/watcher").status_code == 204
    assert (Link.objects.count(), Participant.objects.count()) == (0, 0)
    assert send("links", other="INC-999999").status_code == 404
    assert send("links", other=other.number, relation="parent_of").status_code == 422
    assert send("people", person=carol.number, part="approver").status_code == 422
    for nothing in ("\x00", "INC-\x00", "\ud800"):
        assert send("people", person=nothing).status_code in (404, 422)
        assert send("links", other=nothing).status_code in (404, 422)


def test_a_requester_learns_of_nobody_and_adds_nobody(incident, bob, carol, carol_browser, eve):
    actions.join(incident, bob, "watcher", by=bob)
    client, root = program(carol), f"/api/v1/incidents/{incident.number}/people"
    assert client.get(root).json()["people"] == []
    assert client.post(root, json.dumps({"person": eve.number}), content_type="application/json").status_code == 404
    assert carol_browser.get(here(incident, "/people")).status_code == 404
    assert (
        carol_browser.post(here(incident, "/people/leave"), {"person": bob.number, "part": "watcher"}).status_code
        == 404
    )
    assert Participant.objects.get().person == bob.number


# --- pages ---


def test_people_are_added_and_taken_off_on_the_page(incident, bob, carol, bob_browser):
    bob_browser.post(here(incident, "/people"), {"person": carol.number, "part": "watcher"})
    assert "Take Carol Lane off as watcher" in bob_browser.get(here(incident)).content.decode()
    bob_browser.post(here(incident, "/people/leave"), {"person": carol.number, "part": "watcher"})
    assert not Participant.objects.exists()
    refused = bob_browser.post(here(incident, "/people"), {"person": "nobody", "part": "watcher"})
    assert refused.status_code == 422
    bob_browser.post(here(incident, "/people/watch"))
    assert Participant.objects.get().person == bob.number
    assert [entry.verb.partition(":")[2] for entry in history(incident)] == ["recorded", "joined", "left", "joined"]


def test_a_link_is_taken_back_from_either_end(incident, bob, bob_browser):
    other = an_incident("Other", by=bob)
    actions.link(incident, other, "related", by=bob)
    actions.link(other, incident, "caused_by", by=bob)
    bob_browser.post(here(incident, "/link/undo"), {"other": other.number, "relation": "related"})
    bob_browser.post(here(incident, "/link/undo"), {"other": other.number, "relation": "caused_by", "incoming": "1"})
    assert not Link.objects.exists()
    assert (
        bob_browser.post(here(incident, "/link/undo"), {"other": other.number, "relation": "child_of"}).status_code
        == 400
    )


# --- command line ---


def test_the_command_line_does_the_same(incident, bob, carol, tmp_path):
    other, log = an_incident("Other", by=bob), tmp_path / "trace.log"
    log.write_text("it broke")

    def run(*words):
        return CliRunner().invoke(application(), [*words, "--as", "bob"], catch_exceptions=False).output

    assert "attached." in run("attach", incident.number, str(log))
    assert "was attached already." in run("attach", incident.number, str(log))
    assert "trace.log" in run("files", incident.number)
    run("link", incident.number, other.number)
    run("join", incident.number, "carol")
    assert (Link.objects.count(), Participant.objects.get().person) == (1, carol.number)
    run("unlink", incident.number, other.number)
    run("leave", incident.number, carol.number)
    assert (Link.objects.count(), Participant.objects.count()) == (0, 0)


def test_ending_a_record_for_good_is_never_the_first_thing_offered(olga, olga_browser):
    """Of an agreement in force the revision is offered first, and retiring it stands last, in red."""
    made = actions.record(
        kind_named("webhook_subscription"), by=olga, title="Chat", url="https://example.org/x", owner=olga
    )
    page = olga_browser.get(made.get_absolute_url()).content.decode()
    moves = page.split('class="moves"')[1].split("</div>")[0]
    assert moves.index("Activate") < moves.index("End")
    assert 'btn-quiet-danger" href="/integrations/webhook-subscriptions/WHK-000001/end"' in moves


def test_facts_that_followed_are_folded_where_there_are_many(bob, bob_browser):
    incident = an_incident("No mail", by=bob, impact=1, urgency=1)
    actions.move(incident, "start", by=bob)
    actions.move(incident, "resolve", by=bob, resolution="Mended", closure_code="solved")
    actions.move(incident, "close", by=bob)
    page = bob_browser.get(incident.get_absolute_url()).content.decode()
    folded = page.split('id="fold-facts"')[1].split("</details>")[0] if 'id="fold-facts"' in page else ""
    assert "Impact" not in folded
    aside = page.split('id="part-aside"')[1]
    assert aside.index(">Facts<") < aside.index(">Attachments<") < aside.index(">Evidence for<")
