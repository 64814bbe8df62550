"""The page of an incident in a browser: palette, mentions, files by drop and paste, drafts."""

from __future__ import annotations

import pytest
from tests.resolution.makers import an_incident

from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named
from gnomon.records.models import Attachment, Comment, Draft, Participant
from gnomon.resolution.models import Incident

DROP = """(names) => {
  const carried = new DataTransfer();
  for (const name of names) carried.items.add(new File(["bytes of " + name], name));
  for (const kind of ["dragenter", "dragover", "drop"])
    document.dispatchEvent(new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true }));
}"""
PASTE = """() => {
  const carried = new DataTransfer();
  carried.items.add(new File(["a picture"], "image.png", { type: "image/png" }));
  document.querySelector("#comment textarea").dispatchEvent(
    new ClipboardEvent("paste", { clipboardData: carried, bubbles: true, cancelable: true }));
}"""


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.HOME = tmp_path


def test_by_keyboard_alone_an_agent_names_a_colleague_replies_and_moves(enter, bob, alice):
    incident = an_incident("No mail", by=bob, impact=2, urgency=2)
    reply = actions.record(kind_named("reply_template"), by=SYSTEM, title="Asking", text="About {number}: ")
    actions.move(reply, "adopt", by=SYSTEM)
    page = enter(bob)
    page.goto(incident.get_absolute_url())

    page.keyboard.press("Control+k")
    page.keyboard.type("asking")
    page.get_by_role("option", name="Reply: Asking").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('#comment textarea').value === 'About INC-000001: '")
    page.keyboard.type("please look @ali")
    page.get_by_role("option", name="Alice Chen").wait_for()
    page.keyboard.press("Enter")
    page.keyboard.type("today")
    page.locator("#comment .say-send").press("Enter")
    page.get_by_text("About INC-000001: please look @alice today").first.wait_for()
    assert Comment.objects.get().text == "About INC-000001: please look @alice today"
    assert Participant.objects.get().person == alice.number

    page.keyboard.press(".")
    page.keyboard.type("开始")  # the Chinese title of the move finds it on an English page
    page.get_by_role("option", name="Start work").wait_for()
    page.keyboard.press("Enter")
    page.locator("#dialog form.form-sheet button.btn-primary").wait_for()
    page.locator("#dialog form.form-sheet button.btn-primary").press("Enter")
    page.get_by_text("In progress").first.wait_for()
    page.wait_for_function("!document.querySelector('dialog[open]')")
    assert Incident.objects.get().status == "in_progress"
    page.wait_for_load_state()  # the page came anew: keys are heard once its scripts are there
    page.keyboard.press(".")
    page.get_by_role("combobox", name="What do you want to do?").wait_for()
    page.keyboard.press("Escape")
    assert page.locator("#palette").is_hidden()


def test_files_come_by_drop_and_by_paste_and_one_refused_stops_no_other(enter, bob):
    incident = an_incident("No mail", by=bob)
    page = enter(bob)
    page.goto(incident.get_absolute_url())
    page.evaluate(DROP, ["a.txt", "b.log", "virus.exe"])
    page.get_by_text("Files of type “.exe” are not kept").wait_for()
    page.evaluate(PASTE)
    page.locator(".files .thumb").first.wait_for()  # live: nobody loaded the page again
    names = set(Attachment.objects.values_list("name", flat=True))
    assert {"a.txt", "b.log"} < names
    assert any(name.startswith("screenshot-") and name.endswith(".png") for name in names)


def test_a_draft_outlives_reload_and_sign_out_and_is_nobody_elses(enter, bob, carol):
    incident = an_incident("No mail", by=bob, requester=carol)
    here, words = incident.get_absolute_url(), "Half a sentence about the switch"
    page = enter(bob)
    page.goto(here)
    page.fill("#comment textarea", words)
    page.reload()
    page.get_by_text("A draft that you did not send was put back.").wait_for()
    assert page.input_value("#comment textarea") == words

    page.evaluate("document.querySelector('[data-sign-out]').requestSubmit()")
    page.wait_for_url("**/sign-in**")
    assert page.evaluate("JSON.stringify(localStorage)").find(words) < 0
    actions.comment(incident, "It was the cable", by=carol)

    other = enter(bob)  # another computer
    other.goto(here)
    other.get_by_text("The record changed since you wrote this.").wait_for()
    assert other.input_value("#comment textarea") == words
    other.get_by_text("The record changed since you wrote this.").click()
    other.locator("#dialog").get_by_text("It was the cable").wait_for()
    other.locator("#dialog [data-close]").click()
    other.locator("#comment .say-send").click()
    other.locator(".entry-comment").get_by_text(words).wait_for()
    for _wait in range(50):
        if not Draft.objects.exists():
            break
        other.wait_for_timeout(100)
    assert not Draft.objects.exists()


def test_an_old_draft_of_an_edit_puts_nothing_back_that_others_changed(enter, bob, lin):
    incident = an_incident("No mail", by=bob, category="mailbox")
    page = enter(bob)
    page.goto(f"{incident.get_absolute_url()}/edit")
    page.fill("[name=title]", "No mail since noon")
    page.wait_for_timeout(500)
    actions.change(Incident.objects.get(), by=lin, category="network")
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.get_by_text("The record changed since you wrote this.").wait_for()
    assert page.input_value("[name=title]") == "No mail since noon"
    assert page.input_value("[name=category]") == "network"
