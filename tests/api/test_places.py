"""An address of the API is found by its first word, and a kind's operations are made when somebody calls them."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from gnomon.api.doors import whole
from gnomon.api.places import place_of


@pytest.fixture(scope="module")
def every_address() -> list[Any]:
    return list(whole().urls[0])


@pytest.mark.parametrize("path", [
    "incidents", "incidents/INC-000001", "incidents/INC-000001/moves/start", "incidents/INC-000001/moves/of_our_own",
    "incidents/bulk", "incidents/batch", "incidents/views", "incidents/INC-000001/comments", "openapi.json", "search",
    "priority-matrices", "incidents/INC-000001/people/PER-000001/watcher", "measures", "conformity",
])  # fmt: skip
def test_it_finds_what_the_table_of_all_addresses_holds(every_address, path):
    straight = place_of(f"/api/v1/{path}")
    pattern, match = next((p, m) for p in every_address if (m := p.pattern.match(path)) is not None)
    assert straight is not None
    assert straight.named == match[2]
    assert _methods(straight.view) == _methods(pattern.callback)


@pytest.mark.parametrize("path", ["/api/v1/nonsense", "/api/v1", "/api/v1/", "/api/", "/resolution/incidents/"])
def test_what_is_no_address_of_ours_is_not_found(client, path):
    assert place_of(path) is None
    if path.startswith("/api/"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")


def test_a_process_makes_the_shapes_of_those_kinds_alone_that_are_called():
    code = (
        "import django, gc; django.setup()\n"
        "from gnomon.api.places import place_of\n"
        "place_of('/api/v1/teams'); place_of('/api/v1/nonsense')\n"
        "from pydantic import BaseModel\n"
        "names = [c.__name__ for c in gc.get_objects() if isinstance(c, type) and issubclass(c, BaseModel)]\n"
        "assert any(n.startswith('TeamPage') for n in names), names\n"
        "assert not [n for n in names if n.startswith('PersonPage')], names\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], check=False, timeout=120, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


def _methods(view: Any) -> list[list[str]]:
    owner = getattr(view, "__self__", None)
    return [op.methods for op in owner.operations] if hasattr(owner, "operations") else []
