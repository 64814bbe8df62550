"""A real Chromium against a real server; left out, in one sentence, where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.makers import a_person

from gnomon.organization.models import Person

# Playwright's own loop runs in this thread; the ORM would take it for an asynchronous program.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-quic", "--no-first-run",
)  # fmt: skip
PASSWORD = "a-long-rod-at-noon"
Enter = Callable[..., Any]


def chromium() -> str:
    """The path of a Chromium, installed if the environment asks for it; empty when there is none."""
    named = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), "")
    if not named and os.environ.get("GNOMON_INSTALL_CHROMIUM") == "1" and shutil.which("apt-get"):
        for words in (["update"], ["install", "-y", "-q", "chromium", "fonts-noto-cjk"]):
            subprocess.run(["apt-get", *words], check=False, capture_output=True, timeout=600)
        named = shutil.which("chromium") or ""
    return named


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    path = chromium()
    if not path:
        pytest.skip("The browser journeys were left out: no Chromium was found; install it or name it in CHROMIUM.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield launched
        launched.close()


@pytest.fixture
def enter(browser: Any, live_server: Any) -> Iterator[Enter]:
    """Open a page of its own for a person who signs in by hand; what the console complains of fails the test."""
    contexts, complaints = [], []

    def page_of(
        person: Person, language: str = "en-GB", *, width: int = 1280, scripts: bool = True, **more: Any
    ) -> Any:
        context = browser.new_context(
            base_url=live_server.url, locale=language, viewport={"width": width, "height": 900},
            java_script_enabled=scripts, **more,
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" and "409" not in m.text else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/sign-in")
        page.fill("#username", person.username or "")
        page.fill("#password", PASSWORD)
        page.click("form.form-sheet button.btn-primary")
        page.wait_for_url(f"{live_server.url}/")
        return page

    yield page_of
    for context in contexts:
        context.close()
    assert complaints == []


def with_password(title: str, username: str, role: str) -> Person:
    return a_person(title, username=username, roles=[role], password=PASSWORD)


@pytest.fixture
def bob(transactional_db: None) -> Person:
    """Works the desk."""
    return with_password("Bob Reed", "bob", "agent")


@pytest.fixture
def lin(transactional_db: None) -> Person:
    """Works the desk beside Bob."""
    return with_password("Lin Hart", "lin", "agent")


@pytest.fixture
def carol(transactional_db: None) -> Person:
    """Is the customer."""
    return with_password("Carol Lane", "carol", "requester")
