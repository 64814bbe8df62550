"""Administration at a browser: a workflow drafted by one and put in force by another, a configuration carried in."""

from __future__ import annotations

import pytest
from tests.browser.conftest import PASSWORD
from tests.makers import a_person
from tests.organization.makers import a_field

from gnomon.organization.models import CustomField, WorkflowVersion
from gnomon.records.actors import SYSTEM
from gnomon.records.configuring.writing import configuration_text

NO_SIDEWAYS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@pytest.mark.clause("8.1")
def test_yuan_drafts_a_way_of_moving_sees_it_drawn_at_once_and_olga_puts_it_in_force(enter, db):
    yuan = a_person("Yuan Fang", username="yuan2", password=PASSWORD, roles=["process_manager"])
    olga = a_person("Olga Winter", username="olga2", password=PASSWORD, roles=["administrator"])
    page = enter(yuan)
    page.goto("/organization/workflows/incident")
    page.locator("svg.flow-wide").wait_for()
    page.click("text=New version")
    page.fill("[name=title]", "Incidents wait at the vendor")
    page.click("form.form-sheet .form-foot button.btn-primary")
    page.wait_for_url("**/edit")
    count = page.locator("input[name$=-title][name^=s-]").count()
    page.fill(f"[name=s-{count - 1}-title]", "At the vendor")
    page.select_option(f"[name=s-{count - 1}-phase]", "waiting")
    # Nobody pressed anything: the server has looked at it meanwhile.
    page.locator("#verdict").get_by_text("cannot be reached").wait_for()
    page.click("button[name=check]:not(.visually-hidden)")
    page.locator(".flow-added").first.wait_for()
    page.click("button[name=save]")
    page.wait_for_url("**/workflow-versions/WFV-*")
    page.get_by_text("cannot be put in force yet").wait_for()
    other = enter(olga, width=390)
    other.goto("/organization/workflow-versions/WFV-000001")
    other.locator("svg.flow-narrow").wait_for()
    assert other.evaluate(NO_SIDEWAYS)
    assert WorkflowVersion.objects.get().status == "drafted"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_configuration_is_looked_at_and_carried_in(enter, db, tmp_path, scripts):
    olga = a_person("Olga Winter", username="olga2", password=PASSWORD, roles=["administrator"])
    a_field("room", title="Room")
    file = tmp_path / "ours.yaml"
    file.write_text(configuration_text(SYSTEM).replace("title: Room", "title: Office"), encoding="utf-8")
    page = enter(olga, scripts=scripts)
    page.goto("/administration/")
    page.click("text=Configuration as a file")
    page.set_input_files("#file", str(file))
    page.click("form.form-sheet .form-foot button")
    page.get_by_text("1 to change").wait_for()
    page.click("button[name=apply]")
    page.wait_for_url("**/administration/history")
    page.get_by_text("Office").first.wait_for()
    assert CustomField.objects.get().title == "Office"
