"""The description of the API can be had, and is true."""

from __future__ import annotations

from django.test import Client

from gnomon.records.kinds import kinds


def test_the_description_names_every_kind_under_the_address_where_it_is_served(olga_browser: Client) -> None:
    answer = olga_browser.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    paths = answer.json()["paths"]
    assert {f"/api/v1/{kind.path}" for kind in kinds()} <= set(paths)
