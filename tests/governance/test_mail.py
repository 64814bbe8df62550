"""Mail over a real connection: taken, refused, and servers that hang before or after they have the message."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.policy import default

import pytest

from gnomon.governance.channels import Outgoing, Unsure
from gnomon.governance.mail import composed, send_mail
from gnomon.jobs.refusals import GiveUp
from gnomon.organization.models import Person
from gnomon.project.settings import mail


class Server(socketserver.ThreadingTCPServer):
    """A mail server that behaves as told, and keeps what it was given."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, behaves: str) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.behaves, self.taken = behaves, []
        self.over = threading.Event()


class Conversation(socketserver.StreamRequestHandler):
    server: Server

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        if self.server.behaves == "hangs":
            self.server.over.wait(10)
            return
        self.say("220 ready")
        for line in self.rfile:
            word = line.decode().strip().upper()
            if word.startswith("RCPT") and self.server.behaves in ("550", "451"):
                self.say(f"{self.server.behaves} no")
            elif word == "DATA":
                self.say("354 go on")
                self.server.taken.append(b"".join(iter(self.rfile.readline, b".\r\n")).decode())
                if self.server.behaves == "silent":
                    self.server.over.wait(10)
                    return
                self.say("250 taken")
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")


@pytest.fixture
def server(settings, request) -> Iterator[Server]:
    with Server(request.param) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        url = f"smtp://127.0.0.1:{running.server_address[1]}?tls=0"
        settings.MAIL = {**mail(url, "desk@gnomon.example"), "timeout": 0.5}
        settings.MAIL_FROM = "Desk <desk@gnomon.example>"
        yield running
        running.over.set()
        running.shutdown()


def a_mail() -> Outgoing:
    return Outgoing(
        Person(title="Nina"), "nina@customer.example", key="INC-1.7", title="看这里", subject="[INC-1] 打印机"
    )


@pytest.mark.parametrize("server", ["taken"], indirect=True)
def test_a_mail_is_taken_with_its_headers(server):
    send_mail(a_mail())
    (taken,) = server.taken
    assert "Message-ID: <INC-1.7@gnomon.example>" in taken
    assert "Auto-Submitted: auto-generated" in taken


@pytest.mark.parametrize(
    ("server", "means"), [("550", GiveUp), ("451", ConnectionError), ("silent", Unsure)], indirect=["server"]
)
def test_what_the_server_does_decides_whether_it_is_sent_again(server, means):
    with pytest.raises(means):
        send_mail(a_mail())


@pytest.mark.parametrize("server", ["hangs"], indirect=True)
def test_a_server_that_hangs_before_it_has_the_message_is_certain_not_to_have_it(server):
    with pytest.raises(OSError, match="timed out") as hung:
        send_mail(a_mail())
    assert not isinstance(hung.value, Unsure)
    assert server.taken == []


HOSTILE = {
    "markup": ("<script>alert(1)</script><img src=x onerror=alert(2)>", "<script>alert(1)</script>"),
    "header injection": ("Mail\r\nBcc: eve@bad.example\r\n\r\n<b>", "Mail Bcc: eve@bad.example <b>"),
    "bare line feed": ("Mail\nSubject: otherwise", "Mail Subject: otherwise"),
    "other line ends": ("Mail\x0b\x0c\x85\u2028\u2029Bcc: eve@bad.example", "Bcc: eve@bad.example"),
    "order turned about": ("invoice\u202efdp.exe\u202c \u2066x\u2069", "invoicefdp.exe x"),
    "terminal": ("\x1b]0;owned\x07\x00Mail\x7f", "]0;ownedMail"),
    "encoded word": ("=?utf-8?q?=0D=0ABcc:_eve?=", "Bcc:_eve"),
    "boundary": ("--===============\nContent-Type: text/html\n\n<b>", "Content-Type: text/html"),
    "dot of SMTP": ("over\r\n.\r\nMAIL FROM:<eve@bad.example>", "MAIL FROM"),
    "ten megabytes": ("An hour of log lines. " * 480_000, "An hour of log lines."),
    "one endless line": ("字" * 3_500_000, "字字字"),
}


@pytest.mark.parametrize("sort", HOSTILE)
def test_whatever_people_typed_a_mail_is_one_plain_text_with_our_own_headers(settings, sort):
    settings.MAIL_FROM = "Desk <desk@gnomon.example>"
    words, seen = HOSTILE[sort]
    plain = composed(a_mail()).message()
    hostile = replace(a_mail(), title=words, text=words, subject=words, lines=[(words, "https://desk.example/1")],
                      links=[(words, "https://desk.example/2")], person=Person(title=words))  # fmt: skip
    sent = composed(hostile).message().as_bytes()
    read = message_from_bytes(sent, policy=default)
    assert read.keys() == plain.keys(), "no header came along"
    assert (read.get_content_type(), read.is_multipart(), read.get_all("To")) == (
        "text/plain",
        False,
        [a_mail().address],
    )
    subject = str(read["Subject"])
    assert len(subject.splitlines()) == 1
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", subject)
    said = read.get_content()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", said)
    assert seen in said
    assert all(len(line) <= 998 for line in sent.splitlines())
    assert said.count("https://desk.example/") == 2
    assert len(sent) < 300_000


def test_a_long_text_is_cut_and_says_so():
    said = composed(replace(a_mail(), text="x" * 20_001)).body
    assert "x" * 20_000 + " …\n\nThe text goes on there; this is its beginning." in said
    assert "goes on there" not in composed(replace(a_mail(), text="x" * 20_000)).body


def test_settings_are_read_from_one_address():
    secure = mail("smtps://me:p%40ss@mail.example", "desk@gnomon.example")
    assert (secure["host"], secure["port"], secure["use_ssl"], secure["use_tls"]) == ("mail.example", 465, True, False)
    assert (secure["username"], secure["password"], secure["timeout"]) == ("me", "p@ss", 10)
    assert mail("smtp://mail.example", "desk@gnomon.example")["use_tls"] is True
    assert mail("", "") == {}
    with pytest.raises(ValueError, match="smtp://"):
        mail("http://mail.example", "desk@gnomon.example")
    with pytest.raises(ValueError, match="GNOMON_MAIL_FROM"):
        mail("smtp://mail.example", "desk")
