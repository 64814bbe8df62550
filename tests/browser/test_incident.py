"""An incident lived through by its people in a real browser, in both languages, with and without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from tests.makers import a_team

from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.resolution.kinds import incident as INCIDENT
from gnomon.resolution.models import Incident

QUEUE = "/resolution/incidents/"
NO_SIDEWAYS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


def report(page: Any, title: str) -> None:
    page.goto("/resolution/report")
    page.fill("[name=title]", title)
    page.fill("[name=description]", "It blinks red.")
    page.click("form.form-sheet .form-foot button.btn-primary")
    page.wait_for_url("**/portal/reports/INC-*")
    page.goto(QUEUE + page.url.rsplit("/", 1)[-1])


def take(page: Any, number: str, move: str, **facts: str) -> None:
    """Take a move on its own page, as somebody does who follows the button without scripts."""
    page.goto(f"{QUEUE}{number}/{move}")
    for name, value in facts.items():
        field = page.locator(f"form.form-sheet [name={name}]")
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    page.click("form.form-sheet .form-foot button.btn-primary")
    page.wait_for_url(f"**{QUEUE}{number}")


@pytest.mark.clause("8.6.1")
@pytest.mark.parametrize("language", ["en-GB", "zh-CN"])
def test_what_carol_reports_bob_sees_without_reloading_and_solves(enter, bob, carol, language):
    team = a_team("Desk")
    desk = enter(bob, language)
    desk.goto(QUEUE)
    requester = enter(carol, language)
    report(requester, "The scanner in hall B is dead 扫描枪坏了")
    number = Incident.objects.get().number
    desk.get_by_text("The scanner in hall B is dead").wait_for(timeout=8_000)  # live: nobody reloads the queue
    take(desk, number, "assign", team=str(team.pk))
    take(desk, number, "wait", waiting_reason="user", because="Which scanner is it?")
    take(desk, number, "resume")
    take(desk, number, "resolve", resolution="A new battery. 更换电池。", closure_code="solved")
    requester.goto(f"{QUEUE}{number}")
    requester.get_by_text("A new battery.").first.wait_for()
    solved = Incident.objects.get()
    assert (solved.status, solved.channel, solved.requester) == ("resolved", "portal", carol)


@pytest.mark.clause("8.6.1")
def test_reporting_and_moving_work_without_scripts(enter, bob, carol):
    team = a_team("Desk")
    report(enter(carol, scripts=False), "No scripts here")
    number = Incident.objects.get().number
    take(enter(bob, scripts=False), number, "assign", team=str(team.pk))
    assert Incident.objects.get().status == "assigned"


def test_a_move_opens_in_a_dialog_by_keyboard_and_the_page_follows(enter, bob):
    found = actions.record(INCIDENT, by=SYSTEM, title="Slow", impact=2, urgency=2)
    page = enter(bob)
    page.goto(found.get_absolute_url())
    page.locator(f"a[href$='{found.number}/start']").focus()
    page.keyboard.press("Enter")
    page.locator("dialog[open] button.btn-primary").wait_for()
    page.locator("dialog[open] button.btn-primary").focus()
    page.keyboard.press("Enter")
    page.locator(".state-now").get_by_text("In progress").wait_for()
    assert Incident.objects.get().status == "in_progress"


def test_the_second_of_two_agents_sees_what_changed_and_keeps_what_was_typed(enter, bob, lin):
    found = actions.record(INCIDENT, by=SYSTEM, title="Slow", impact=2, urgency=2)
    first, second = enter(bob), enter(lin)
    second.goto(f"{found.get_absolute_url()}/edit")
    second.fill("[name=category]", "network")
    first.goto(f"{found.get_absolute_url()}/edit")
    first.fill("[name=subcategory]", "cable")
    first.click("form.form-sheet .form-foot button.btn-primary")
    first.wait_for_url(f"**{found.get_absolute_url()}")
    second.click("form.form-sheet .form-foot button.btn-primary")
    second.get_by_text("Bob Reed").first.wait_for()
    assert second.input_value("[name=category]") == "network"
    second.click("form.form-sheet .form-foot button.btn-primary")
    second.wait_for_url(f"**{found.get_absolute_url()}")
    both = Incident.objects.get()
    assert (both.category, both.subcategory) == ("network", "cable")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_main_pages_fit_their_screen(enter, bob, width, scheme):
    for turn in range(3):
        actions.record(INCIDENT, by=SYSTEM, title=f"A title that is long enough to wrap on a telephone {turn}" * 2)
    page = enter(bob, "zh-CN", width=width, color_scheme=scheme)
    number = Incident.objects.first().number
    for path in (
        "/",
        QUEUE,
        f"{QUEUE}{number}",
        f"{QUEUE}new",
        "/evaluation/",
        "/portfolio/services/",
        "/search?q=title",
    ):
        page.goto(path)
        assert page.evaluate(NO_SIDEWAYS), path
        assert page.title().endswith("Gnomon")
