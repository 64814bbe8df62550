"""Administrators see whether messages leave the house."""

from __future__ import annotations

import pytest
from django.core import mail
from tests.governance.notices.working import work

from gnomon.governance.models import Sending
from gnomon.governance.notices import sending
from gnomon.records import actions
from gnomon.records.actors import SYSTEM

pytestmark = pytest.mark.django_db
PAGE = "/governance/channels"


def test_without_settings_mail_is_off_and_says_what_to_do(olga_browser, nobody_browser):
    assert "GNOMON_MAIL_URL" in olga_browser.get(PAGE).content.decode()
    health = nobody_browser.get("/healthz").json()
    assert health["mail"] == "off"
    assert "mail" not in health["broken"]


def test_a_message_to_try_goes_out_and_what_failed_is_listed(olga, olga_browser, settings):
    settings.MAIL = {"backend": "django.core.mail.backends.locmem.EmailBackend"}
    settings.MAIL_FROM = "desk@gnomon.example"
    sending._away.clear()
    actions.change(olga, by=SYSTEM, email="olga@house.example")
    olga_browser.post(f"{PAGE}/try")
    work()
    assert [message.subject for message in mail.outbox] == ["A message to try the channels"]
    assert "Everything arrived" in olga_browser.get(PAGE).content.decode()
    Sending.objects.update(state="failed", error="550 No such user")
    assert "550 No such user" in olga_browser.get(PAGE).content.decode()


def test_it_is_for_administrators(bob_browser, carol_browser, eve_browser, dave_browser):
    for browser in (bob_browser, carol_browser, eve_browser, dave_browser):
        assert browser.get(PAGE).status_code == 404
        assert browser.post(f"{PAGE}/try").status_code == 404
