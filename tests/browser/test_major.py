"""A major incident in real browsers: declared, run together, told to customers; and two reports that become one."""

from __future__ import annotations

from typing import Any

import pytest
from tests.resolution.makers import an_incident
from tests.resolution.test_majors import criteria

from gnomon.organization.models import Person
from gnomon.resolution.models import CustomerNotice, Incident

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("8.6.1")]


def test_it_is_declared_run_and_told_to_customers(enter: Any, bob: Person, lin: Person, carol: Person) -> None:
    criteria(checklist="15: Call the duty manager")
    incident = an_incident("No mail", impact=1, urgency=1)
    desk = enter(bob)
    desk.goto(incident.get_absolute_url())
    desk.click("text=Declare it")
    desk.fill("[name=title]", "Nobody gets mail")
    desk.select_option("[name=manager]", str(bob.pk))
    desk.fill("[name=reason]", "The criteria are met")
    desk.click("form.form-sheet .form-foot button.btn-primary")
    desk.goto(f"{incident.get_absolute_url()}/major")
    desk.get_by_role("link", name="Call the duty manager").wait_for()
    other = enter(lin)
    other.goto(f"{incident.get_absolute_url()}/major")
    desk.click("#new-notice summary")
    desk.fill("[name=text_en]", "We work on it.")
    desk.locator("#new-notice [name=title]").fill("Mail is down")
    desk.click("button[name=publish]")
    other.get_by_text("We work on it.").first.wait_for(timeout=8_000)  # live: nobody reloads
    requester = enter(carol)
    requester.get_by_text("We work on it.").first.wait_for()
    assert CustomerNotice.objects.get().status == "published"


def test_two_reports_become_one_without_scripts(enter: Any, bob: Person) -> None:
    source, target = an_incident("Mail is slow"), an_incident("Mail is down")
    page = enter(bob, scripts=False)
    page.goto(f"{source.get_absolute_url()}/merge")
    page.fill("[name=merged_into]", target.number)
    page.fill("[name=because]", "The same server")
    page.click("form.form-sheet .form-foot button.btn-primary")
    page.goto(source.get_absolute_url())
    page.get_by_text("was merged into this one").wait_for()
    assert page.url.endswith(target.get_absolute_url())
    assert Incident.objects.get(pk=source.pk).status == "merged"
