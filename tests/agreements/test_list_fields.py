"""Thresholds and workload limits are written as people write them, and nothing is lost on the way."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from gnomon.agreements.list_fields import LimitsInput, PercentagesInput
from gnomon.agreements.models import ServiceLevelAgreement

LIMITS = [{"incidents_per_month": 400}, {"hours": 7.5}, "no more than ten at once"]


def test_limits_come_back_as_they_were():
    field = LimitsInput(required=False)
    text = field.prepare_value(LIMITS)
    assert text == "incidents per month: 400\nhours: 7.5\nno more than ten at once"
    assert field.clean(text) == LIMITS
    assert not field.has_changed(LIMITS, text.replace("\n", "\r\n"))
    assert field.has_changed(LIMITS, text.replace("400", "500"))
    assert field.clean("") == []


def test_percentages_come_back_as_they_were():
    field = PercentagesInput(required=False)
    assert field.prepare_value([50, 75]) == "50, 75"
    assert field.clean("50,75 %，90 100") == [50, 75, 90, 100]
    assert not field.has_changed([50, 75], "50, 75")
    assert field.clean("") == []
    for odd in ("half", "50.5", "-1", "123456", "٥"):
        with pytest.raises(ValidationError):
            field.clean(odd)


@pytest.mark.django_db
def test_an_agreement_is_written_without_brackets(alice_browser):
    answer = alice_browser.post(
        "/agreements/service-level-agreements/new",
        {
            "title": "Mail",
            "thresholds": "50, 100",
            "workload_limits": "incidents per month: 400",
            "targets-1-resolve_minutes": "",
        },
    )
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    made = ServiceLevelAgreement.objects.get()
    assert (made.thresholds, made.workload_limits) == ([50, 100], [{"incidents_per_month": 400}])
    assert "incidents per month: 400" in alice_browser.get(made.get_absolute_url()).content.decode()
