"""Alice writes an escalation policy in words; Bob is called and answers (8.6.1 c)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gnomon.agreements.escalation import running
from gnomon.agreements.escalation.following import follow
from gnomon.agreements.models import Escalation, EscalationPolicy
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named


@pytest.mark.clause("8.6.1")
def test_a_policy_is_written_put_in_force_and_calls_bob_who_answers(enter, alice, bob):
    actions.record(
        kind_named("service_level_agreement"), by=SYSTEM, title="Default", is_default=True,
        targets=[{"priority": 3, "resolve_minutes": 600}],
    )  # fmt: skip
    page = enter(alice)
    page.goto("/agreements/escalation-policies/new")
    page.get_by_label("Title").fill("Nights")
    page.locator("[name=steps-0-at]").fill("50")
    page.locator("[name=steps-0-do]").select_option("call")
    page.locator("[name=steps-0-whom]").fill("Bob Reed, Process manager")
    page.locator("form.form-sheet button.btn-primary").first.click()
    page.wait_for_url("**/ESC-000001")
    assert "call Bob Reed, Process manager" in page.content()
    page.get_by_role("link", name="Put in force").click()
    page.locator("dialog button.btn-primary, form.form-sheet button.btn-primary").first.click()
    page.get_by_text("In force").first.wait_for()
    assert EscalationPolicy.objects.get().status == "in_force"

    incident = actions.record(kind_named("incident"), by=SYSTEM, title="No mail", impact=2, urgency=2)
    follow(incident)
    running.run(Escalation.objects.get().pk, now=incident.opened_at + timedelta(hours=5))
    desk = enter(bob)
    desk.goto(incident.get_absolute_url())
    desk.get_by_role("button", name="Answer the call").click()
    desk.get_by_text("Answered by Bob Reed.").wait_for()
