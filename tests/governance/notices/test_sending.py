"""What goes out: once, threaded, at a time that suits, and with an end to every hanging server (7.4)."""

from __future__ import annotations

import smtplib
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from tests.governance.notices.working import tell, work
from tests.makers import a_person

from gnomon.governance.channels import MAIL, Unsure
from gnomon.governance.models import Sending
from gnomon.governance.notices import mark_read, sending
from gnomon.jobs.models import QueuedJob
from gnomon.jobs.refusals import GiveUp
from gnomon.records import actions
from gnomon.records.actors import SYSTEM

pytestmark = [pytest.mark.django_db, pytest.mark.clause("7.4"), pytest.mark.usefixtures("mail_on")]


def say(person, outage, cause="c", **more):
    tell([person.number], about=outage, what=more.pop("what", "progress"), title="Look", cause=cause, **more)


def states():
    return list(Sending.objects.order_by("pk").values_list("state", flat=True))


def later(**by):
    return datetime.now(UTC) + timedelta(**by)


def test_one_message_is_one_mail_however_often_the_jobs_run(outage, nina):
    say(nina, outage)
    work()
    QueuedJob.objects.update(state="waiting", attempts=0)
    work()
    assert [m.to for m in mail.outbox] == [["nina@customer.example"]]
    assert states() == ["sent"]


def test_a_mail_says_that_no_program_should_answer_it(outage, nina):
    say(nina, outage)
    work()
    headers = mail.outbox[0].message()
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Precedence"] == "bulk"
    assert headers["X-Auto-Response-Suppress"] == "All"
    assert headers["List-Id"] == "Gnomon <notices.gnomon.example>"
    assert headers["Subject"] == "[INC-000001] No mail"


def test_all_mail_about_a_record_is_one_thread(outage, nina):
    say(nina, outage, "first")
    work()
    say(nina, outage, "second")
    work()
    first, second = (m.message() for m in mail.outbox)
    root = "<INC-000001.gnomon@gnomon.example>"
    assert first["In-Reply-To"] == first["References"] == root
    assert second["In-Reply-To"] == first["Message-ID"]
    assert second["References"] == f"{root} {first['Message-ID']}"
    assert first["Message-ID"] != second["Message-ID"]


def test_a_title_with_lines_cannot_add_headers(outage, nina):
    actions.change(outage, by=SYSTEM, title="No mail\r\nBcc: eve@elsewhere.example")
    say(nina, outage)
    work()
    assert mail.outbox[0].message()["Bcc"] is None
    assert mail.outbox[0].recipients() == ["nina@customer.example"]


def test_a_mail_is_in_the_language_of_its_reader(outage, nina):
    actions.change(nina, by=SYSTEM, language="zh-hans")
    say(nina, outage)
    work()
    assert "回复不会被阅读" in mail.outbox[0].body


def test_without_a_mail_server_nothing_waits_and_nothing_is_lost_here(outage, nina, settings):
    settings.MAIL = {}
    say(nina, outage)
    work()
    assert (mail.outbox, states()) == ([], [])
    assert "No mail server is set" in MAIL.off()


def test_whoever_has_no_address_is_told_here_alone(outage, carol, bob):
    say(bob, outage, what="mention")
    work()
    assert (mail.outbox, states()) == ([], [])


# What a process that ends leaves behind


def test_a_message_that_may_have_gone_before_a_kill_is_not_sent_again(outage, nina):
    say(nina, outage)
    begun_but_not_marked()
    work()
    assert (mail.outbox, states()) == ([], ["unsure"])


def test_an_urgent_one_is_sent_once_more_under_the_same_id(outage, nina):
    say(nina, outage, urgent=True)
    begun = begun_but_not_marked()
    work()
    work()
    assert len(mail.outbox) == 1
    assert mail.outbox[0].message()["Message-ID"].startswith(f"<INC-000001.{begun.pk}.")
    assert states() == ["sent"]


def begun_but_not_marked():
    """As a kill leaves it between the mail server's answer and our mark."""
    from gnomon.governance.models import Message
    from gnomon.governance.notices.planning import plan_sendings

    plan_sendings(Message.objects.get().pk)
    Sending.objects.update(state="begun", begun_at=datetime.now(UTC) - timedelta(minutes=1))
    return Sending.objects.get()


def test_what_another_worker_is_sending_at_this_moment_is_left_to_it(outage, nina):
    say(nina, outage, urgent=True)
    begun_but_not_marked()
    Sending.objects.update(begun_at=datetime.now(UTC))
    work()
    assert (mail.outbox, states()) == ([], ["begun"])


def test_what_should_have_gone_is_asked_for_again(outage, nina):
    from gnomon.governance.models import Message
    from gnomon.governance.notices.planning import plan_sendings

    say(nina, outage)
    plan_sendings(Message.objects.get().pk)
    QueuedJob.objects.all().delete()
    Sending.objects.update(due_at=datetime.now(UTC) - timedelta(hours=2))
    assert sending.sweep() == 1
    work()
    assert states() == ["sent"]
    assert sending.sweep() == 0


# Servers that refuse, fall silent or hang


def answering(monkeypatch, *answers):
    """A server that meets each mail with the next of these; None takes it."""
    todo, seen = list(answers), []

    def send_messages(_self, messages):
        seen.extend(messages)
        answer = todo.pop(0) if todo else None
        if answer is not None:
            raise answer
        return len(messages)

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", send_messages)
    return seen


def test_a_refusal_for_now_is_tried_again_and_then_sent_once(monkeypatch, outage, nina):
    seen = answering(monkeypatch, smtplib.SMTPDataError(451, b"Try later"))
    say(nina, outage)
    work()
    assert states() == ["waiting"]
    assert "451" in Sending.objects.get().error
    sending._away.clear()
    work(later(hours=1))
    assert (states(), len(seen)) == (["sent"], 2)
    assert seen[0].message()["Message-ID"] == seen[1].message()["Message-ID"]


def test_a_refusal_for_good_fails_at_once_and_is_seen(monkeypatch, outage, nina):
    answering(monkeypatch, smtplib.SMTPRecipientsRefused({"nina@customer.example": (550, b"No such user")}))
    say(nina, outage)
    work()
    assert states() == ["failed"]
    assert QueuedJob.objects.get(name="governance:send").state == "dead"


def test_silence_after_the_message_was_handed_over_is_not_answered_by_a_second_one(monkeypatch, outage, nina):
    seen = answering(monkeypatch, TimeoutError("timed out"))
    say(nina, outage)
    work()
    sending._away.clear()
    work(later(hours=3))
    assert (states(), len(seen)) == (["unsure"], 1)


def test_a_server_that_hangs_holds_the_worker_up_once_a_minute(monkeypatch, outage, nina):
    opened = []

    def hang(_self):
        opened.append(1)
        raise TimeoutError("no answer within 10 seconds")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.open", hang)
    for n in range(5):
        say(nina, outage, f"c{n}")
    work()
    assert (len(opened), states()) == (1, ["waiting"] * 5)


def test_after_the_last_attempt_it_has_failed(monkeypatch, outage, nina):
    say(nina, outage)
    answering(monkeypatch, *[ConnectionRefusedError("refused")] * 20)
    for hours in range(1, 12):
        sending._away.clear()
        work(later(days=hours))
    assert states() == ["failed"]
    assert Sending.objects.get().attempts == sending.ATTEMPTS


def test_what_a_channel_says_is_told_apart():
    assert not issubclass(Unsure, GiveUp)
    assert not issubclass(GiveUp, Unsure)


# When it suits


@pytest.fixture
def office_hours():
    from gnomon.organization.kinds import WORK_CALENDAR

    day = [["09:00", "18:00"]]
    week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), day) | {"sat": [], "sun": []}
    return actions.record(WORK_CALENDAR, by=SYSTEM, title="Office", hours={"time_zone": "Asia/Shanghai", "week": week})


def test_what_comes_at_night_waits_for_the_morning_of_the_reader(outage, nina, office_hours):
    from gnomon.governance.models import NoticePreference
    from gnomon.governance.notices.preferences import due

    nina.time_zone = "Europe/London"
    quiet = NoticePreference(person=nina.number, working_hours=office_hours)
    # Friday 2026-01-09 20:30 in London is outside of 09:00–18:00; Monday the 12th opens at 09:00 GMT.
    friday = datetime(2026, 1, 9, 20, 30, tzinfo=UTC)
    held = due(quiet, nina, "at_once", friday, urgent=False)
    assert (held.at, held.held) == (datetime(2026, 1, 12, 9, 0, tzinfo=UTC), "quiet")
    # In summer London is an hour ahead of UTC: Monday 2026-07-06 opens at 08:00 UTC.
    saturday = datetime(2026, 7, 4, 12, 0, tzinfo=UTC)
    assert due(quiet, nina, "at_once", saturday, urgent=False).at == datetime(2026, 7, 6, 8, 0, tzinfo=UTC)
    assert due(quiet, nina, "at_once", friday, urgent=True).at == friday
    noon = datetime(2026, 1, 9, 12, 0, tzinfo=UTC)
    assert (due(quiet, nina, "at_once", noon, urgent=False).at, due(quiet, nina, "at_once", noon, urgent=False).held) == (
        noon, "",
    )  # fmt: skip


def test_a_digest_comes_at_its_hour_on_the_readers_clock(nina):
    from gnomon.governance.models import NoticePreference
    from gnomon.governance.notices.preferences import due

    nina.time_zone = "Asia/Shanghai"
    preference = NoticePreference(person=nina.number, digest_hour=9)
    # 08:30 in Shanghai is 00:30 UTC: the digest is half an hour away; at 09:00 sharp it is a day away.
    assert due(preference, nina, "digest", datetime(2026, 1, 5, 0, 30, tzinfo=UTC), urgent=False).at == datetime(
        2026, 1, 5, 1, 0, tzinfo=UTC
    )
    assert due(preference, nina, "digest", datetime(2026, 1, 5, 1, 0, tzinfo=UTC), urgent=False).at == datetime(
        2026, 1, 6, 1, 0, tzinfo=UTC
    )


def chosen(person, **topics):
    from gnomon.governance.notices.preferences import choose

    choices = {topic: {"mail": mode} for topic, mode in topics.items()}
    choose(person, choices=choices, working_hours=None, digest_hour=9)


def test_a_digest_is_one_mail_with_all_that_was_not_read_meanwhile(outage, nina):
    chosen(nina, progress="digest")
    for n in range(4):
        say(nina, outage, f"c{n}")
    work()
    assert (mail.outbox, states()) == ([], ["waiting"] * 4)
    mark_read(nina, [Sending.objects.order_by("pk")[1].receipt_id])
    work(later(days=2))
    (digest,) = mail.outbox
    assert digest.subject == "Messages that wait for you: 3"
    assert digest.body.count("https://desk.gnomon.example/resolution/incidents/INC-000001") == 3
    assert states() == ["sent", "spared", "sent", "sent"]
    work(later(days=3))
    assert len(mail.outbox) == 1


def test_what_is_wanted_only_here_is_not_sent_unless_it_is_urgent(outage, nina):
    chosen(nina, progress="never")
    say(nina, outage)
    work()
    assert mail.outbox == []
    say(nina, outage, "fire", urgent=True)
    work()
    assert len(mail.outbox) == 1


def test_whoever_left_before_it_was_sent_gets_nothing(outage):
    gone = a_person("Gil Roe", username="gil", roles=["agent"], email="gil@house.example")
    chosen(gone, other="digest")
    say(gone, outage, what="other")
    work()
    actions.move(gone, "leave", by=SYSTEM, because="Left")
    work(later(days=2))
    assert (mail.outbox, states()) == ([], ["spared"])


def test_what_waited_for_the_night_is_not_sent_to_whom_it_concerns_no_longer(outage, nina, bob):
    chosen(nina, progress="digest")
    say(nina, outage)
    work()
    actions.change(outage, by=bob, requester=a_person("Another"))
    work(later(days=2))
    assert (mail.outbox, states()) == ([], ["spared"])
