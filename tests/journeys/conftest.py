"""One installation, served once for all journeys that need no other."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.journeys.installation import Installation
from tests.journeys.visitor import Visitor

PASSWORD = "a long secret phrase"


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, migrated_home: Path) -> Iterator[Installation]:
    """An installation with Alice, Bob and Carol, at an address of its own."""
    home = tmp_path_factory.mktemp("served")
    shutil.copytree(migrated_home, home, dirs_exist_ok=True)
    house = Installation(home)
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
