"""The desk queue in a real browser: colleagues seen at work, list and record side by side, all by keyboard."""

from __future__ import annotations

from typing import Any

import pytest
from tests.makers import a_team

from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.resolution.kinds import incident as INCIDENT
from gnomon.resolution.models import Incident

pytestmark = pytest.mark.clause("8.6.1")
QUEUE = "/resolution/incidents/"
FOCUS = "document.activeElement"
NO_SIDEWAYS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


def incidents(*titles: str) -> list[Any]:
    return [actions.record(INCIDENT, by=SYSTEM, title=title, impact=2, urgency=2) for title in titles]


def shown_in(page: Any, title: str) -> None:
    page.locator(".pane-title").get_by_text(title).wait_for()


def test_colleagues_see_each_other_and_a_change_within_three_seconds(enter, bob, lin):
    (found,) = incidents("Slow")
    first, second = enter(bob), enter(lin)
    for page, path in ((first, QUEUE), (second, found.get_absolute_url())):
        page.clock.install()
        page.goto(path)
    first.clock.run_for(2_600)
    first.locator("#rows .others").get_by_text("Lin Hart").wait_for(state="attached")
    second.goto(f"{found.get_absolute_url()}/edit")
    first.clock.run_for(2_600)
    first.locator("#rows .others-edit").get_by_text("Lin Hart is editing").wait_for(state="attached")
    first.goto(f"{found.get_absolute_url()}/edit")
    first.get_by_text("Lin Hart is editing this record now").wait_for()
    second.clock.run_for(2_600)
    second.get_by_text("Bob Reed is editing this record now").wait_for()  # nobody reloaded this form
    first.goto(QUEUE)
    actions.change(found, by=lin, title="Slow since noon")
    first.clock.run_for(2_600)
    first.get_by_text("Slow since noon").wait_for()


def test_a_queue_is_worked_by_keyboard_alone(enter, bob):
    one, two, three = incidents("First", "Second", "Third")
    page = enter(bob, width=1440)
    page.goto(f"{QUEUE}?view=all")
    press = page.keyboard.press
    press("j")
    press("s")  # list and record side by side
    shown_in(page, "Third")
    press("j")
    shown_in(page, "Second")
    assert page.url.endswith(f"record={two.number}")
    press("m")  # mine
    page.locator("#pane .facts").get_by_text("Bob Reed").wait_for()
    assert Incident.objects.get(pk=two.pk).assignee == bob
    page.locator("#pane a[href$='/start']").focus()
    press("Enter")
    page.locator("dialog[open] button.btn-primary").focus()
    press("Enter")
    page.locator("#pane .state-now").get_by_text("In progress").wait_for()  # and still beside the list
    page.locator(f"#row-{two.number}").get_by_text("In progress").wait_for()
    assert page.locator("#desk.split").count() == 1
    press("c")
    page.keyboard.type("It is the cable.")
    page.keyboard.press("Tab")
    page.locator("#pane #comment button.btn-primary").focus()
    press("Enter")
    page.locator("#pane .bubble").get_by_text("It is the cable.").wait_for()
    page.reload()  # a link to this very view
    shown_in(page, "Second")
    page.locator("body").press("Escape")
    assert page.locator("#pane *").count() == 0
    assert "record=" not in page.url
    assert page.evaluate(f"{FOCUS}.textContent.trim()") == two.number
    press("j")
    press("x")
    press("k")
    press("k")
    press("x")  # the first row and the last
    page.locator("button[name=move][value=wait]").focus()
    press("Enter")
    page.get_by_text("2 of 2 can be done").wait_for()
    page.locator("[name=waiting_reason]").select_option("supplier")
    page.locator("button[name=sure]").focus()
    press("Enter")
    page.get_by_text("2 of 2 were done.").wait_for()
    assert set(Incident.objects.filter(status="waiting")) == {one, three}


def test_filters_and_columns_are_chosen_by_keyboard_and_kept(enter, bob):
    team = a_team("Network")
    mail, printer = incidents("Mail bounces", "Printer jams")
    actions.change(mail, by=SYSTEM, team=team)
    page = enter(bob, "zh-CN", width=1440)
    page.goto(f"{QUEUE}?view=all")
    press = page.keyboard.press
    page.locator("[popovertarget=filter-team-pop]").focus()
    press("Enter")
    page.locator(f"#filter-team-pop input[value={team.number}]").focus()
    press("Space")
    page.locator(f"#row-{printer.number}").wait_for(state="detached")
    assert page.locator("#filter-team-words").inner_text() == "Network"
    assert f"team={team.number}" in page.url
    press("Escape")
    page.locator("body").press("f")
    assert page.evaluate(f"{FOCUS}.name") == "q"
    press("Escape")
    page.locator("body").press("v")
    page.locator("#columns li", has=page.locator("input[value=age]")).locator("[data-move='-1']").focus()
    press("Enter")
    assert page.evaluate(f"{FOCUS}.dataset.move") == "-1"  # the focus stays, to press again
    page.locator("#columns button.btn-primary").focus()
    with page.expect_navigation():
        press("Enter")
    assert f"team={team.number}" in page.url
    titles = [title.strip() for title in page.locator("thead th").all_inner_texts()]
    assert titles.index("时长") < titles.index("到期时间")
    page.goto(f"{QUEUE}?view=all")
    assert [title.strip() for title in page.locator("thead th").all_inner_texts()] == titles
    page.locator("body").press("?")
    page.locator("#keys").get_by_text("列表与记录并排显示").wait_for()


def test_list_and_record_are_plain_links_without_scripts_and_one_page_on_a_telephone(enter, bob):
    first, second = incidents("First", "Second")
    page = enter(bob, width=1440, scripts=False)
    page.goto(f"{QUEUE}?view=all")
    page.click("#split")
    shown_in(page, "Second")
    assert page.locator(f"#row-{first.number}").is_visible()
    narrow = enter(bob, width=390)
    narrow.goto(f"{QUEUE}?record={second.number}")
    shown_in(narrow, "Second")
    assert not narrow.locator(f"#row-{first.number}").is_visible()
    assert narrow.evaluate(NO_SIDEWAYS)
    narrow.click(".pane-back")
    narrow.locator(f"#row-{first.number} .row-link").click()
    narrow.wait_for_url(f"**{first.get_absolute_url()}")
