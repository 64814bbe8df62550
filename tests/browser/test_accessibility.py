"""Every page that people reach from the menu holds WCAG 2.2 AA, as an automated checker sees it, in both looks."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.makers import a_team
from tests.resolution.makers import a_service, an_incident

from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.resolution.models import Incident

CHECKER = Axe().axe_script
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What a look can break; all else is the same in both, and is asked of the light one.
OF_THE_LOOK = ["color-contrast", "link-in-text-block"]
LOOKS = {"light": RULES, "dark": OF_THE_LOOK}
# Only faults are described: telling of each element that is in order takes most of the checker's time.
CHECK = """async rules => (await axe.run({runOnly: rules, resultTypes: ["violations"]})).violations.flatMap(
    rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 200)}`))"""


def faults(page: Any, rules: list[str] = RULES) -> list[str]:
    """What the checker finds wrong: the rule, and the element that breaks it."""
    page.evaluate(CHECKER)
    return [f"{page.url}: {fault}" for fault in page.evaluate(CHECK, rules)]


def test_the_checker_finds_what_is_wrong(enter):
    page = enter(None, color_scheme="dark")
    page.goto("/sign-in")
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"/static/ui/favicon.svg\">')"
    )
    (fault,) = faults(page)
    assert "image-alt" in fault
    page.evaluate("document.querySelector('main h1').style.color = '#333'")
    assert [fault.split(": ")[1] for fault in faults(page, OF_THE_LOOK)] == ["color-contrast"]


@pytest.fixture
def lived_in(transactional_db: None) -> Incident:
    """A house with something in it: a team, a service, and an incident with words and a past."""
    team, mail = a_team("Desk"), a_service("Mail 邮件")
    an_incident("Printer jams 打印机卡纸", impact=3, urgency=3)
    found = an_incident("Mail is slow", service=mail, impact=1, urgency=1, description="Since nine o'clock.")
    actions.move(found, "assign", by=SYSTEM, team=team)
    actions.comment(found, "We look into it.", by=SYSTEM)
    actions.comment(found, "The queue is full.", by=SYSTEM, internal=True)
    return found


def addresses(page: Any) -> list[str]:
    """Where the menu leads."""
    page.goto("/")
    return list(dict.fromkeys(page.eval_on_selector_all(".rail a[href]", "all => all.map(a => a.pathname)")))


@pytest.mark.parametrize("look", LOOKS)
def test_the_main_pages_of_the_desk(enter, bob, lived_in, look):
    page = enter(bob, color_scheme=look)
    here = lived_in.get_absolute_url()
    wrong = []
    for path in ("/", "/resolution/incidents/", here, f"{here}/resolve", f"{here}/edit", f"{here}/history",
                 "/resolution/incidents/new", "/search?q=mail", "/search?q=nothing-like-it", "/style"):  # fmt: skip
        page.goto(path)
        wrong += faults(page, LOOKS[look])
    page.goto(here)
    page.locator(f"a[href='{here}/resolve']").first.click()
    page.locator("dialog[open] button.btn-primary").wait_for()
    assert wrong + faults(page, LOOKS[look]) == []


def test_everything_in_the_menu_of_an_administrator(enter, admin, lived_in):
    page = enter(admin, "zh-CN")
    wrong = []
    for path in addresses(page):
        page.goto(path)
        wrong += faults(page)
    assert wrong == []


@pytest.mark.parametrize("look", LOOKS)
def test_what_requesters_meet_on_a_phone(enter, carol, lived_in, look):
    page = enter(carol, width=360, color_scheme=look)
    wrong = []
    for path in [*addresses(page), "/resolution/report"]:
        page.goto(path)
        wrong += faults(page, LOOKS[look])
    stranger = enter(None, width=360, color_scheme=look)
    for path in ("/sign-in", "/no-such-page"):
        stranger.goto(path)
        wrong += faults(stranger, LOOKS[look])
    assert wrong == []
