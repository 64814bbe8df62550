"""Webhooks out: who is sent what, signed how, and what becomes of receivers that fail."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.utils import timezone
from tests.integrations.receiver import Receiver, receiving
from tests.makers import a_person
from tests.resolution.makers import an_incident

from gnomon.governance.notices import latest
from gnomon.integrations.kinds import WEBHOOK_SUBSCRIPTION
from gnomon.integrations.models import WebhookDelivery, WebhookHealth, WebhookSecret
from gnomon.integrations.webhooks import delivering, queueing, sending
from gnomon.integrations.webhooks.addresses import address_of
from gnomon.integrations.webhooks.refusals import NotSent
from gnomon.integrations.webhooks.secrets import make_secret
from gnomon.jobs.models import QueuedJob
from gnomon.records import actions
from gnomon.records.models import LedgerEntry
from gnomon.records.refusals import InvalidFacts, NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def yuan(db):
    return a_person("Yuan Li", username="yuan", roles=["process_manager"])


@pytest.fixture
def receiver(settings, monkeypatch) -> Iterator[Receiver]:
    settings.WEBHOOKS_ALLOW = ["127.0.0.0/8"]
    with receiving() as one:
        yield one


def a_webhook(by, url="https://example.org/hook", active=True, **facts):
    made = actions.record(WEBHOOK_SUBSCRIPTION, by=by, title="Chat", url=url, **facts)
    made.secret = make_secret(made, by=by)
    return actions.move(made, "activate", by=by) if active else made


def due() -> list[int]:
    """The deliveries that the worker would take now, in order."""
    jobs = QueuedJob.objects.filter(name=queueing.DELIVER, run_after__lte=timezone.now()).order_by("pk")
    keys = [job.facts["delivery"] for job in jobs]
    jobs.delete()
    return keys


def work() -> None:
    for key in due():
        delivering.deliver(key)


def last() -> WebhookDelivery:
    return WebhookDelivery.objects.order_by("-pk")[0]


# --- what is sent ---------------------------------------------------------------------------------


def test_an_event_arrives_as_a_cloud_event_that_is_signed(yuan, bob, receiver):
    hook = a_webhook(yuan, receiver.url, events="incident:start")
    incident = an_incident("No mail")
    actions.move(incident, "start", by=bob, because="Mine")
    work()
    assert len(receiver.came) == 1  # recording was not asked for
    path, headers, body = receiver.came[0]
    entry = LedgerEntry.objects.get(verb="incident:start")
    event = json.loads(body)
    assert path == "/hook?of=us"
    assert headers["content-type"].startswith("application/cloudevents+json")
    assert event["specversion"] == "1.0"
    assert (event["id"], event["subject"]) == (str(entry.sequence), "INC-000001")
    assert event["type"] == "cn.gnomon.incident.start.v1"
    assert event["data"]["facts"]["status"] == ["new", "in_progress"]
    assert (event["data"]["because"], event["data"]["by"]) == ("Mine", bob.number)
    assert event["data"]["record"]["title"] == "No mail"
    # The signature by hand: HMAC-SHA256 over id.timestamp.body with the bytes of the secret.
    assert headers["webhook-id"] == f"{hook.number}-{entry.sequence}"
    key = base64.b64decode(hook.secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    assert headers["webhook-signature"] == "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    delivery = last()
    assert (delivery.state, delivery.status, delivery.attempts, delivery.snippet) == ("delivered", 200, 1, "ok")


def test_binary_mode_puts_the_envelope_into_headers(yuan, receiver):
    a_webhook(yuan, receiver.url, events="incident:*", mode="binary")
    an_incident()
    work()
    _path, headers, body = receiver.came[0]
    assert (headers["ce-specversion"], headers["ce-type"]) == ("1.0", "cn.gnomon.incident.recorded.v1")
    assert headers["content-type"] == "application/json"
    assert json.loads(body)["number"] == "INC-000001"


def test_without_a_subscriber_recording_asks_nothing_and_stores_nothing(django_assert_max_num_queries, yuan):
    an_incident()  # now it is known that nobody listens
    with django_assert_max_num_queries(60) as asked:
        an_incident()
    assert not [query for query in asked.captured_queries if "webhook" in query["sql"]]
    assert not WebhookDelivery.objects.exists()


def test_a_new_webhook_hears_of_the_next_entry_and_an_ended_one_of_none(yuan):
    an_incident()
    hook = a_webhook(yuan)
    an_incident()
    assert {d.about for d in WebhookDelivery.objects.all() if d.event.startswith("incident")} == {"INC-000002"}
    actions.move(hook, "end", by=yuan, because="Not needed")
    count = WebhookDelivery.objects.count()
    an_incident()
    assert WebhookDelivery.objects.count() == count


def test_what_is_taken_back_is_not_sent(yuan):
    a_webhook(yuan, events="incident:*")
    with transaction.atomic():
        an_incident()
        transaction.set_rollback(True)
    assert not WebhookDelivery.objects.exists()
    assert not due()


def test_only_what_the_owner_may_see_is_sent(yuan, olga, receiver):
    hook = a_webhook(yuan, receiver.url, events="incident:*")
    an_incident()
    yuan.refresh_from_db()
    actions.change(yuan, by=olga, roles=["requester"])
    work()
    assert receiver.came == []
    assert last().state == "withheld"
    assert hook.deliveries.count() == 1


def test_nobody_makes_a_webhook_that_sends_what_somebody_else_sees(yuan, alice, olga, bob):
    hook = a_webhook(yuan)
    assert hook.owner == yuan
    with pytest.raises(InvalidFacts, match="only an administrator"):
        actions.change(hook, by=yuan, owner=olga)
    with pytest.raises(NotAllowed):
        a_webhook(bob)
    actions.change(hook, by=olga, owner=alice)


def test_secrets_are_kept_from_ledger_and_database(yuan):
    hook = a_webhook(yuan)
    text = hook.secret.removeprefix("whsec_")
    assert not any(text in entry.facts for entry in LedgerEntry.objects.all())
    assert text not in WebhookSecret.objects.get().sealed


def test_after_rotating_both_secrets_sign_for_a_day(yuan, receiver, monkeypatch):
    hook = a_webhook(yuan, receiver.url, events="incident:*")
    new = make_secret(hook, by=yuan)
    assert new != hook.secret
    an_incident()
    work()
    assert len(receiver.came[0][1]["webhook-signature"].split()) == 2
    day_later = timezone.now() + timedelta(days=1, seconds=1)
    an_incident()
    keys = due()
    monkeypatch.setattr(timezone, "now", lambda: day_later)
    delivering.deliver(keys[0])
    assert len(receiver.came[1][1]["webhook-signature"].split()) == 1


# --- receivers that fail --------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 400, 404, 500, 503])
def test_a_refusal_is_kept_with_its_words_and_tried_again_later(yuan, receiver, status):
    receiver.status, receiver.body = status, b"<h1>No</h1>\x00\xff"
    receiver.headers = {"Location": f"{receiver.url}&again=1"}
    a_webhook(yuan, receiver.url, events="incident:*")
    an_incident()
    work()
    delivery = last()
    assert len(receiver.came) == 1  # no redirect is followed
    assert (delivery.state, delivery.status, delivery.attempts) == ("waiting", status, 1)
    assert str(status) in delivery.reason
    assert delivery.snippet == "<h1>No</h1>\ufffd"
    # Ten seconds after the first attempt.
    assert timedelta(seconds=9) < delivery.due_at - delivery.tried_at < timedelta(seconds=11)


def test_the_id_stays_through_retries_until_it_is_given_up_after_nine(yuan, receiver, monkeypatch):
    receiver.status = 500
    a_webhook(yuan, receiver.url, events="incident:*")
    an_incident()
    now = timezone.now()
    for _ in range(40):
        work()
        now += timedelta(hours=8)
        monkeypatch.setattr(timezone, "now", lambda now=now: now)
        if last().state == "dead":
            break
    assert (last().state, last().attempts, len(receiver.came)) == ("dead", 9, 9)
    assert len({headers["webhook-id"] for _path, headers, _body in receiver.came}) == 1
    assert not due()


@pytest.mark.parametrize("how", ["before", "drips"])
def test_a_receiver_that_hangs_holds_the_worker_up_once_and_briefly(yuan, receiver, monkeypatch, how):
    monkeypatch.setattr(sending, "READ_WITHIN", 0.2)
    monkeypatch.setattr(sending, "ALL_WITHIN", 0.4)
    receiver.hangs, receiver.body = how, b"." * 100_000
    a_webhook(yuan, receiver.url, events="incident:*")
    for n in range(5):
        an_incident(f"Case {n}")
    work()
    assert len(receiver.came) == 1  # the other four were not even tried
    first = WebhookDelivery.objects.order_by("pk")[0]
    assert (first.state, first.attempts) == ("waiting", 1)
    assert "did not" in first.reason
    assert WebhookDelivery.objects.filter(attempts=0, due_at__gt=timezone.now()).count() == 4


def test_nobody_there_is_said_to_be(yuan, settings):
    settings.WEBHOOKS_ALLOW = ["127.0.0.0/8"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    a_webhook(yuan, f"http://127.0.0.1:{port}/", events="incident:*")
    an_incident()
    work()
    assert "refused" in last().reason


def test_after_days_of_failure_it_is_disabled_and_its_owner_told(yuan, receiver, monkeypatch):
    receiver.status = 500
    hook = a_webhook(yuan, receiver.url, events="incident:*")
    an_incident()
    work()
    later = timezone.now() + timedelta(days=5, minutes=10)
    monkeypatch.setattr(timezone, "now", lambda: later)
    work()
    hook.refresh_from_db()
    assert hook.status == "disabled"
    assert any("was disabled" in str(one.message.titles) for one in latest(yuan))
    count = WebhookDelivery.objects.count()
    an_incident()
    assert WebhookDelivery.objects.count() == count  # nothing piles up for it


def test_gone_is_taken_at_its_word(yuan, receiver):
    receiver.status = 410
    hook = a_webhook(yuan, receiver.url, events="incident:*")
    an_incident()
    work()
    hook.refresh_from_db()
    assert (hook.status, last().state) == ("disabled", "dead")


def test_what_happens_while_it_is_paused_waits_and_is_sent_when_it_is_resumed(yuan, receiver):
    hook = a_webhook(yuan, receiver.url, events="incident:*")
    actions.move(hook, "pause", by=yuan)
    an_incident()
    work()
    assert (receiver.came, last().state) == ([], "waiting")
    actions.move(hook, "resume", by=yuan)
    work()
    assert (len(receiver.came), last().state) == (1, "delivered")


def test_a_success_forgets_the_failures(yuan, receiver):
    receiver.status = 500
    a_webhook(yuan, receiver.url, events="incident:*")
    an_incident()
    work()
    assert WebhookHealth.objects.get().failures == 1
    receiver.status = 204
    WebhookHealth.objects.update(rests_until=None)
    delivering.deliver(last().pk)
    assert not WebhookHealth.objects.exists()


# --- sending again --------------------------------------------------------------------------------


def test_what_was_given_up_is_sent_again_under_its_id(yuan, receiver):
    hook = a_webhook(yuan, receiver.url, events="incident:*")
    an_incident()
    WebhookDelivery.objects.update(state="dead", attempts=9)
    due()
    assert queueing.replay(hook, [last().pk, 999_999], by=yuan) == 1
    work()
    assert (last().state, last().attempts) == ("delivered", 1)


def test_all_since_a_moment_is_sent_again_from_the_ledger_each_once(yuan, receiver):
    an_incident("Before")
    since = timezone.now() - timedelta(seconds=1)
    hook = a_webhook(yuan, receiver.url, events="incident:recorded")
    an_incident("After")
    work()
    assert queueing.replay_since(hook, since, by=yuan) == 2
    work()
    ids = [headers["webhook-id"] for _path, headers, _body in receiver.came]
    assert (len(ids), len(set(ids))) == (3, 2)
    assert queueing.replay_since(hook, timezone.now() + timedelta(minutes=1), by=yuan) == 0
    with pytest.raises(NotAllowed):
        queueing.replay_since(hook, since, by=a_person("Zoe", roles=["agent"]))


def test_a_test_is_tried_once_whether_or_not_it_is_active(yuan, receiver):
    hook = a_webhook(yuan, receiver.url, active=False)
    queueing.send_test(hook, by=yuan)
    work()
    assert json.loads(receiver.came[0][2])["type"] == "cn.gnomon.webhook_subscription.test.v1"
    receiver.status = 500
    queueing.send_test(hook, by=yuan)
    work()
    assert last().state == "dead"


def test_it_does_not_send_before_it_has_a_secret(yuan):
    made = actions.record(WEBHOOK_SUBSCRIPTION, by=yuan, title="Chat", url="https://example.org/")
    with pytest.raises(InvalidFacts, match="Make a secret first"):
        actions.move(made, "activate", by=yuan)
    with pytest.raises(InvalidFacts, match="Make a secret first"):
        queueing.send_test(made, by=yuan)


def test_old_deliveries_are_forgotten_and_dead_ones_later(yuan):
    hook = a_webhook(yuan, events="incident:*")
    for state, days in (("delivered", 31), ("delivered", 29), ("dead", 31), ("dead", 91), ("waiting", 200)):
        WebhookDelivery.objects.create(
            subscription=hook, event="x", about="x", state=state, made_at=timezone.now() - timedelta(days=days)
        )
    queueing.forget_deliveries()
    assert sorted(WebhookDelivery.objects.values_list("state", flat=True)) == ["dead", "delivered", "waiting"]


# --- where it may lead ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "10.1.2.3", "192.168.0.9", "172.16.0.1", "169.254.169.254", "0.0.0.0", "[::1]",
     "[fe80::1]", "[fd00::1]", "[::ffff:127.0.0.1]", "[2002:7f00:1::]", "224.0.0.1", "100.64.0.1", "2130706433",
     "0x7f.1"],
)  # fmt: skip
def test_addresses_inside_this_house_are_refused(host):
    with pytest.raises(NotSent, match=r"inside this network|not found"):
        address_of(urlsplit(f"https://{host}/"), 443, 2)


def test_a_name_that_leads_inside_among_other_places_is_refused(monkeypatch):
    both = [(2, 1, 6, "", ("93.184.215.14", 443)), (2, 1, 6, "", ("10.0.0.1", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: both)
    with pytest.raises(NotSent, match="10.0.0.1"):
        address_of(urlsplit("https://rebinding.example/"), 443, 2)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: both[:1])
    assert address_of(urlsplit("https://example.org/"), 443, 2) == "93.184.215.14"
    with pytest.raises(NotSent, match="Use https"):
        address_of(urlsplit("http://example.org/"), 80, 2)


@pytest.mark.parametrize(
    "url",
    ["ftp://example.org/", "example.org", "https://", "https://a b/", "https://bob:secret@example.org/",
     "https://example.org:99999/", "https://example.org/#x", "javascript:alert(1)", "https://exämple.org/",
     "https://[::1", "file:///etc/passwd"],
)  # fmt: skip
def test_an_address_that_is_none_is_refused_beside_its_field(yuan, url):
    with pytest.raises(InvalidFacts) as refused:
        a_webhook(yuan, url)
    assert list(refused.value.fields) == ["url"]


@pytest.mark.parametrize("events", ["", "ticket:*", "incident:Re solve", "incident:<x>", "\n".join(["*"] * 101)])
def test_events_that_are_none_are_refused_beside_their_field(yuan, events):
    with pytest.raises(InvalidFacts) as refused:
        a_webhook(yuan, events=events)
    assert list(refused.value.fields) == ["events"]


# --- pages and REST -------------------------------------------------------------------------------


def test_in_the_browser_from_secret_to_sending_again(yuan, sign_in, receiver):
    browser = sign_in(yuan)
    hook = a_webhook(yuan, receiver.url, active=False)
    here = hook.get_absolute_url()
    shown = browser.post(f"{here}/secret").content.decode()
    assert "whsec_" in shown
    assert "whsec_" not in browser.get(here).content.decode()
    hook.refresh_from_db()
    actions.move(hook, "activate", by=yuan)
    receiver.status, receiver.body = 500, b"<script>alert(1)</script>"
    browser.post(f"{here}/test")
    work()
    page = browser.get(here).content.decode()
    assert "given up" in page
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert browser.get(f"{here}/replay").status_code == 200
    assert browser.post(f"{here}/replay", {"since": "soon"}).status_code == 422
    assert browser.post(f"{here}/replay", {"since": "2026-01-05T09:00"}).status_code == 302
    assert browser.post(f"{here}/replay", {"dead": "all"}).status_code == 302


def test_whoever_may_not_know_of_webhooks_finds_none(yuan, bob_browser, carol_browser):
    here = a_webhook(yuan).get_absolute_url()
    for browser in (bob_browser, carol_browser):
        for path in (here, f"{here}/replay"):
            assert browser.get(path).status_code == 404
        for path in ("secret", "test", "replay"):
            assert browser.post(f"{here}/{path}").status_code == 404
