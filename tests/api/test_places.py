"""The way straight to the API leads to the same views as the table of addresses."""

from __future__ import annotations

import pytest
from django.urls import resolve

from gnomon.api.places import place_of


@pytest.mark.parametrize("path", [
    "incidents", "incidents/INC-000001", "incidents/INC-000001/moves/start", "incidents/INC-000001/moves/of_our_own",
    "incidents/bulk", "incidents/batch", "incidents/views", "incidents/INC-000001/comments", "openapi.json", "search",
    "priority-matrices", "incidents/INC-000001/people/PER-000001/watcher",
])  # fmt: skip
def test_it_finds_what_the_table_of_addresses_finds(path: str) -> None:
    straight, around = place_of(f"/api/v1/{path}"), resolve(f"/api/v1/{path}")
    assert straight is not None
    assert (straight.view, straight.named) == (around.func, around.kwargs)


@pytest.mark.parametrize("path", ["/api/v1/nonsense", "/api/v1", "/api/", "/resolution/incidents/"])
def test_what_is_no_address_of_ours_is_left_to_the_table(path: str) -> None:
    assert place_of(path) is None
