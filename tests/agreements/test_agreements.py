"""Customers and agreements: what both sides stand by, and how it changes."""

from __future__ import annotations

import pytest

from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.refusals import InvalidFacts

pytestmark = pytest.mark.django_db


@pytest.mark.clause("8.3.3")
def test_an_agreement_needs_both_sides_and_targets_before_it_is_agreed(an_agreement):
    draft = an_agreement(agreed=False, customer_agreed_at=None, targets=[])
    with pytest.raises(InvalidFacts) as refusal:
        actions.move(draft, "agree", by=SYSTEM)
    assert set(refusal.value.fields) == {"customer_agreed_at", "targets"}


@pytest.mark.clause("8.3.3")
def test_agreed_terms_cannot_be_altered_without_revising(an_agreement):
    agreement = an_agreement()
    with pytest.raises(InvalidFacts, match="Revise it first"):
        actions.change(agreement, by=SYSTEM, targets=[{"priority": 3, "resolve_minutes": 60}])
    agreement.refresh_from_db()
    renamed = actions.change(agreement, by=SYSTEM, title="Mail, harbour", targets=agreement.targets)
    assert renamed.title == "Mail, harbour"


def test_a_revised_agreement_is_agreed_by_nobody_until_both_say_so_again(an_agreement):
    revised = actions.move(an_agreement(), "revise", by=SYSTEM, because="Longer nights")
    assert (revised.customer_agreed_at, revised.provider_agreed_at) == (None, None)
    with pytest.raises(InvalidFacts, match="agreed by"):
        actions.move(revised, "agree", by=SYSTEM)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"targets": "soon"}, "targets"),
        ({"targets": [{"priority": 7}]}, "targets"),
        ({"targets": [{"priority": 1}, {"priority": 1}]}, "targets"),
        ({"targets": [{"priority": 1, "resolve_minutes": 0}]}, "targets"),
        ({"thresholds": ["half"]}, "thresholds"),
        ({"thresholds": [0]}, "thresholds"),
        ({"effective_from": "2026-05-01", "effective_to": "2026-04-01"}, "effective_to"),
    ],
)
def test_an_agreement_that_no_clock_could_obey_is_refused(an_agreement, facts, field):
    with pytest.raises(InvalidFacts) as refusal:
        an_agreement(agreed=False, **facts)
    assert field in refusal.value.fields


def test_there_is_one_default(an_agreement):
    first = an_agreement(is_default=True)
    with pytest.raises(InvalidFacts, match=f"{first.number} is the default already"):
        an_agreement(is_default=True, agreed=False)
    actions.move(first, "retire", by=SYSTEM, because="A better one comes")
    assert an_agreement(is_default=True).is_default
