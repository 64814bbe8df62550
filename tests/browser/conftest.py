"""People at browsers: each test signs its cast in by hand, and what the console complains of fails it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.chromium import launched
from tests.makers import a_person

from gnomon.organization.models import Person

PASSWORD = "a-long-rod-at-noon"
Enter = Callable[..., Any]


@pytest.fixture(scope="module")  # one Playwright at a time: modules outside this folder bring their own
def browser() -> Iterator[Any]:
    with launched() as running:
        yield running


@pytest.fixture
def enter(browser: Any, live_server: Any) -> Iterator[Enter]:
    """Open a page of its own for a person who signs in by hand; without a person, for whoever comes along.

    Refusals that a test provokes (404, 409, 412, 422) are no complaints of the console.
    """
    contexts: list[Any] = []
    complaints: list[str] = []

    def heard(message: Any) -> None:
        if message.type == "error" and not any(code in message.text for code in ("404", "409", "412", "422")):
            complaints.append(message.text)

    def page_of(
        person: Person | None, language: str = "en-GB", *, width: int = 1280, height: int = 900, scripts: bool = True,
        **more: Any,
    ) -> Any:  # fmt: skip
        context = browser.new_context(
            base_url=live_server.url, locale=language, viewport={"width": width, "height": height},
            java_script_enabled=scripts, **more,
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", heard)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if person is None:
            return page
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
def alice(transactional_db: None) -> Person:
    """Owns the service."""
    return with_password("Alice Chen", "alice", "service_owner")


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


@pytest.fixture
def dave(transactional_db: None) -> Person:
    """Audits, inside the house."""
    return with_password("Dave Holt", "dave", "internal_auditor")


@pytest.fixture
def yuan(transactional_db: None) -> Person:
    """Manages a process."""
    return with_password("Yuan Gao", "yuan", "process_manager")


@pytest.fixture
def admin(transactional_db: None) -> Person:
    """Runs the tool."""
    return with_password("Ada Field", "ada", "administrator")
