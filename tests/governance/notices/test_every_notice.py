"""Whatever the house sends can be worded otherwise, and stands on the timeline of its record (7.4)."""

from __future__ import annotations

import ast
import json
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives, send_mail, send_mass_mail
from django.test import Client
from django.utils import translation
from tests.each_kind import one_of
from tests.governance.notices.working import work
from tests.makers import a_person

import gnomon
from gnomon.governance import notices
from gnomon.governance.asides import told
from gnomon.governance.channels import Outgoing
from gnomon.governance.models import Message, NoticeText, Sending
from gnomon.governance.notices.gaps import Telling, gaps_of
from gnomon.governance.notices.telling import tell_so
from gnomon.governance.notices.wording import named_notices, own_texts, usual_wording
from gnomon.governance.notices.words import digest_outgoing
from gnomon.organization.actions import make_token
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.configuring.plan import apply_configuration
from gnomon.records.configuring.reading import read_configuration
from gnomon.records.configuring.writing import FORMAT, HEAD
from gnomon.records.kinds import find_record, kind_named
from gnomon.records.models import Record
from gnomon.standard.plugs import Notice

pytestmark = pytest.mark.clause("7.4")
SENDERS = ("tell", "Notice", "Message", "Outgoing", "send_mail", "send_mass_mail")
TYPED = ("title", "text")
SOURCE = Path(gnomon.__file__).parent
# Only these put words on their way; all else asks `tell`, which takes nothing but a declared notice.
POST_OFFICE = {
    "governance/notices/telling.py": Message,
    "governance/notices/words.py": Outgoing,
    "governance/mail.py": EmailMessage,
}


@cache
def calls() -> list[tuple[str, str, ast.Call]]:
    """Every call of a plain name in the program: the file, the name, the call."""
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if any(f"{name}(" in text for name in SENDERS):
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    found.append((path.relative_to(SOURCE).as_posix(), node.func.id, node))
    return found


def module_of(file: str):
    return import_module("gnomon." + file.removesuffix(".py").removesuffix("/__init__").replace("/", "."))


def test_nothing_is_sent_past_the_notices_that_are_declared():
    declared = set(named_notices().values())
    made, sent = 0, 0
    for file, name, call in calls():
        called = getattr(module_of(file), name, None)
        if called in (Message, Outgoing, EmailMessage, EmailMultiAlternatives, send_mail, send_mass_mail):
            assert POST_OFFICE.get(file) is called, f"{file} sends by itself; declare a Notice and `tell` it."
        elif called is Notice:
            made += 1
        elif called is notices.tell:
            names = [part.id for part in ast.walk(call.args[1]) if isinstance(part, ast.Name)]
            some = {one for one in (getattr(module_of(file), each, None) for each in names) if isinstance(one, Notice)}
            assert some, f"{file}:{call.lineno} tells of what no app declares."
            assert some <= declared, f"{file}:{call.lineno} tells of a notice that cannot be reworded."
            sent += len(some)
    assert made == len(declared), "Give each Notice a name of its own, at the top of <app>/notices.py."
    assert sent >= 12


def own(notice: Notice) -> dict[str, str]:
    gaps = " ".join(f"{{{gap}}}" for gap in gaps_of(notice))
    text = "So: {text}" if notice.has_words else "So"
    return {"title": f"Ours: {gaps}".strip(), "text": text, "title_zh": "我们", "text_zh": "好"}


def test_both_languages_have_usual_words_for_every_notice():
    for key, notice in named_notices().items():
        words = usual_wording(notice)
        assert words.titles["zh"] != words.titles["en"] or key == "customer_notice.published", key
        with translation.override("zh-hans"):
            assert all(title and title != gap for gap, title in gaps_of(notice).items()), key


@pytest.mark.django_db
def test_every_notice_is_worded_otherwise_on_its_page_by_rest_and_by_a_file(olga, olga_browser):
    _token, secret = make_token(olga, name="words", by=SYSTEM, scopes=["read", "write"])
    rest = Client(headers={"Authorization": f"Bearer {secret}"})
    listed = olga_browser.get("/governance/notices/").content.decode()
    rest_of_them = []
    for at, (key, notice) in enumerate(named_notices().items()):
        assert f"/governance/notices/{key}" in listed
        words = own(notice)
        if at % 3 == 0:
            typed = {f"{name}-{code}": words[name + end] for name in TYPED for code, end in (("en", ""), ("zh", "_zh"))}
            assert olga_browser.post(f"/governance/notices/{key}", typed).status_code == 302, key
        elif at % 3 == 1:
            body = json.dumps(words | {"notice": key})
            answer = rest.post("/api/v1/notice-texts", body, content_type="application/json")
            assert answer.status_code == 201, (key, answer.content)
        else:
            rest_of_them.append(words | {"notice": key})
    file = json.dumps({HEAD: FORMAT, "notice_text": rest_of_them})
    apply_configuration(read_configuration(file.encode(), "ours.yaml"), by=olga)
    for one in NoticeText.objects.all():
        words = own(named_notices()[one.notice])
        assert {name: getattr(one, name) for name in words} == words
    assert NoticeText.objects.count() == len(named_notices())


@pytest.mark.django_db
@pytest.mark.usefixtures("mail_on")
def test_all_that_goes_out_says_our_own_words_and_stands_on_the_timeline_of_its_record():
    """Each notice about a real record, to somebody who reads every kind, by mail."""
    reader = a_person("Uma Field", roles=["administrator", "agent", "sms_manager"], email="uma@example.org")
    for key, notice in named_notices().items():
        actions.record(kind_named("notice_text"), by=SYSTEM, notice=key, **own(notice))
    records: dict[str, Record] = {}
    for key, notice in named_notices().items():
        kind = "incident" if notice.kind == "*" else notice.kind
        about = (records.get(kind) or records.setdefault(kind, one_of(kind_named(kind)))) if kind else None
        facts = {name: f"a {name}" for name in notice.gaps}
        telling = Telling(notice, about, actor="Bob", words="Words", facts=facts)
        tell_so([reader.number], telling, own_texts([key])[key], cause=f"this/{key}", chosen=True)
    work()
    messages = {message.cause: message for message in Message.objects.filter(cause__startswith="this/")}
    assert len(messages) == len(named_notices())
    for message in messages.values():
        assert message.titles["en"].startswith("Ours:"), message.cause
        assert "{" not in message.titles["en"], message.cause
        assert message.titles["zh-hans"] == "我们"
    subjects = " ".join(sent.subject for sent in mail.outbox)
    for sending in Sending.objects.select_related("receipt__message"):
        message = sending.receipt.message
        if message.number:
            lines = [
                entry for entry in told(find_record(message.number), None, None) if str(message) in str(entry.title)
            ]
            assert lines, f"{message.cause} was sent, and its record does not tell."
    assert "Ours: INC-000001" in subjects
    digest = digest_outgoing([Sending.objects.select_related("receipt__message")[0]], reader, "", datetime.now(UTC))
    assert (digest.subject, digest.text) == ("Ours: 1", "So")
