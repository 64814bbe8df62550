"""Search at a browser: suggestions by keyboard, typing errors forgiven, filters taken off, and where a merged one leads."""

from __future__ import annotations

from typing import Any

import pytest
from tests.makers import a_team
from tests.resolution.makers import an_incident

from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.search import vocabulary

NO_SIDEWAYS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@pytest.fixture
def printers(bob: Any) -> dict[str, Any]:
    """A printer that jams, one that was merged into it, and something else of the same team."""
    network = a_team("Network 网络组")
    jam = an_incident("打印机卡纸 Printer jams", team=network, impact=1, urgency=1)
    twin = an_incident("Drucker streikt 打印机罢工", team=network)
    actions.move(twin, "merge", by=SYSTEM, because="The same", merged_into=jam)
    other = an_incident("Cable loose", team=network)
    vocabulary.learn()
    return {"jam": jam, "twin": twin, "other": other}


def test_what_is_typed_is_suggested_and_opened_by_keyboard(enter, bob, printers):
    page = enter(bob)
    page.keyboard.press("/")
    page.keyboard.type("打印机卡")
    page.locator("#suggested [role=option]").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{printers['jam'].get_absolute_url()}")


@pytest.mark.parametrize(("width", "look"), [(1280, "light"), (390, "dark")])
def test_a_question_is_answered_narrowed_and_widened(enter, bob, printers, width, look):
    page = enter(bob, width=width, color_scheme=look)
    page.goto("/search")
    page.fill(".bare-search input", "printr jams")
    page.keyboard.press("Enter")
    page.locator(".found-corrected").get_by_text("printer jams").first.wait_for()
    page.fill(".bare-search input", "team:network 打印机")
    page.keyboard.press("Enter")
    page.locator(f"#row-{printers['jam'].number}").wait_for()
    merged = page.locator(f"#row-{printers['twin'].number}")
    merged.get_by_text("Merged into").wait_for()
    assert page.evaluate(NO_SIDEWAYS)
    page.locator(".chip").get_by_text("network").click()
    page.wait_for_url("**q=%E6%89%93%E5%8D%B0%E6%9C%BA*")
    page.locator(f"#row-{printers['twin'].number} .found-text a").click()
    page.wait_for_url(f"**{printers['jam'].get_absolute_url()}")


def test_search_is_a_form_and_links_without_scripts(enter, bob, printers):
    page = enter(bob, "zh-CN", scripts=False)
    page.fill(".top input[name=q]", "卡纸")
    page.keyboard.press("Enter")
    page.locator(f"#row-{printers['jam'].number} a").first.click()
    page.wait_for_url(f"**{printers['jam'].get_absolute_url()}")
