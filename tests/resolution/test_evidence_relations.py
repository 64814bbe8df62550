"""8.2.1 a, 8.3.2 g and 8.6.1 j: what incidents prove of working together, of satisfaction, and of being told."""

from __future__ import annotations

import pytest
from tests.makers import a_person
from tests.resolution.stage import an_incident, asked, at, close, forced, resolve, verdict

from gnomon.governance.models import Message, Receipt
from gnomon.resolution import evidence
from gnomon.resolution.models import SatisfactionRating

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.6.1")]

HANDED, SATISFIED = evidence.incidents_are_seldom_handed_on, evidence.satisfaction_is_measured
WRITTEN = evidence.top_management_is_written_to


@pytest.mark.clause("8.2.1")
def test_handing_on_more_than_three_times_is_too_often() -> None:
    assert verdict(HANDED, "06-02 00:00") == "undetermined"
    for count in (0, 3, 4):
        forced(close(resolve(an_incident("06-01 09:00"), "06-01 10:00"), "06-01 11:00"), reassignment_count=count)
    found = asked(HANDED, "06-02 00:00")
    assert (found.seen, found.failed) == (3, ["INC-000003"])
    # two of three hold: less than the ninety in a hundred
    assert verdict(HANDED, "06-02 00:00") == "nonconforming"
    assert asked(HANDED, "06-01 10:30").seen == 0


@pytest.mark.clause("8.3.2")
def test_satisfaction_is_measured_by_answered_ratings() -> None:
    assert verdict(SATISFIED, "06-02 00:00") == "nonconforming"
    person = a_person()
    for score, answered in ((None, None), (4, at("06-01 12:00"))):
        SatisfactionRating.objects.create(
            number=f"RAT-00000{score or 1}", title="Rated", status="answered" if score else "asked", score=score,
            incident=an_incident("06-01 09:00"), requester=person, recorded_at=at("06-01 11:00"), answered_at=answered,
        )  # fmt: skip
    assert asked(SATISFIED, "06-02 00:00").population == ["RAT-000004"]
    assert verdict(SATISFIED, "06-02 00:00") == "conforming"
    assert asked(SATISFIED, "06-01 11:59").seen == 0


def test_top_management_must_have_been_written_to() -> None:
    assert verdict(WRITTEN, "06-02 00:00") == "not_applicable"
    told, untold = (
        forced(an_incident("06-01 09:00"), is_major=True, major_declared_at=at("06-01 09:10")) for _ in range(2)
    )
    boss, other = a_person("Theo Lake", roles=["top_management"]), a_person("Bo Reed", roles=["agent"])
    for incident, person in ((told, boss), (untold, other)):
        message = Message.objects.create(
            cause=incident.number, what="major", kind="incident", number=incident.number, titles={"en": "Major"},
            told_at=at("06-01 09:20"),
        )  # fmt: skip
        Receipt.objects.create(message=message, person=person.number)
    assert asked(WRITTEN, "06-02 00:00").failed == [untold.number]
    assert sorted(asked(WRITTEN, "06-01 09:15").failed) == sorted([told.number, untold.number])
