"""The sign NUL reaches no database."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("path", ["/resolution/incidents/INC-000001%00", "/%00"])
def test_an_address_with_nul_is_not_found(bob_browser, path):
    assert bob_browser.get(path).status_code == 404


@pytest.mark.parametrize("query", ["category=%00", "q=a%00b", "cursor=%00", "%00=1"])
def test_a_query_with_nul_is_refused(bob_browser, query):
    assert bob_browser.get(f"/resolution/incidents/?{query}").status_code == 400
