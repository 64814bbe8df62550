"""Requesters at their phones: reported, answered, solved, confirmed and rated, signed in or by a link."""

from __future__ import annotations

import pytest
from tests.browser.test_accessibility import faults
from tests.governance.notices.working import work
from tests.makers import a_person
from tests.resolution.makers import a_service, an_incident

from gnomon.governance.links import make_link
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.resolution.models import Incident, SatisfactionRating

NO_SIDEWAYS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@pytest.mark.clause("8.6.1")
def test_from_the_first_word_to_the_rating_on_a_phone(enter, bob, carol):
    mail = actions.move(a_service("Mail", owner=bob), "go_live", by=SYSTEM)
    an_incident("Gone", service=mail, impact=1, urgency=1)
    an_incident("The printer on floor 3 jams", requester=carol, by=carol)
    phone = enter(carol, width=360, height=740)
    assert phone.locator(".health-one").inner_text().startswith("Mail")
    assert "Down" in phone.locator(".health-one").inner_text()

    phone.click("text=Report a fault >> visible=true")
    phone.wait_for_url("**/portal/report")
    phone.locator("[name=title]").press_sequentially("Printer jams", delay=20)
    phone.locator("#suggestions .report-line").wait_for()  # what she reported before
    wrong = faults(phone)
    phone.fill("[name=title]", "Printer jams on floor 4 too")
    phone.click("form.form-sheet .form-foot button.btn-primary")
    phone.wait_for_url("**/portal/reports/INC-*")
    incident = Incident.objects.get(title__startswith="Printer jams on floor 4")

    actions.move(incident, "wait", by=bob, waiting_reason="user")
    work()
    phone.locator("text=Your answer is needed").wait_for(timeout=8000)  # without reloading
    wrong += faults(phone)
    phone.fill("#reply textarea", "It is the blue one")
    phone.click("#reply button")
    phone.locator(".said >> text=It is the blue one").wait_for()
    actions.move(
        Incident.objects.get(pk=incident.pk), "resolve", by=bob, resolution="New roller", closure_code="solved"
    )
    work()
    phone.locator("text=Yes, it works again").click(timeout=8000)
    phone.locator("label.score >> nth=0").click()
    phone.click(".rate button")
    phone.locator("text=You rated it: Very good").wait_for()
    assert phone.evaluate(NO_SIDEWAYS)

    phone.goto("/")
    assert phone.locator(".bell-count").inner_text() == "2"
    phone.click(".bell")
    phone.locator(".told-one a").first.click()  # opening reads it
    phone.goto("/governance/messages")
    assert phone.locator(".told-new").count() == 1
    assert wrong + faults(phone) == []


def test_a_link_needs_neither_account_nor_script(enter, bob, transactional_db):
    nina = a_person("Nina Park", language="zh-hans")
    incident = an_incident("打印机坏了", requester=nina, by=bob)
    actions.move(incident, "resolve", by=bob, resolution="已更换滚轮", closure_code="solved")
    page = enter(None, width=360, height=740, scripts=False)
    page.goto(make_link("confirm", person=nina.number, about=incident))
    assert "此页面供 Nina Park 使用" in page.locator(".for-whom").inner_text()
    assert page.locator(".bubble").inner_text() == "已更换滚轮"
    page.click("button[name=confirm]")
    assert "谢谢" in page.locator("[role=status]").last.inner_text()
    page.goto(make_link("rate", person=nina.number, about=incident))
    page.locator("label.score >> nth=1").click()
    page.fill("[name=comment]", "很快")
    page.click("form .btn-primary")
    assert "谢谢" in page.locator("[role=status]").last.inner_text()
    rating = SatisfactionRating.objects.get()
    assert (rating.score, rating.comment) == (4, "很快")


@pytest.mark.parametrize("look", ["light", "dark"])
def test_pages_behind_links_keep_to_wcag(enter, bob, look, transactional_db):
    nina = a_person("Nina Park")
    incident = an_incident("No mail", requester=nina, by=bob)
    actions.move(incident, "resolve", by=bob, resolution="Quota raised", closure_code="solved")
    page = enter(None, width=360, color_scheme=look)
    wrong = []
    for address in ("confirm", "view"):
        page.goto(make_link(address, person=nina.number, about=incident))
        wrong += faults(page)
    actions.move(incident, "close", by=bob)
    page.goto(make_link("rate", person=nina.number, about=incident))
    assert wrong + faults(page) == []
