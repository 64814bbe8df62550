"""The pages of an audit pack, opened from disk as an auditor opens them: no server, no network, no script needed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.certification.conftest import evidence, mona  # noqa: F401 - fixtures
from tests.certification.pack.conftest import House, home, house  # noqa: F401 - fixtures
from tests.chromium import launched

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PAGES = (
    "index.html", "data/view/en/index.html", "data/view/zh/clauses/8.6.1.html", "data/view/en/records/INC-000001.html",
    "data/view/zh/records/DOC-000001.html", "data/view/en/requirements.html", "data/view/en/records.html",
    "data/view/zh/documents.html", "data/view/en/measures.html", "data/view/zh/proof.html",
)  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with launched() as running:
        yield running


@pytest.fixture
def opened(house: House, tmp_path: Path) -> str:  # noqa: F811 - the fixture
    """The address of an unpacked pack."""
    with zipfile.ZipFile(io.BytesIO(house.pack()[0])) as archive:
        archive.extractall(tmp_path / "pack")
    (top,) = (tmp_path / "pack").iterdir()
    return top.as_uri()


def test_pages_open_from_disk_and_ask_nobody_for_anything(browser: Any, opened: str) -> None:
    context = browser.new_context(offline=True)
    page, said, asked = context.new_page(), [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    for path in PAGES:
        page.goto(f"{opened}/{path}")
        assert page.locator("h1").count() == 1
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgba(0, 0, 0, 0)", path
    assert said == []  # a thing that the policy forbids is said on the console
    assert [url for url in asked if not url.startswith((opened, "data:"))] == []
    context.close()


@pytest.mark.parametrize("look", ["light", "dark"])
def test_pages_are_open_to_everybody(browser: Any, opened: str, look: str) -> None:
    # the checker is a script, which the pages themselves would not let in
    context = browser.new_context(color_scheme=look, bypass_csp=True)
    page, found = context.new_page(), []
    for path in PAGES:
        page.goto(f"{opened}/{path}")
        violations = Axe().run(page, options=RULES).response["violations"]
        found += [f"{path}: {rule['id']}: {node['html'][:160]}" for rule in violations for node in rule["nodes"]]
    assert found == []
    context.close()


def test_the_table_narrows_with_script_and_is_whole_without(browser: Any, opened: str) -> None:
    for scripts, shown in ((True, 1), (False, 21)):
        context = browser.new_context(java_script_enabled=scripts)
        page = context.new_page()
        page.goto(f"{opened}/data/view/en/requirements.html")
        if scripts:
            page.get_by_role("searchbox").fill("8.6.1-b")
        assert page.locator("#asked tbody tr:visible").count() == shown
        context.close()


@pytest.mark.parametrize("width", [360, 768, 1920])
def test_no_page_is_wider_than_the_screen(browser: Any, opened: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    for path in PAGES:
        page.goto(f"{opened}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.close()
