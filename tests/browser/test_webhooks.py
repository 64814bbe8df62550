"""Webhooks at a browser: made, given a secret, tried, seen to fail, and sent again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.governance.notices.working import work
from tests.integrations.receiver import Receiver, receiving
from tests.resolution.makers import an_incident

from gnomon.integrations.models import WebhookDelivery, WebhookSubscription

NO_SIDEWAYS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@pytest.fixture
def receiver(settings, transactional_db) -> Iterator[Receiver]:
    settings.WEBHOOKS_ALLOW = ["127.0.0.0/8"]
    with receiving() as one:
        yield one


def test_yuan_makes_one_sees_it_fail_and_sends_again(enter, yuan, receiver):
    page = enter(yuan)
    page.goto("/integrations/webhook-subscriptions/new")
    page.fill("[name=title]", "Chat")
    page.fill("[name=url]", receiver.url)
    page.fill("[name=events]", "incident:*")
    page.select_option("[name=owner]", label="Yuan Gao")
    page.click("form.form-sheet .form-foot button.btn-primary")
    page.get_by_text("Make a secret, give it to the receiver").wait_for()
    page.click("text=Make secret")
    page.locator("input[readonly][value^=whsec_]").wait_for()
    hook = WebhookSubscription.objects.get()
    page.goto(hook.get_absolute_url())
    assert "whsec_" not in page.content(), "shown once"
    page.click(".moves >> text=Activate")
    page.locator("dialog[open] button.btn-primary").click()
    page.locator(".state-now").get_by_text("Active").wait_for()
    page.click("text=Send a test")
    page.get_by_text("A test is on its way").wait_for()
    work()
    page.reload()
    page.locator("table.deliveries").get_by_text("delivered").wait_for()
    assert len(receiver.came) == 1
    receiver.status = 500
    incident = an_incident("No mail")
    work()
    WebhookDelivery.objects.filter(about=incident.number).update(state="dead")
    page.reload()
    page.locator("table.deliveries").get_by_text("given up").wait_for()
    receiver.status = 200
    page.click("text=Send all that were given up again")
    page.get_by_text("1 delivery is on its way again.").wait_for()
    work()
    assert WebhookDelivery.objects.get(about=incident.number).state == "delivered"


def test_it_is_read_on_a_phone_in_chinese_without_scripts(enter, yuan, receiver):
    page = enter(yuan, "zh-CN", width=390, scripts=False, color_scheme="dark")
    page.goto("/integrations/webhook-subscriptions/")
    page.goto("/integrations/webhook-subscriptions/new")
    page.fill("[name=title]", "聊天室")
    page.fill("[name=url]", receiver.url)
    page.select_option("[name=owner]", label="Yuan Gao")
    page.click("form.form-sheet .form-foot button.btn-primary")
    page.click("text=生成密钥")
    page.locator("input[readonly][value^=whsec_]").wait_for()
    assert WebhookSubscription.objects.get().secrets.count() == 1
