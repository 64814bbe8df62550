"""A form or a call that holds more than is read is told so, and what to do next; nothing is lost or saved."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.resolution.makers import an_incident

from gnomon.organization.actions import make_token
from gnomon.records.models import Comment

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def narrow(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2048
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 5
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 2


TOO_MUCH = {
    "text": ({"text": "x" * 3000}, "More than 2.0\xa0KB of text was sent at once. Shorten it, or attach"),
    "fields": ({f"row{n}": "1" for n in range(9)}, "More than 5 fields were sent at once. Choose fewer rows"),
}


@pytest.mark.parametrize("sort", TOO_MUCH)
@pytest.mark.parametrize("multipart", [False, True])
def test_a_form_that_is_too_large_is_a_page_that_says_what_to_do(narrow, bob, bob_browser, sort, multipart):
    here = an_incident(by=bob).get_absolute_url()
    typed, says = TOO_MUCH[sort]
    sent = (typed,) if multipart else (urlencode(typed), FORM)
    back = {"referer": f"http://testserver{here}?show=comments"}
    answer = bob_browser.post(f"{here}/comment", *sent, headers=back)
    page = answer.content.decode()
    assert answer.status_code == 413
    assert says in page
    assert "nothing you typed is lost" in page
    assert f'href="{here}?show=comments">Back to the form' in page
    assert "data-person" not in page, "else the browser would take the draft for sent"

    bob.language = "zh-hans"
    bob.save()
    chinese = bob_browser.post(f"{here}/comment", *sent, headers={"referer": "https://elsewhere.example/x"})
    assert "您输入的内容也没有丢失" in chinese.content.decode()
    assert f'href="{here}/comment">返回表单' in chinese.content.decode()

    part = bob_browser.post(f"{here}/comment", *sent, headers={"HX-Request": "true", "HX-Target": "story"})
    assert (part.status_code, part["HX-Retarget"]) == (413, "#messages")
    assert "<html" not in part.content.decode()
    dialog = bob_browser.post(f"{here}/comment", *sent, headers={"HX-Request": "true", "HX-Target": "dialog-body"})
    assert dialog["HX-Retarget"] == "#dialog-says", "a message behind a dialog is seen by nobody"
    assert 'id="dialog-says"' in bob_browser.get(here).content.decode()
    assert not Comment.objects.exists()


def test_too_many_files_are_told_by_their_number(narrow, bob, bob_browser):
    here = an_incident(by=bob).get_absolute_url()
    files = [SimpleUploadedFile(f"{n}.txt", b"x") for n in range(3)]
    answer = bob_browser.post(f"{here}/attach", {"files": files})
    assert answer.status_code == 413
    assert "More than 2 files were sent at once" in answer.content.decode()


def test_programs_are_told_the_same_as_problem_details(narrow, bob):
    _token, secret = make_token(bob, name="t", by=bob, scopes=["read", "write"])
    an_incident(by=bob)
    call = Client(headers={"Authorization": f"Bearer {secret}"})
    answers = [
        call.post("/api/v1/incidents", '{"title": "' + "x" * 3000 + '"}', content_type="application/json"),
        call.post("/api/v1/incidents/INC-000001/files", {"file": "x" * 3000}),
        call.post("/api/v1/incidents/INC-000001/files", {f"row{n}": "1" for n in range(9)}),
        call.post("/api/v1/nowhere", "x" * 3000, content_type=FORM),
    ]
    for answer in answers[:3]:
        told = answer.json()
        assert (answer.status_code, told["status"], answer["Content-Type"]) == (413, 413, "application/problem+json")
        assert told["detail"].startswith("More than ")
        assert told["detail"].endswith(".")
    assert answers[3].status_code == 404


def test_nobody_in_particular_is_told_it_as_well(narrow):
    """Before sign-in too, where no person has a language."""
    answer = Client().post("/sign-in", {"username": "x" * 3000}, headers={"Accept-Language": "zh-CN"})
    assert answer.status_code == 413
    assert "一次提交的内容过多" in answer.content.decode()
