"""Many in one call: each is answered by itself, and one that is refused takes nothing from the others."""

from __future__ import annotations

import pytest

from gnomon.resolution.models import Incident

pytestmark = pytest.mark.django_db


def test_every_third_that_is_wrong_is_refused_and_the_rest_recorded(bobs):
    wishes = [{"title": "" if n % 3 == 2 else f"Case {n}"} for n in range(9)]
    answer = bobs.post("incidents/batch", {"records": wishes})
    assert answer.status_code == 207
    results = answer.json()["results"]
    assert [result["status"] for result in results] == [201, 201, 422] * 3
    assert results[0]["record"]["title"] == "Case 0"
    assert results[2]["problem"]["errors"] == {"title": "“title” must be filled."}
    assert Incident.objects.count() == 6


@pytest.mark.parametrize(
    "body", [{}, {"records": []}, {"records": [{}] * 101}, {"records": {}}, {"records": [1]}, {"records": [{"x": 1}]}]
)
def test_a_batch_that_is_none_is_refused_whole(bobs, body):
    assert bobs.post("incidents/batch", body).status_code == 422
    assert not Incident.objects.exists()


def test_who_may_not_may_not_in_a_batch_either(carols):
    refused = carols.post("services/batch", {"records": [{"title": "x"}]}).json()["results"]
    assert refused[0]["status"] == 403
