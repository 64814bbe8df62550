"""What the first page weighs, as an installation serves it and a browser with an empty cache receives it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.chromium import launched
from tests.journeys.conftest import PASSWORD
from tests.journeys.installation import Installation

LIGHT = 200 * 1024
WEIGHT = """() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    .map(one => [new URL(one.name).pathname, one.transferSize])"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with launched() as running:
        yield running


def received(browser: Any, path: str, cookies: list[dict[str, Any]], served: Installation) -> dict[str, int]:
    """Address → bytes with headers, for all that a page brings along: a new context has an empty cache."""
    context = browser.new_context(base_url=f"http://127.0.0.1:{served.port}", locale="zh-CN")
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto(path, wait_until="networkidle")
    told = dict(page.evaluate(WEIGHT))
    context.close()
    return told


def signed_in(browser: Any, served: Installation) -> list[dict[str, Any]]:
    context = browser.new_context(base_url=f"http://127.0.0.1:{served.port}")
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("#username", "bob")
    page.fill("#password", PASSWORD)
    page.click("form.form-sheet button.btn-primary")
    page.wait_for_url("**/")
    cookies: list[dict[str, Any]] = context.cookies()
    context.close()
    return cookies


def test_the_first_page_and_the_queue_weigh_less_than_200_kb_with_an_empty_cache(served, browser):
    """HTML, style sheets, scripts, fonts and pictures, each with its headers."""
    first = received(browser, "/sign-in", [], served)
    queue = received(browser, "/resolution/incidents/", signed_in(browser, served), served)
    for told in (first, queue):
        assert sum(told.values()) < LIGHT, sorted(told.items(), key=lambda pair: -pair[1])
        assert any(".css" in name for name in told)
        # Nothing came out of a cache, so that nothing weighs nothing.
        assert min(told.values()) > 0, told
