"""Dave draws a sample on a telephone, judges both records, and sees what came of it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.browser.conftest import with_password
from tests.certification.conftest import Evidence, evidence, incidents  # noqa: F401 - the fixture
from tests.resolution.makers import an_incident

from gnomon.certification.actions import run_checks
from gnomon.certification.models import Sample
from gnomon.organization.models import Person
from gnomon.records.actors import SYSTEM
from gnomon.standard.plugs import Finding

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture
def dave(transactional_db: None) -> Person:
    """Audits, inside the house."""
    return with_password("Dave Holt", "dave", "internal_auditor")


def test_from_the_draw_to_the_result(enter: Any, dave: Person, evidence: Evidence) -> None:  # noqa: F811
    for n in range(1, 7):
        an_incident(f"Case {n}")
    evidence.says("8.6.1-b", Finding(incidents(1, 6)))
    run_checks(by=SYSTEM)
    page = enter(dave, width=390, height=844)
    page.goto("/certification/requirements/8.6.1-b")
    page.click("section:has(#samples) >> text=Draw a sample")
    assert "6 records" in page.inner_text("main")
    page.fill("#id_size", "2")
    page.fill("#id_seed", "spring")
    page.click("text=Draw the sample")
    page.wait_for_url("**/certification/samples/SMP-000001")
    page.click("text=Look at the records")
    holds_together(page)
    for outcome, words in (("conforming", ""), ("nonconforming", "No urgency for an hour")):
        page.check(f"li:first-child input[value={outcome}]")
        page.fill("li:first-child input[name=because]", words)
        page.click("li:first-child >> text=Keep")
        page.wait_for_load_state()
    page.wait_for_url("**/certification/samples/SMP-000001")
    assert "2 of 2 looked at" in page.inner_text("main")
    holds_together(page)
    page.click("li:has-text('Does not conform') >> a.figure")
    assert re.search(r"Does not conform: 1", page.inner_text("h1"))
    page.click("ol.drawn h2 a")
    page.wait_for_url(re.compile(r"/resolution/incidents/INC-00000\d$"))
    sample = Sample.objects.get()
    assert (sample.examined_count, sample.deviating_count, sample.seed) == (2, 1, "spring")


def holds_together(page: Any) -> None:
    """Nothing reaches beyond the telephone, and everybody can use it."""
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    found = Axe().run(page, options=RULES).response["violations"]
    assert [each["id"] for each in found] == []
