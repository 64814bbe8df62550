"""Which agreement a record obeys: one answer, whatever agreements there are."""

from __future__ import annotations

from datetime import date

import pytest

from gnomon.agreements.kinds import customer as CUSTOMER
from gnomon.agreements.pins import pins_for
from gnomon.records import actions
from gnomon.records.actors import SYSTEM

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.3.3")]
DAY = date(2026, 3, 9)


def test_without_an_agreement_nothing_is_pinned(mail, harbour):
    assert pins_for(mail, harbour, on=DAY) == {"sla": None, "sla_version": None, "calendar_version": None}


def test_the_agreement_of_service_and_customer_wins_over_the_default(mail, harbour, an_agreement, office):
    default = an_agreement(agreed=False, is_default=True, customer=None, service=None)
    assert pins_for(mail, harbour, on=DAY)["sla"] == default
    own = an_agreement()
    assert pins_for(mail, harbour, on=DAY) == {
        "sla": own, "sla_version": own.version, "calendar_version": office.version,
    }  # fmt: skip
    assert pins_for(None, harbour, on=DAY)["sla"] == default


def test_an_agreement_counts_only_while_it_is_in_effect(mail, harbour, an_agreement):
    spring = an_agreement(effective_from=date(2026, 3, 1), effective_to=date(2026, 5, 31))
    assert pins_for(mail, harbour, on=date(2026, 2, 28))["sla"] is None
    assert pins_for(mail, harbour, on=date(2026, 3, 1))["sla"] == spring
    assert pins_for(mail, harbour, on=date(2026, 5, 31))["sla"] == spring
    assert pins_for(mail, harbour, on=date(2026, 6, 1))["sla"] is None


def test_of_two_the_one_that_took_effect_last_wins_whatever_their_numbers(mail, harbour, an_agreement):
    newer = an_agreement(effective_from=date(2026, 3, 1))
    an_agreement(effective_from=date(2026, 1, 1))
    assert pins_for(mail, harbour, on=DAY)["sla"] == newer


def test_another_customers_agreement_does_not_count(mail, an_agreement):
    an_agreement()
    stranger = actions.record(CUSTOMER, by=SYSTEM, title="Lighthouse")
    assert pins_for(mail, stranger, on=DAY)["sla"] is None


def test_without_a_customer_the_only_agreement_of_a_service_counts(mail, an_agreement):
    only = an_agreement()
    assert pins_for(mail, None, on=DAY)["sla"] == only
    an_agreement(customer=actions.record(CUSTOMER, by=SYSTEM, title="Lighthouse"))
    assert pins_for(mail, None, on=DAY)["sla"] is None


def test_an_agreement_under_revision_stays_in_force_as_it_was_last_agreed(mail, harbour, an_agreement):
    agreement = an_agreement()
    agreed_version = agreement.version
    actions.move(agreement, "revise", by=SYSTEM, because="New hours")
    actions.change(agreement, by=SYSTEM, targets=[{"priority": 3, "resolve_minutes": 60}])
    assert pins_for(mail, harbour, on=DAY)["sla_version"] == agreed_version
    actions.move(agreement, "retire", by=SYSTEM, because="Over")
    assert pins_for(mail, harbour, on=DAY)["sla"] is None


def test_a_draft_that_was_never_agreed_does_not_count(mail, harbour, an_agreement):
    an_agreement(agreed=False)
    assert pins_for(mail, harbour, on=DAY)["sla"] is None
