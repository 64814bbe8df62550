"""8.2.1 b: live services have an owner who is with us."""

from __future__ import annotations

from typing import Any

import pytest
from tests.resolution.stage import asked, at, verdict

from gnomon.organization.kinds import PERSON
from gnomon.portfolio import evidence
from gnomon.portfolio.kinds import service as SERVICE
from gnomon.records import actions
from gnomon.records.actors import SYSTEM

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.2.1")]

OWNED = evidence.live_services_have_an_active_owner


def a_service(**facts: Any) -> tuple[Any, Any]:
    """Live since the twentieth of January, with its owner."""
    owner = actions.record(PERSON, by=SYSTEM, at=at("01-01 00:00"), title="Alice Chen")
    made = actions.record(SERVICE, by=SYSTEM, at=at("01-02 00:00"), title="Mail", owner=owner, **facts)
    return actions.move(made, "go_live", by=SYSTEM, at=at("01-20 00:00")), owner


def test_live_services_need_an_owner_who_is_with_us() -> None:
    # without any live service the requirement is not met
    assert verdict(OWNED, "02-01 00:00") == "nonconforming"
    mail, owner = a_service()
    assert asked(OWNED, "01-15 00:00").seen == 0
    assert verdict(OWNED, "02-01 00:00") == "conforming"
    actions.move(owner, "leave", by=SYSTEM, at=at("03-01 00:00"), because="Retires.")
    assert asked(OWNED, "03-02 00:00").failed == [mail.number]
    assert verdict(OWNED, "03-02 00:00") == "nonconforming"
    assert verdict(OWNED, "02-28 00:00") == "conforming"


def test_what_is_out_of_scope_is_not_asked_about() -> None:
    a_service(in_scope=False)
    assert asked(OWNED, "02-01 00:00").seen == 0
