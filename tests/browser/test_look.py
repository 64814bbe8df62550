"""The ten main pages fit every width, and paper (what the first page weighs is told in journeys/test_weight.py)."""

from __future__ import annotations

import pytest
from tests.makers import a_team
from tests.resolution.makers import a_service, an_incident

from gnomon.records import actions
from gnomon.records.actors import SYSTEM

WIDTHS = (360, 768, 1280, 2560)
# What reaches beyond the window: the page itself, told with the elements that do it.
BEYOND = """() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > width + 1)
        .slice(0, 3).map(one => one.outerHTML.slice(0, 120));
}"""


@pytest.fixture
def main_pages(transactional_db: None) -> tuple[str, ...]:
    """A house with something in it, and the ten pages of docs/screens in it."""
    team, mail = a_team("Desk 服务台"), a_service("Mail 邮件")
    for n in range(12):
        an_incident(f"Printer {n} jams on the second floor 打印机卡纸，二楼东侧", impact=3, urgency=1 + n % 3)
    found = an_incident("Mail is slow 邮件很慢", service=mail, impact=1, urgency=1, description="Since nine. " * 40)
    actions.move(found, "assign", by=SYSTEM, team=team)
    actions.comment(found, "https://example.org/" + "long/" * 60, by=SYSTEM)
    queue = "/resolution/incidents/"
    return (
        "/", queue, f"{queue}?record={found.number}", found.get_absolute_url(), f"{queue}new", "/search?q=打印机",
        "/organization/workflows/incident", "/evaluation/", "/certification/", "/organization/permissions/?role=agent",
    )  # fmt: skip


def test_no_main_page_scrolls_sideways_from_a_phone_to_the_widest_screen(enter, admin, main_pages):
    page = enter(admin, "zh-CN", color_scheme="dark")
    beyond = {}
    for path in main_pages:
        page.goto(path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if found := page.evaluate(BEYOND):
                beyond[path, width] = found
    assert beyond == {}


SHOWN = "one => one.checkVisibility()"


def test_a_phone_names_the_columns_of_a_matrix_and_paper_keeps_the_bars_of_charts(enter, admin):
    an_incident("Printer jams", by=SYSTEM)
    page = enter(admin, width=360)
    page.goto("/organization/permissions/")
    assert page.locator("thead th").nth(1).evaluate(SHOWN), "whose column it is"
    assert page.locator("td > .nothing").first.evaluate(SHOWN), "a dash where a role may not"
    page.goto("/evaluation/?board=desk")
    page.emulate_media(media="print")
    assert page.locator(".graph .bar").first.evaluate(SHOWN)
    assert not page.locator("div.bar, form.bar").first.evaluate(SHOWN), "nobody filters on paper"
