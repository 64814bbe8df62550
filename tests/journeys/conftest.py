"""One installation, served once for all journeys that need no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from tests.journeys.installation import Installation
from tests.journeys.visitor import Visitor

PASSWORD = "a long secret phrase"


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation with Alice, Bob and Carol, at an address of its own."""
    house = Installation(tmp_path_factory.mktemp("served"))
    house.cast = house.run("preparing.py")
    try:
        house.serve()
        yield house
    finally:
        house.stop()


@pytest.fixture
def visit(served: Installation) -> Callable[..., Visitor]:
    """`visit("bob")`: Bob at a browser, signed in."""

    def arrived(username: str, language: str = "en") -> Visitor:
        visitor = Visitor(f"http://127.0.0.1:{served.port}/", language)
        assert visitor.sign_in(username, PASSWORD).status == 200
        return visitor

    return arrived
