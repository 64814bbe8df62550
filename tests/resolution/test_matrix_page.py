"""The priority matrix as a table in colours and words, and what open incidents would get of it."""

from __future__ import annotations

import pytest
from tests.resolution.makers import an_incident

from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named
from gnomon.resolution.models import PriorityMatrix

pytestmark = pytest.mark.django_db
GRAVE = {"1": {"1": 1, "2": 1, "3": 2}, "2": {"1": 1, "2": 2, "3": 3}, "3": {"1": 2, "2": 3, "3": 4}}


def a_matrix(title: str = "Ours", **facts):
    return actions.record(kind_named("priority_matrix"), by=SYSTEM, title=title, **facts)


def test_the_page_counts_open_incidents_that_have_it_otherwise(bob_browser):
    actions.move(a_matrix("Usual"), "adopt", by=SYSTEM)
    # Usual: high × medium is 2, medium × medium is 3. Grave: 1 and 2.
    for impact, urgency, count in ((1, 2, 3), (2, 2, 2), (3, 3, 4)):
        for _n in range(count):
            an_incident(impact=impact, urgency=urgency)
    done = an_incident(impact=1, urgency=2)
    actions.move(done, "resolve", by=SYSTEM, resolution="Done", closure_code="solved")
    page = bob_browser.get(a_matrix("Grave", table=GRAVE).get_absolute_url())
    (panel,) = [one["context"] for one in page.context["panels"]["main"] if one["id"] == "part-matrix"]
    told = [(one.before.level, one.after.level, one.count) for one in panel["differences"]]
    assert told == [(2, 1, 3), (3, 2, 2)]
    assert bob_browser.get(panel["differences"][0].url).context["total"] == 3


def test_each_cell_is_chosen_by_its_word(olga_browser):
    page = olga_browser.get("/resolution/priority-matrices/new").content.decode()
    assert '<option value="1">1 Critical</option>' in page
    given = {f"table-{i}-{u}": str(GRAVE[i][u]) for i in GRAVE for u in GRAVE[i]}
    assert olga_browser.post("/resolution/priority-matrices/new", {"title": "Grave", **given}).status_code == 302
    assert PriorityMatrix.objects.get().table == GRAVE
    wrong = olga_browser.post("/resolution/priority-matrices/new", {"title": "Odd", **given, "table-1-1": "9"})
    assert wrong.status_code == 422


def test_the_one_that_is_put_in_use_sets_the_other_aside():
    first, second = a_matrix("First"), a_matrix("Second")
    actions.move(first, "adopt", by=SYSTEM)
    actions.move(second, "adopt", by=SYSTEM)
    first.refresh_from_db()
    assert (first.status, second.status) == ("retired", "in_use")
