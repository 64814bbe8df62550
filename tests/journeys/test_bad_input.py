"""Bad input: where each sort is tried, and texts of ten million signs at every door."""

from __future__ import annotations

import ast
import io
import json
import re
import sys
from functools import cache
from pathlib import Path

import pytest
from django.test import Client
from tests.resolution.makers import an_incident

from gnomon.organization.actions import make_token
from gnomon.project import command
from gnomon.records import actions
from gnomon.records.models import Comment, Draft, LedgerEntry
from gnomon.resolution.models import Incident

TESTS = Path(__file__).parents[1]
HUGE = "An hour of log lines. 一小时的日志。\n" * 250_000  # more than ten million bytes

# What people and programs do wrong, and the tests that say what becomes of it.
TRIED = {
    "two people editing": (
        "journeys/test_two_at_once.py::test_two_people_at_two_browsers",
        "journeys/test_two_at_once.py::test_eight_programs_and_one_version",
        "browser/test_incident.py::test_the_second_of_two_agents_sees_what_changed_and_keeps_what_was_typed",
    ),
    "stale drafts": (
        "records/test_drafts.py::test_a_writer_is_shown_what_changed_since_they_began",
        "browser/test_record_page.py::test_an_old_draft_of_an_edit_puts_nothing_back_that_others_changed",
    ),
    "500 attachments": ("records/test_files_and_people.py::test_five_hundred_files_cost_a_page_no_more_than_nine",),
    "hostile SVG": (
        "records/test_files_and_people.py::test_hostile_files_are_shown_as_text_and_never_handed_to_the_browser_to_draw",
        "records/test_attachments.py::test_what_a_browser_would_run_is_saved_not_shown",
    ),
    "hostile HTML": (
        "ui/test_show.py::test_nothing_that_people_typed_becomes_markup",
        "records/test_mentions.py::test_a_name_that_is_markup_stays_text",
        "resolution/test_templates.py::test_a_reply_is_taken_with_and_without_scripts",
        "journeys/test_bad_input.py::test_hostile_words_reach_pages_and_mail_as_words",
        "governance/test_mail.py::test_whatever_people_typed_a_mail_is_one_plain_text_with_our_own_headers",
    ),
    "bodies, fields and files beyond the limits": (
        "web/test_too_much.py::test_a_form_that_is_too_large_is_a_page_that_says_what_to_do",
        "web/test_too_much.py::test_programs_are_told_the_same_as_problem_details",
    ),
    "huge pastes": (
        "journeys/test_bad_input.py::test_a_huge_paste_is_refused_in_a_sentence_and_the_draft_stays",
        "journeys/test_bad_input.py::test_a_huge_text_is_refused_by_rest_and_by_command",
        "records/test_bad_values.py::test_a_description_may_be_long_but_not_endless",
    ),
    "wrong time zones": (
        "web/test_pages.py::test_own_settings_refuse_what_is_no_time_zone",
        "records/test_writing.py::test_a_time_without_its_zone_is_refused",
        "jobs/test_moments.py::test_a_moment_without_a_time_zone_is_refused_in_a_sentence",
    ),
    "a bulk move in which every third row is refused": (
        "records/test_bulk.py::test_every_third_row_refused_loses_nothing_and_stays_selected",
    ),
    "a webhook receiver that hangs": (
        "integrations/test_webhooks.py::test_a_receiver_that_hangs_holds_the_worker_up_once_and_briefly",
    ),
    "a token that expires in mid-page": (
        "api/test_lists.py::test_a_token_that_ends_in_mid_page_is_401_and_the_cursor_goes_on_with_a_new_one",
    ),
}


@cache
def _tests_of(path: str) -> set[str]:
    tree = ast.parse((TESTS / path).read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("sort", TRIED)
def test_each_sort_of_bad_input_is_tried_by_name(sort):
    for place in TRIED[sort]:
        path, _signs, name = place.partition("::")
        assert name in _tests_of(path), place


@pytest.mark.django_db
def test_a_huge_paste_is_refused_in_a_sentence_and_the_draft_stays(bob, bob_browser):
    here = an_incident(by=bob).get_absolute_url()
    place = f"{here}:{here}/comment"
    body = json.dumps({"place": place, "values": {"text": "What I had typed"}, "version": 1})
    assert bob_browser.post("/drafts", body, content_type="application/json").status_code == 204
    entries = LedgerEntry.objects.count()

    answer = bob_browser.post(f"{here}/comment", {"text": HUGE})
    assert answer.status_code in (413, 422)
    assert re.search(r"\w\.", answer.content.decode())
    answer = bob_browser.post(f"{here}/edit", {"title": "Mail", "description": HUGE, "version": "1"})
    assert answer.status_code in (413, 422)
    body = json.dumps({"place": place, "values": {"text": HUGE}, "version": 1})
    answer = bob_browser.post("/drafts", body, content_type="application/json")
    assert answer.status_code in (400, 413, 422)

    assert (Comment.objects.count(), LedgerEntry.objects.count()) == (0, entries)
    assert Draft.objects.get().values == {"text": "What I had typed"}
    assert Incident.objects.get().version == 1


@pytest.mark.django_db
def test_a_huge_text_is_refused_by_rest_and_by_command(bob, monkeypatch, capsys):
    found = an_incident(by=bob)
    _token, secret = make_token(bob, name="script", by=bob)
    program = Client(headers={"authorization": f"Bearer {secret}"}, raise_request_exception=False)
    for path, facts in ((f"{found.number}/comments", {"text": HUGE}), ("", {"title": "Mail", "description": HUGE})):
        address = f"/api/v1/incidents/{path}".removesuffix("/")
        answer = program.post(address, json.dumps(facts), content_type="application/json")
        assert answer.status_code in (413, 422), path
        assert answer.json()["detail"].endswith(".")

    monkeypatch.setattr(sys, "stdin", io.StringIO())
    said = []
    for words in (["comment", found.number, HUGE], ["record", "incident", "title=Mail", f"description={HUGE}"]):
        monkeypatch.setattr(sys, "argv", ["gnomon", *words, "--as", "bob"])
        with pytest.raises(SystemExit) as ended:
            command.main()
        said.append(ended.value.code)
    assert all(code not in (0, None) for code in said)
    told = capsys.readouterr().err
    assert "Traceback" not in told
    assert told.strip().endswith(".")
    assert (Incident.objects.count(), Comment.objects.count()) == (1, 0)


@pytest.mark.django_db
def test_hostile_words_reach_pages_and_mail_as_words(bob, bob_browser, carol, carol_browser):
    hostile = '<svg onload=alert(1)><script>alert(2)</script>"><img src=x onerror=alert(3)>'
    found = an_incident(hostile, by=carol, requester=carol, description=hostile)
    actions.comment(found, hostile, by=bob)
    for browser in (bob_browser, carol_browser):
        for path in (found.get_absolute_url(), f"{found.get_absolute_url()}/history", "/resolution/incidents/"):
            html = browser.get(path).content.decode()
            assert not re.search(r"<svg onload|<script>alert|<img src=x", html), path
    assert "&lt;svg onload" in bob_browser.get(found.get_absolute_url()).content.decode()
