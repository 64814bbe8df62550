"""What the front door does on a schedule."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from gnomon.jobs.declared import job_named
from gnomon.web.clockwork import forget_ended_sessions


@pytest.mark.django_db
def test_ended_sessions_are_forgotten_and_others_stay(bob_browser, carol_browser):
    ended = Session.objects.get(pk=carol_browser.session.session_key)
    ended.expire_date = timezone.now() - timedelta(seconds=1)
    ended.save()
    forget_ended_sessions()
    assert list(Session.objects.values_list("pk", flat=True)) == [bob_browser.session.session_key]
    assert bob_browser.get("/").status_code == 200


def test_it_is_on_the_schedule():
    assert job_named("web:forget_sessions").every == timedelta(days=1)
